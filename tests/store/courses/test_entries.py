"""Assessments, progress and discharges: kept, corrected until they are sent, and moving the course on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from followup import rules as followup_rules
from followup.calendar import BusinessCalendar
from schemas.course import EntryKind, entry_of
from schemas.errors import UsageError
from schemas.followup import FollowUpKind, FollowUpPolicy, FollowUpState
from store.clock import SetClock
from store.courses.courses import course, list_courses
from store.courses.entries import ChangedMeanwhileError, discard_draft, finish, save_draft, tell_visit
from store.database import Store
from store.followups.actions import settle
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.studio_rules import StudioRules
from store.tables import outbox
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.entries import assessment, discharge, progress
from tests.store.helpers import recorded, taken

WHO = "kim"


@pytest.fixture
def rules() -> StudioRules:
    """The example pad with the real rules."""
    policy = FollowUpPolicy()
    plan = partial(followup_rules.plan, policy=policy, calendar=BusinessCalendar())
    return replace(example_rules(), plan=plan, plan_office=partial(followup_rules.plan_office, policy=policy))


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path, rules: StudioRules, clock: SetClock) -> None:
    """One referral of 3 March, looked at on the 9th."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), rules=rules)
    clock.move(timedelta(days=6))


def standing(store: Store) -> dict[str, date]:
    return {task.kind.value: task.due for task in list_follow_ups(store, FollowUpQuery()).follow_ups}


def letters(store: Store) -> list[tuple[str, str]]:
    with store.read() as connection:
        return [(row.kind, row.state) for row in connection.execute(sa.select(outbox).order_by(outbox.c.id))]


def test_the_assessment_ends_the_booking_and_has_its_summary_written(store: Store, rules: StudioRules) -> None:
    """One act of the specialist: call and booking are done, the summary is due, its letter waits."""
    kept = finish(store, rules, 1, assessment(), WHO)
    assert (kept.state, kept.version) == ("final", 1)
    assert standing(store).keys() == {"thank_provider", "assessment_summary", "progress_report"}
    assert standing(store)["assessment_summary"] == date(2026, 3, 16)
    assert letters(store) == [("thank_you", "waiting"), ("assessment_summary", "waiting")]
    line = audit_lines(store)[-1]
    assert (line["who"], line["what"], line["subject"]) == (WHO, "assessment", "referral 1")


def test_what_was_entered_is_found_again_as_it_was(store: Store, rules: StudioRules) -> None:
    """Numbers, units, sides and words."""
    finish(store, rules, 1, assessment(), WHO)
    [entry] = course(store, 1).final()
    assert entry == entry_of(assessment())
    assert [measure.series for measure in entry.measures][:2] == [
        "Range of motion, left knee flexion",
        "Timed up and go",
    ]


def test_a_visit_told_at_the_assessment_moves_the_report(store: Store, rules: StudioRules) -> None:
    """The patient knows the day; the slip did not."""
    finish(store, rules, 1, assessment(next_visit_on="2026-03-24"), WHO)
    assert standing(store)["progress_report"] == date(2026, 3, 19)
    tell_visit(store, rules, 1, date(2026, 4, 30), WHO)
    assert standing(store)["progress_report"] == date(2026, 4, 8)
    tell_visit(store, rules, 1, None, WHO)
    assert course(store, 1).next_visit_on is None


@pytest.mark.parametrize("visit", ["1999-01-01", "9999-12-31", "0002-01-01"])
def test_a_visit_that_cannot_be_is_refused_however_it_is_told(visit: str, store: Store, rules: StudioRules) -> None:
    """As Review doubts it on a slip: the report would hang on a slip of the keyboard."""
    says = "The next visit cannot be on .*: name a day from .*, when the slip was signed, to 730 days after Mar 9"
    with pytest.raises(UsageError, match=says):
        tell_visit(store, rules, 1, date.fromisoformat(visit), WHO)
    with pytest.raises(UsageError, match=says):
        finish(store, rules, 1, assessment(next_visit_on=visit), WHO)
    record = course(store, 1)
    assert (record.next_visit_on, record.entries) == (date(2026, 4, 20), ())


def test_progress_writes_the_report_of_the_cycle_that_stands(store: Store, rules: StudioRules, clock: SetClock) -> None:
    """A second one before the first is sent would be a second report of the same month."""
    finish(store, rules, 1, assessment(), WHO)
    clock.move(timedelta(days=20))
    first = finish(store, rules, 1, progress(on="2026-03-29"), WHO)
    with pytest.raises(UsageError, match="not sent yet"):
        finish(store, rules, 1, progress(on="2026-03-29"), WHO)
    assert first.follow_up_id is not None
    settle(store, rules, first.follow_up_id, FollowUpState.DONE, WHO)
    second = finish(store, rules, 1, progress(on="2026-03-29"), WHO)
    assert second.follow_up_id not in (None, first.follow_up_id)


