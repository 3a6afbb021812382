"""What somebody types and has not saved yet: kept for that user until it is saved, thrown away or forgotten."""

from datetime import timedelta
from pathlib import Path

import pytest

from schemas.course import EntryKind
from schemas.errors import NotOnRecordError, UsageError
from store.clock import SetClock
from store.courses.entries import finish, save_draft
from store.courses.unsaved import KEPT_FOR, discard_unsaved, forget_old, keep_unsaved, unsaved_entries, unsaved_of
from store.database import Store
from store.review.withdraw import withdraw
from store.studio_rules import StudioRules
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.entries import assessment
from tests.store.helpers import recorded, taken

KIND = EntryKind.ASSESSMENT
HALF = {"kind": "assessment", "observed": {"function": "Two flights of"}}


@pytest.fixture
def rules() -> StudioRules:
    """The example pad without follow-ups."""
    return example_rules()


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path, rules: StudioRules, clock: SetClock) -> None:
    """One referral of 3 March, looked at on the 9th."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), rules=rules)
    clock.move(timedelta(days=6))


def typed(store: Store, who: str = "kim") -> list[tuple[int | None, object]]:
    return [(one.entry_id, one.content) for one in unsaved_of(store, 1, KIND, who)]


def test_the_last_words_take_the_place_of_those_before(store: Store) -> None:
    """One row a user and form, and one line in the audit, however long somebody types."""
    for content in (HALF, {**HALF, "on": "2026-03-09"}):
        keep_unsaved(store, 1, KIND, None, content, "kim")
    assert typed(store) == [(None, {**HALF, "on": "2026-03-09"})]
    assert [line["what"] for line in audit_lines(store)].count("typing") == 1
    assert [one.patient_name for one in unsaved_entries(store, "kim")] == ["Ada Quill"]


def test_each_user_has_words_of_their_own(store: Store) -> None:
    """Two people may begin the same report; neither types over the other."""
    keep_unsaved(store, 1, KIND, None, HALF, "kim")
    keep_unsaved(store, 1, KIND, None, {}, "lee")
    discard_unsaved(store, 1, KIND, None, "lee")
    assert (typed(store), typed(store, "lee")) == ([(None, HALF)], [])


def test_saving_the_entry_deletes_what_was_typed_for_it_and_nothing_else(store: Store, rules: StudioRules) -> None:
    """What is kept on beside a saved entry would be entered twice."""
    keep_unsaved(store, 1, KIND, None, HALF, "kim")
    draft = save_draft(store, 1, KIND, HALF, "kim", is_typed=True)
    assert typed(store) == []
    keep_unsaved(store, 1, KIND, draft.id, HALF, "kim")
    keep_unsaved(store, 1, EntryKind.DISCHARGE, None, {}, "kim")
    finish(store, rules, 1, assessment(), "kim", (draft.id, draft.version), is_typed=True)
    assert [one.kind for one in unsaved_entries(store, "kim")] == [EntryKind.DISCHARGE]


def test_a_refused_entry_leaves_what_was_typed(store: Store, rules: StudioRules) -> None:
    """The words are needed to correct it."""
    keep_unsaved(store, 1, KIND, None, HALF, "kim")
    with pytest.raises(UsageError):
        finish(store, rules, 1, assessment(on="2026-03-01"), "kim", is_typed=True)
    assert typed(store) == [(None, HALF)]


def test_what_nobody_comes_back_to_is_forgotten_after_a_month(store: Store, clock: SetClock) -> None:
    """It names a patient, and belongs to a report that is long written."""
    keep_unsaved(store, 1, KIND, None, HALF, "kim")
    clock.move(KEPT_FOR)
    forget_old(store)
    assert typed(store) == [(None, HALF)]
    clock.move(timedelta(seconds=1))
    forget_old(store)
    assert typed(store) == []


def test_a_referral_that_somebody_writes_about_is_not_taken_back(store: Store, rules: StudioRules) -> None:
    """It would take the words with it."""
    keep_unsaved(store, 1, KIND, None, HALF, "kim")
    with pytest.raises(UsageError, match="Something came of this referral"):
        withdraw(store, 1, "lee")
    with pytest.raises(NotOnRecordError):
        keep_unsaved(store, 9, KIND, None, HALF, "kim")
