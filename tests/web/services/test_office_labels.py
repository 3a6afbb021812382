"""Two offices of one name are told apart where somebody picks one."""

from schemas.office import Office
from web.services.office_labels import told_apart


def office(short: str, name: str = "Northside", **known: str) -> Office:
    return Office.model_validate({"id": short, "name": name, **known})


def test_offices_of_one_name_are_told_apart_by_address_or_short_name() -> None:
    """Two identical lines in a list are one coin tossed for a patient's letter."""
    known = [
        office("aa", address="88 North Street"),
        office("bb", name="NORTHSIDE", address="4 River Road"),
        office("cc", name="Riverside", address="1 Elm Street"),
        office("dd", phone="(212) 555-0101"),
        office("ee"),
        office("ff"),
        office("gg", name="Elm", address="2 Elm Street"),
        office("hh", name="Elm", address="2 Elm Street"),
    ]
    assert [label for _, label in told_apart(known)] == [
        "Northside, 88 North Street",
        "NORTHSIDE, 4 River Road",
        "Riverside",
        "Northside, (212) 555-0101",
        "Northside (ee)",
        "Northside (ff)",
        "Elm, 2 Elm Street (gg)",
        "Elm, 2 Elm Street (hh)",
    ]
    assert told_apart([]) == []