def test_the_discharge_ends_the_course(store: Store, rules: StudioRules) -> None:
    """A letter that was not sent before is not sent any more: the discharge summary says it all."""
    finish(store, rules, 1, assessment(), WHO)
    finish(store, rules, 1, discharge(on="2026-03-09"), WHO)
    assert standing(store).keys() == {"thank_provider", "discharge_summary"}
    assert ("assessment_summary", "dropped") in letters(store)
    with pytest.raises(UsageError, match="has ended"):
        finish(store, rules, 1, progress(on="2026-03-09"), WHO)
    assert [listed_course.referral_id for listed_course in list_courses(store, "quill", ended=True)] == [1]
    assert list_courses(store, "quill") == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (lambda: progress(on="2026-03-09"), "no assessment yet"),
        (lambda: assessment(on="2026-03-10"), "lie between"),
        (lambda: assessment(on="2026-03-02"), "lie between"),
        (lambda: assessment(goals=[]), "Goals"),
        (lambda: assessment(measures=[{"kind": "grip", "value": 30, "on": "2026-03-10"}]), "later day"),
    ],
)
def test_what_does_not_fit_the_course_is_refused_and_changes_nothing(
    content: Callable[[], dict[str, Any]], says: str, store: Store, rules: StudioRules
) -> None:
    """A report about a day that has not been is worse than none."""
    before = standing(store)
    with pytest.raises(UsageError, match=says):
        finish(store, rules, 1, content(), WHO)
    assert standing(store) == before
    assert course(store, 1).entries == ()


def test_a_draft_is_kept_as_it_is_and_finished_later(store: Store, rules: StudioRules) -> None:
    """The telephone rings in the middle of a sentence."""
    draft = save_draft(store, 1, EntryKind.ASSESSMENT, {"observed": {"function": "climbs"}}, WHO)
    draft = save_draft(store, 1, EntryKind.ASSESSMENT, {"observed": {}}, "robin", (draft.id, draft.version))
    assert (draft.version, draft.changed_by, draft.content) == (2, "robin", {"observed": {}})
    with pytest.raises(UsageError, match="not complete"):
        finish(store, rules, 1, draft.content | {"kind": "assessment"}, WHO, (draft.id, 2))
    final = finish(store, rules, 1, assessment(), WHO, (draft.id, 2))
    assert (final.id, final.state, final.version) == (draft.id, "final", 3)
    assert len(course(store, 1).entries) == 1


def test_a_draft_is_thrown_away_and_nothing_else(store: Store, rules: StudioRules) -> None:
    """What was entered for good is part of the record."""
    draft = save_draft(store, 1, EntryKind.PROGRESS, {}, WHO)
    kept = finish(store, rules, 1, assessment(), WHO)
    with pytest.raises(UsageError, match="no draft"):
        discard_draft(store, 1, (kept.id, kept.version), WHO)
    discard_draft(store, 1, (draft.id, draft.version), WHO)
    assert [entry.id for entry in course(store, 1).entries] == [kept.id]


def test_a_report_that_was_dropped_is_written_anew_from_a_corrected_entry(store: Store, rules: StudioRules) -> None:
    """Nobody outside has read it; without this way back its task could only be skipped."""
    kept = finish(store, rules, 1, assessment(), WHO)
    with store.write() as connection:
        connection.execute(outbox.update().where(outbox.c.kind == "assessment_summary").values(state="dropped"))
    finish(store, rules, 1, assessment(on="2026-03-08"), WHO, (kept.id, kept.version))
    assert ("assessment_summary", "waiting") in letters(store)


def test_two_people_do_not_write_over_each_other(store: Store, rules: StudioRules) -> None:
    """The second is told to look again, with nothing lost."""
    draft = save_draft(store, 1, EntryKind.ASSESSMENT, {}, WHO)
    save_draft(store, 1, EntryKind.ASSESSMENT, {"on": "2026-03-09"}, WHO, (draft.id, 1))
    with pytest.raises(ChangedMeanwhileError):
        save_draft(store, 1, EntryKind.ASSESSMENT, {}, "robin", (draft.id, 1))
    assert course(store, 1).entries[0].content == {"on": "2026-03-09"}


def test_an_entry_is_corrected_until_its_report_is_on_its_way(store: Store, rules: StudioRules) -> None:
    """What somebody has read on paper must not be another thing in the record."""
    kept = finish(store, rules, 1, assessment(), WHO)
    again = finish(store, rules, 1, assessment(on="2026-03-08"), WHO, (kept.id, 1))
    assert (again.follow_up_id, course(store, 1).assessed_on) == (kept.follow_up_id, date(2026, 3, 8))
    assert standing(store)["assessment_summary"] == date(2026, 3, 15)
    with store.write() as connection:
        connection.execute(outbox.update().where(outbox.c.kind == "assessment_summary").values(state="sent"))
    with pytest.raises(UsageError, match="on its way"):
        finish(store, rules, 1, assessment(), WHO, (kept.id, 2))


def test_only_kinds_with_a_report_are_entered() -> None:
    """Every entry has its letter."""
    from store.courses.entries import REPORT_OF

    assert set(REPORT_OF) == set(EntryKind)
    assert FollowUpKind.PROGRESS_REPORT in REPORT_OF.values()
