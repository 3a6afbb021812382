"""How letters address people whose names stand on slips in any way that offices write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.names.salutation import name_parts, salutation, with_credentials, without_credentials


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("S. Kowalczyk, DC", "Dr. Kowalczyk"),
        ("S. Kowalczyk DC", "Dr. Kowalczyk"),
        ("Dr. S. Kowalczyk", "Dr. Kowalczyk"),
        ("dr Kowalczyk", "Dr. Kowalczyk"),
        ("Kowalczyk, DC", "Dr. Kowalczyk"),
        ("Kowalczyk, S., DC", "Dr. Kowalczyk"),
        ("Dr Maria de la Cruz MD", "Dr. de la Cruz"),
        ("DE LA CRUZ, MARIA, M.D.", "Dr. DE LA CRUZ"),
        ("de la Cruz, MD", "Dr. de la Cruz"),
        ("Anna van der Berg, Ph.D.", "Dr. van der Berg"),
        ("T. St. Clair, D.O.", "Dr. St. Clair"),
        ("Kim, Susan, DPT", "Dr. Kim"),
        ("Susan Kim DPT", "Dr. Kim"),
        ("Kim, Susan DPT", "Dr. Kim"),
        ("Maureen O'Neil-Hart, MD, FACS", "Dr. O'Neil-Hart"),
        ("John Smith Jr., MD", "Dr. Smith"),
        ("J. Q. Smith III MD", "Dr. Smith"),
        ("R. Fenn, MD, MPH, FAAOS", "Dr. Fenn"),
        ("R. Fenn MD PhD", "Dr. Fenn"),
        ("R. Fenn, DO, XYZQ", "Dr. Fenn"),
        ("Prof. R. Fenn, MD", "Professor Fenn"),
        ("Mr. Lee Roe, PA-C", "Mr. Roe"),
    ],
)
def test_a_doctor_is_greeted_by_title_and_surname(name: str, greeted: str) -> None:
    """As a US office does: no credentials, no initials."""
    assert salutation(name) == greeted


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Jane Roe PA-C", "Jane Roe"),
        ("Jane Roe, PA-C", "Jane Roe"),
        ("Roe, Jane, NP", "Jane Roe"),
        ("Roe, Jane", "Jane Roe"),
        ("Jane Roe, FNP-BC, APRN", "Jane Roe"),
        ("Jane Roe", "Jane Roe"),
        ("J. Roe RN", "J. Roe"),
        ("Pat Moss, office manager", "Pat Moss"),
        ("Minh Thi Do", "Minh Thi Do"),
        ("Yo-Yo Ma", "Yo-Yo Ma"),
        ("An Do", "An Do"),
        ("Referrals", "Referrals"),
        ("", "colleagues"),
        ("   ", "colleagues"),
    ],
)
def test_others_are_greeted_by_their_name(name: str, greeted: str) -> None:
    """Nobody is made a doctor, and no name is taken for a degree."""
    assert salutation(name) == greeted


@pytest.mark.parametrize("name", ["Drs. Kim and Roe", "A. Kim MD / B. Roe MD", "Kim & Roe"])
def test_several_people_are_greeted_as_they_are_written(name: str) -> None:
    """One of them would be left out."""
    assert salutation(name) == name


def test_a_surname_of_two_words_is_never_cut() -> None:
    """Where the middle word may belong to it, the whole name is right; half a surname is not."""
    assert salutation("Maria Garcia Lopez, MD") == "Dr. Maria Garcia Lopez"


@pytest.mark.parametrize(
    ("name", "before", "credentials"),
    [
        ("S. Kowalczyk, DC", "S. Kowalczyk", "DC"),
        ("Kim, Susan, DPT", "Kim, Susan", "DPT"),
        ("R. Fenn, MD, FACS", "R. Fenn", "MD, FACS"),
        ("R. Fenn MD PhD", "R. Fenn", "MD PhD"),
        ("Robin Fenn", "Robin Fenn", ""),
        ("Fenn", "Fenn", ""),
        ("", "", ""),
    ],
)
def test_credentials_are_taken_from_a_name_and_put_back(name: str, before: str, credentials: str) -> None:
    """The page of a provider has a field for each."""
    assert without_credentials(name) == (before, credentials)
    assert without_credentials(with_credentials(before, credentials)) == (before, credentials)


@given(st.text(max_size=40))
def test_whatever_is_written_somebody_is_greeted(name: str) -> None:
    """A slip is written by strangers: no letter fails on what they wrote, and none begins "Dear ,"."""
    assert salutation(name).strip() or not name.strip()
    assert name_parts(name).is_doctor in (True, False)
