"""Whether two referrals may be of one patient."""

from datetime import date

import pytest

from schemas.same_person import PatientFacts, why_same

BORN, OTHER = date(1958, 7, 4), date(1958, 7, 5)
PHONE, NEW_PHONE = "+12125550142", "+12125550143"


def facts(name: str, phone: str = PHONE, born: date | None = None) -> PatientFacts:
    return PatientFacts(name=name, phone=phone, birth_date=born)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (facts("Ada Quill"), facts("Ada Quil"), "the same telephone, and a like name"),
        (facts("Ada Quill"), facts("Quill, Ada"), "the same telephone, and a like name"),
        (facts("Ada Quill", born=BORN), facts("Ada Quil", NEW_PHONE, BORN), "the same date of birth, and a like name"),
        (facts("Ada Quill", born=BORN), facts("Ada Brandt", born=BORN), "the same date of birth and telephone"),
        (facts("Ana Núñez"), facts("Ana Nunez", NEW_PHONE), "the same name"),
        (facts("Ada Quill"), facts("Ben Quill"), None),  # a family's telephone
        (facts("Ada Quill", born=BORN), facts("Ada Quill", born=OTHER), None),  # a mother and her daughter
        (facts("Ada Quill"), facts("Ada Quil", NEW_PHONE), None),
        (facts("Ada Quill", born=BORN), facts("Ben Ferro", NEW_PHONE, BORN), None),
    ],
)
def test_two_referrals_may_be_one_patients_when_two_things_agree_and_no_birth_date_differs(
    one: PatientFacts, other: PatientFacts, why: str | None
) -> None:
    """A changed telephone, a misread letter, a married name are seen; families and namesakes are told apart."""
    assert why_same(one, other) == why_same(other, one) == why
