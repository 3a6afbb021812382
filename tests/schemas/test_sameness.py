"""Whether two readings are of one slip: errors of reading do not hide it, another slip of the patient is none."""

import pytest

from schemas.reading import MarkState, ReferralDraft
from schemas.sameness import compare, keys_of
from tests.schemas.examples import draft, mark, text, typed

FAXED = {
    "patient_name": text("Ada 0uil", 0.6),
    "patient_phone": text("(212) 555-0192", 0.6),
    "diagnosis": text("s/p L TKA 3/14", 0.5),
    "goals": text("stars", 0.4),
    "signed_on": text("03/07/26", 0.5),
}
OTHER_WORDS = {"diagnosis": text("LBP, radiculopathy"), "goals": text("return to tennis"), "precautions": text("")}


def is_one(one: ReferralDraft, other: ReferralDraft) -> bool:
    return compare(one, other).is_one_slip


def test_the_same_words_are_one_slip_however_they_are_written() -> None:
    """A person types a phone and a date in another way than the machine reads them."""
    as_typed = {"patient_phone": typed("+1 212.555.0142"), "signed_on": typed("2026-03-02"), "goals": typed("Stairs.")}
    assert is_one(draft(), draft(**as_typed))
    assert set(compare(draft(), draft(**as_typed)).model_dump().values()) == {1.0}


def test_errors_of_reading_do_not_hide_that_it_is_one_slip() -> None:
    """A fax of a slip that was scanned is read worse than the scan, and found by some of what is read."""
    assert is_one(draft(), draft(**FAXED))
    assert keys_of(draft()) & keys_of(draft(**FAXED))


@pytest.mark.parametrize(
    "other",
    [
        {"signed_on": text("03/09/26"), "next_visit_on": text("05/04/26")},
        {"signed_on": text("03/09/26")},
        OTHER_WORDS | {"back_pain": mark(MarkState.UNCHECKED), "arthritis": mark(MarkState.CHECKED)},
        OTHER_WORDS,
        {"patient_name": text("Bo Reyes"), "patient_phone": text("(646) 555-0117"), "diagnosis": text("gout")},
    ],
    ids=["renewed", "renewed with the same visit", "another complaint", "other words alone", "another patient"],
)
def test_another_slip_is_not_called_the_same(other: dict[str, object], request: pytest.FixtureRequest) -> None:
    """A patient is referred anew some weeks later, or twice on one day; a design is used for all patients."""
    assert not is_one(draft(), draft(**other))  # type: ignore[arg-type]


def test_it_is_the_same_from_both_sides() -> None:
    """Whichever of two scans is read first."""
    one, other = draft(), draft(**FAXED)
    assert compare(one, other) == compare(other, one)


def test_a_slip_with_nothing_but_boxes_is_compared_by_its_people_day_and_boxes() -> None:
    """No diagnosis is needed where a condition is checked."""
    bare = {name: text("") for name in ("diagnosis", "goals", "precautions", "next_visit_on")}
    assert is_one(draft(**bare), draft(**bare))
    assert not is_one(draft(**bare), draft(**bare | {"back_pain": mark(MarkState.UNCHECKED)} | OTHER_WORDS))


def test_keys_tell_nothing_of_the_patient() -> None:
    """They stand in a table of their own: numbers, from which no name can be read."""
    assert all(isinstance(key, int) and -(2**63) <= key < 2**63 for key in keys_of(draft()))
    other = {"patient_name": text("Bo"), "patient_phone": text(""), "signed_on": text(""), "provider_name": text("")}
    assert not keys_of(draft()) & keys_of(draft(**other))
