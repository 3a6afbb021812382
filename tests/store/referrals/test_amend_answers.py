"""What only a pad asks is corrected like all else: judged by the kind of its field."""

from datetime import date

import pytest

from schemas.acceptance import Policy, assess
from schemas.referral import Accepted, Referral
from store.referrals.amend_answers import corrected_answers, written_answers
from tests.schemas.examples import RECEIVED_ON
from tests.schemas.judging.test_answers import SAID, slip, with_own

TODAY = date(2026, 3, 9)


@pytest.fixture
def record() -> Referral:
    judged = assess(slip(), with_own(), Policy(), RECEIVED_ON)
    assert isinstance(judged, Accepted)
    return judged.referral


def test_a_written_answer_is_corrected_and_the_others_stay(record: Referral) -> None:
    """People write as people do: a day month first, a code in small letters, nothing for what is not there."""
    typed = {"weeks": "8", "operated_on": "2/10/26", "code": "m17 12", "insurer": " "}
    answers, problems = corrected_answers(with_own(), record, typed, TODAY, "US")
    assert problems == {}
    changed = {"weeks": 8, "operated_on": "2026-02-10", "code": "M17.12", "insurer": None}
    assert answers == {**record.answers, **changed}
    assert [field.name for field in written_answers(with_own(), record)] == list(SAID)


def test_all_that_the_pad_does_not_allow_is_told(record: Referral) -> None:
    """A correction may not say what no slip could."""
    typed = {"weeks": "15", "npi": "1234567890", "code": "M17.12"}
    _, problems = corrected_answers(with_own(), record, typed, TODAY, "US")
    assert problems == {"weeks": "it is 15, above 12", "npi": "its check digit does not fit the others"}
    _, problems = corrected_answers(with_own(), record, {"weeks": " "}, TODAY, "US")
    assert problems == {"weeks": "it is needed on this pad, and cannot be empty"}


def test_without_its_pad_a_record_keeps_its_answers(record: Referral) -> None:
    """Nobody knows any more what they may be."""
    assert corrected_answers(None, record, {"weeks": "8"}, TODAY, "US") == (record.answers, {})
