"""What is entered of an office or a provider can be used: called, faxed, mailed."""

import pytest

from schemas.errors import UsageError
from schemas.office import Office, Provider, check_entry, office_key

OFFICE = {"id": "riverside", "name": "Riverside Spine"}


@pytest.mark.parametrize(
    "entered",
    [
        {},
        {"phone": "(212) 555-0101", "fax": "212-555-0102", "email": "desk@riverside.example"},
        {"phone": "(212) 555-0101 ext. 4021", "fax": "+1 347 555 0188"},
        {"address": "4 River Road, Anytown, NY"},
        {"address": "4 River Road, Anytown, NY 10001"},
        {"address": "4 River Road, Anytown, NY 10001-0123"},
        {"address": "P.O. Box 12"},
        {"phone": "", "address": ""},
    ],
)
def test_what_letters_and_calls_can_use_passes(entered: dict[str, str]) -> None:
    """Also with an extension, from abroad, or half known."""
    check_entry(Office, {**OFFICE, **entered}, "US", entered)


def test_all_that_cannot_be_used_is_said_at_once_and_never_repeated() -> None:
    """An office's phone was saved as "12", and a fax to such a number never arrives."""
    wrong = {
        "name": "x",
        "phone": "12",
        "fax": "555-0101",
        "email": "nobody",
        "address": "4 River Road, Anytown, NY 1234",
    }
    with pytest.raises(UsageError) as told:
        check_entry(Office, {**OFFICE, **wrong}, "US", wrong)
    number = (
        "write a telephone number that is valid in US (+1) with its area code, or one of another country after its +"
    )
    assert str(told.value) == (
        "This does not fit: name: write at least 2 characters; email: write one email address, such as "
        f"desk@lakeside.example; phone: {number}; fax: {number}; "
        "address: write a ZIP code of 5 digits, or of 5 and 4, as in 60622-1234."
    )


def test_a_number_that_is_on_record_already_holds_up_no_other_change() -> None:
    """It was entered before numbers were checked; whoever corrects the name need not know the right one."""
    check_entry(Office, {**OFFICE, "phone": "12"}, "US", {"name"})
    provider = {"id": 1, "name": "N. Rosenthal, MD", "fax": "12"}
    check_entry(Provider, provider, "US", {"name"})
    with pytest.raises(UsageError, match="fax: write a telephone number"):
        check_entry(Provider, provider, "US", {"fax"})


def test_an_address_abroad_is_written_as_it_is_there() -> None:
    """Four digits behind two letters are a postcode in other countries."""
    check_entry(Office, {**OFFICE, "address": "4 River Road, Anytown, NT 0800"}, "AU", {"address"})


@pytest.mark.parametrize("way", ["fax", "email"])
def test_letters_go_only_by_a_way_that_leads_somewhere(way: str) -> None:
    """A fax without a number was shown as "print (fax)", and the machine stood before somebody with nothing to dial."""
    chosen = {**OFFICE, "prefers": way}
    with pytest.raises(UsageError, match=f"{way}: enter the (number|address), or choose another way for letters"):
        check_entry(Office, chosen, "US", {"prefers"})
    with pytest.raises(UsageError, match=f"{way}: enter"):
        check_entry(Office, {**chosen, way: {"fax": "", "email": None}[way]}, "US", {way})
    check_entry(Office, {**chosen, "fax": "(212) 555-0102", "email": "desk@riverside.example"}, "US", {"prefers"})
    check_entry(Office, chosen, "US", {"name"})  # as it is on record already, it holds up no other change
    provider = {"id": 1, "name": "N. Rosenthal, MD", "office_id": "riverside", "prefers": way}
    theirs = Office.model_validate({**OFFICE, "fax": "(212) 555-0102", "email": "desk@riverside.example"})
    check_entry(Provider, provider, "US", {"prefers"}, theirs)
    with pytest.raises(UsageError, match=f"{way}: enter"):
        check_entry(Provider, provider, "US", {"office_id"}, Office.model_validate(OFFICE))


@pytest.mark.parametrize(
    "spelled",
    [
        "riverside spine",
        " Riverside  Spine",
        "River-Side Spine.",
        "RIVERSIDE SPINE, LLC",
        "Rivers\u00efde Spine",
        "River Side Spine P.C.",
    ],
)
def test_one_name_of_an_office_has_many_spellings(spelled: str) -> None:
    """Entered twice, an office gets half of its letters and counts half of its referrals."""
    assert office_key(spelled) == office_key("Riverside Spine")


@pytest.mark.parametrize("other", ["Riverside Sport", "Riverside Spine North", "Riverside Spine 2", "Spine Riverside"])
def test_another_name_is_another_office(other: str) -> None:
    """Whoever is asked too often says yes without reading."""
    assert office_key(other) != office_key("Riverside Spine")
    assert office_key("Fenn & Moss") == office_key("Fenn and Moss") != office_key("Fenn Moss")
