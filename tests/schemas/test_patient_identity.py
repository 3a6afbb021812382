"""The second thing that a patient is known by, beside the name."""

import re

from schemas.patient_identity import in_words, known_by
from schemas.referral import Accepted
from tests.schemas.examples import draft, verdict


def test_a_patient_is_known_by_birth_and_number_as_far_as_they_are_known() -> None:
    """The date of birth first: two of one name may share a telephone, hardly a birthday too."""
    judged = verdict(draft())
    assert isinstance(judged, Accepted)
    assert re.fullmatch(r"tel\. \(\d{3}\) \d{3}-\d{4}", known_by(judged.referral, "US"))
    assert in_words("Jul 4, 1958", "(212) 555-0142") == "born Jul 4, 1958; tel. (212) 555-0142"
    assert in_words("", "") == ""
