"""Offices' programs word their labels each in its own way; one person's name, birth date and telephone come out."""

from datetime import date

import pytest

from ocr.patient_label.wording import said_by, said_by_barcode

TODAY = date(2026, 11, 23)
NAME, BORN, PHONE = "patient_name", "birth_date", "patient_phone"


def certain(*lines: str) -> dict[str, str]:
    """What the lines say beyond doubt."""
    return {name: said[0].value for name, said in said_by(lines, TODAY, "US").items() if said[0].certain}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ("DOE, JANE Q", "DOB: 03/04/1961  Sex: F", "MRN: 00482135", "Ph: (212) 555-0142", "PROV: SMITH, ALAN MD"),
            {NAME: "Jane Q Doe", BORN: "1961-03-04", PHONE: "+12125550142"},
        ),
        (
            ("Jane Doe", "14 Invented Ave Apt 3", "Springfield, IL 62704", "D.O.B. 3/4/61  F", "H: 212-555-0142"),
            {NAME: "Jane Doe", BORN: "1961-03-04", PHONE: "+12125550142"},
        ),
        (
            ("Name: O'Rourke, Jane", "Birth date: 1961-03-04", "Ordering: Lena Delgado, MD", "Tel: 212.555.0142"),
            {NAME: "Jane O'Rourke", BORN: "1961-03-04", PHONE: "+12125550142"},
        ),
        (("JANE M. NG", "04-MAR-1961  65 Y F", "Attending: Dr. Hall"), {NAME: "Jane M. Ng", BORN: "1961-03-04"}),
        (("Pt: van der Berg, Jane", "DOB Mar 4, 1961"), {NAME: "Jane van der Berg", BORN: "1961-03-04"}),
        (("DOE JR, JOHN", "DOB 3/4/1961 Male"), {NAME: "John Doe Jr", BORN: "1961-03-04"}),
        (("Paciente", "Doe, Jane", "Nacimiento: 03/04/1961"), {NAME: "Jane Doe", BORN: "1961-03-04"}),
        (
            ("JANE DOE  DOB 03/04/1961  F", "(212) 555-0142"),
            {NAME: "Jane Doe", BORN: "1961-03-04", PHONE: "+12125550142"},
        ),
    ],
)
def test_common_wordings_say_who_the_patient_is(lines: tuple[str, ...], said: dict[str, str]) -> None:
    """Surname first or last, in capitals or not, dates in the US and the ISO order: what offices print."""
    assert certain(*lines) == said


@pytest.mark.parametrize(
    "line",
    ["Ordering: Lena Delgado", "PROV: DELGADO, LENA", "Dr. Lena Delgado", "Lena Delgado, MD", "PCP Lena Delgado DO",
     "Guarantor: Doe, John", "Emergency contact: John Doe", "Anytown Orthopedics", "SPRINGFIELD, IL",
     "Medicare Part B"],
)  # fmt: skip
def test_nobody_else_on_a_label_is_taken_for_the_patient(line: str) -> None:
    """An ordering doctor's name in the patient's place would go to the wrong person's chart."""
    assert NAME not in said_by((line, "DOB 3/4/1961"), TODAY, "US")
    assert certain("Doe, Jane", "DOB 3/4/1961", line)[NAME] == "Jane Doe"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("Jane Doe", "Cedar Falls"), NAME),  # a person and a place, or two persons
        (("Doe. Jane",), NAME),  # a comma that a fax has spoiled: whose is the given name?
        (("DOE, JANE F",), NAME),  # an initial or the sex
        (("DOB: 3/4/1961", "Delgado, Lena"), NAME),  # below the patient's own lines others stand
        (("Ordering provider:", "Delgado, Lena"), NAME),
        (("Doe, Jane", "03/04/1961"), BORN),  # of the birth, or of a visit
        (("Doe, Jane", "DOB 3/4/1961 DOB 3/4/1962"), BORN),
        (("Home: (212) 555-0142  Cell: (212) 555-0143",), PHONE),
        (("Anytown Clinic (212) 555-0142",), PHONE),
        (("Fax: (212) 555-0142",), PHONE),
    ],
)
def test_what_may_be_something_else_is_not_certain(lines: tuple[str, ...], name: str) -> None:
    """A person who has the label before them chooses; nobody guesses."""
    assert name not in certain(*lines)


def test_a_barcode_says_who_it_is_only_with_name_and_birth_date() -> None:
    """Most hold a chart number alone, which is nothing that the design has a field for."""
    both = said_by_barcode("DOE^JANE^Q|19610304|F|482135", TODAY)
    assert {name: said[0].value for name, said in both.items()} == {NAME: "Jane Q Doe", BORN: "1961-03-04"}
    assert [said_by_barcode(text, TODAY) for text in ("00482135", "DOE^JANE^Q", "19610304")] == [{}, {}, {}]
