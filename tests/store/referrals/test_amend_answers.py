"""What only a pad asks is corrected like all else: judged by the kind of its field."""

from datetime import date

import pytest

from schemas.acceptance import Policy, assess
from schemas.pad import Checkbox, PadDesign
from schemas.reading import MarkState
from schemas.referral import Accepted, Referral
from store.referrals.amend_answers import (
    answer_in_words,
    corrected_answers,
    corrected_marks,
    missing_write_ins,
    written_answers,
)
from tests.schemas.examples import RECEIVED_ON, design, draft, mark
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


def grouped(answer: str) -> tuple[PadDesign, Referral]:
    """An example pad with two groups of its own, and the record of a slip that says so."""
    pad = design()
    at = pad.height_mm
    rows = (
        ("ended", "Ended", "treatment"),
        ("goes_on", "Goes on", "treatment"),
        ("not_cleared", "Not yet", "treatment"),
    )
    rows += (("cane", "Cane, walker", "aids"), ("brace", "Brace", "aids"))
    boxes = [
        Checkbox.model_validate({"name": name, "label": label, "group": group, "box_mm": (12, at + 8 * row, 4, 4)})
        for row, (name, label, group) in enumerate(rows)
    ]
    blocks = {"not_cleared": "The provider has not cleared the patient."}
    groups = [
        {"name": "treatment", "label": "Treatment", "choose": "one", "needed": True, "blocks_when": blocks},
        {"name": "aids", "label": "Walks with"},
    ]
    values = {**pad.model_dump(), "fields": (*pad.fields, *boxes), "height_mm": at + 60, "groups": groups}
    changed = PadDesign.model_validate(values)
    marks = {box.name: mark(MarkState.CHECKED if box.name == answer else MarkState.UNCHECKED) for box in boxes}
    made = draft()
    judged = assess(made.model_copy(update={"marks": {**made.marks, **marks}}), changed, Policy(), RECEIVED_ON)
    assert isinstance(judged, Accepted)
    return changed, judged.referral


def test_the_answer_of_a_group_of_boxes_is_corrected_like_all_else() -> None:
    """A box read wrong stood on record for good: what the pad's own groups say was in no form."""
    pad, record = grouped("goes_on")
    assert record.answers == {"treatment": "goes_on", "aids": ()}
    answers, problems = corrected_answers(pad, record, {"treatment": "ended", "aids": "brace,cane"}, TODAY, "US")
    assert (answers, problems) == ({"treatment": "ended", "aids": ("cane", "brace")}, {})
    assert answer_in_words(pad, "aids", answers["aids"]) == "Cane, walker; Brace"
    assert corrected_answers(pad, record, {"aids": "Cane, Walker"}, TODAY, "US")[0]["aids"] == ("cane",)
    after = record.model_copy(update={"answers": answers})
    marks = corrected_marks(pad, after, {}, {"aids"})
    assert {name: read.value for name, read in marks.items()} == {"cane": MarkState.CHECKED, "brace": MarkState.CHECKED}


def test_a_box_that_is_checked_from_now_on_wants_the_words_beside_it() -> None:
    """No slip passes with such a box alone; what stood so before the correction is not asked again."""
    pad, record = grouped("goes_on")
    fields = [
        field.model_copy(update={"write_in": "precautions"}) if field.name == "ended" else field for field in pad.fields
    ]
    pad = pad.model_copy(update={"fields": tuple(fields)})
    without = record.model_copy(update={"precautions": ""})
    ended = without.model_copy(update={"answers": {**record.answers, "treatment": "ended"}})
    told = {"precautions": '"Ended" is checked: write what belongs beside it'}
    assert missing_write_ins(pad, without, ended) == told
    written = ended.model_copy(update={"precautions": "no impact"})
    assert missing_write_ins(pad, written, ended) == told
    assert missing_write_ins(pad, without, written) == missing_write_ins(pad, ended, ended) == {}


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"treatment": "ended,goes_on"}, "only one of its boxes can be right"),
        ({"treatment": ""}, "it is needed on this pad, and cannot be empty"),
        ({"treatment": "stopped"}, "name one of ended, goes_on, not_cleared"),
        (
            {"treatment": "not_cleared"},
            "The provider has not cleared the patient; no slip that says so is accepted",
        ),
    ],
)
def test_a_group_says_no_more_after_acceptance_than_a_slip_may(typed: dict[str, str], problem: str) -> None:
    """What would have kept the slip in review is no correction."""
    pad, record = grouped("goes_on")
    assert corrected_answers(pad, record, typed, TODAY, "US")[1] == {"treatment": problem}
