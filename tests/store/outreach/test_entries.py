"""Visits and talks with offices: logged once, planned as follow-ups, kept by their years, on every database."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from followup import rules as followup_rules
from schemas.errors import NotOnRecordError, UsageError
from schemas.followup import FollowUpKind, FollowUpPolicy, FollowUpState
from schemas.office import Office
from schemas.outreach.entries import OutreachSaid, OutreachState, OutreachWay, outreach_said
from schemas.retention import RetentionSettings
from store.clock import SetClock
from store.database import Store
from store.directory.offices import add, merge, unmerge
from store.followups.actions import postpone, settle
from store.followups.listing import FollowUp, FollowUpQuery, find_follow_up, list_follow_ups
from store.outreach.entries import cancel_outreach, exported_outreach, log_outreach, outreach_of, plan_outreach
from store.purge.holds import lift_hold, set_hold
from store.purge.old_outreach import GONE, old_outreach, purge_outreach
from store.purge.purging import ROWS_AT_ONCE, begin, finish, purges
from store.referrals.offices import set_office_of_referral
from store.studio_rules import StudioRules
from store.tables import outreach
from store.verify import verify
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import recorded, taken

WHO, OFFICE = "kim", "northside"
TODAY = date(2026, 3, 3)
SAID = OutreachSaid(on=TODAY, with_whom="Pat Moss", about="new pads", pads_left=1)
SEVEN_YEARS = RetentionSettings(referrals_years=7)


@pytest.fixture
def rules() -> StudioRules:
    """The example pad with the real rules for offices."""
    return replace(example_rules(), plan_office=partial(followup_rules.plan_office, policy=FollowUpPolicy()))


@pytest.fixture(autouse=True)
def offices(store: Store) -> None:
    for short in (OFFICE, "riverside"):
        add(store, Office(id=short, name=f"{short.title()} Clinic"), WHO)


def standing(store: Store, kind: FollowUpKind = FollowUpKind.CONTACT_OFFICE) -> list[FollowUp]:
    return list(list_follow_ups(store, FollowUpQuery(kind=kind)).follow_ups)


def test_what_is_logged_twice_is_one_and_counts_as_being_in_touch(store: Store, rules: StudioRules) -> None:
    """A double click adds none; the reminder to keep in touch counts from the visit; verify finds what was changed."""
    for _ in range(2):
        log_outreach(store, rules, OFFICE, SAID, WHO)
    [kept] = outreach_of(store, OFFICE)
    assert (kept.with_whom, kept.pads_left, kept.state, kept.changed_by) == ("Pat Moss", 1, OutreachState.DONE, WHO)
    [touch] = standing(store, FollowUpKind.KEEP_IN_TOUCH)
    assert touch.due == TODAY + timedelta(days=60)
    [line, _] = [line for line in audit_lines(store) if line["what"] == "logged_outreach"]
    assert (line["subject"], "Moss" in str(line)) == ("office northside", False)
    assert verify(store) == []
    with store.write() as connection:
        connection.execute(outreach.update().values(about="other words"))
    assert [problem.subject for problem in verify(store)] == [f"outreach {kept.id}"]


def test_what_is_planned_is_due_on_its_day_and_ends_with_its_follow_up(
    store: Store, rules: StudioRules, clock: SetClock
) -> None:
    """Put off, it moves; marked done on Today, it is logged with what was noted; skipped, it is canceled."""
    log_outreach(store, rules, OFFICE, SAID, WHO, TODAY + timedelta(days=30))
    [due] = standing(store)
    assert (due.due, due.office_id, due.note) == (date(2026, 4, 2), OFFICE, "visit, with Pat Moss: new pads")
    postpone(store, due.id, date(2026, 4, 7), WHO)
    assert outreach_of(store, OFFICE)[0].on == date(2026, 4, 7)
    clock.move(timedelta(days=36))
    settle(store, rules, due.id, FollowUpState.DONE, WHO, "likes the new slip")
    done = outreach_of(store, OFFICE)[0]
    assert (done.state, done.on, done.about) == (OutreachState.DONE, date(2026, 4, 8), "new pads; likes the new slip")
    planned = plan_outreach(store, OFFICE, SAID.model_copy(update={"on": date(2026, 5, 1)}), WHO)
    settle(store, rules, standing(store)[0].id, FollowUpState.SKIPPED, WHO, "closed for the week")
    assert planned.id not in {one.id for one in outreach_of(store, OFFICE)}
    assert verify(store) == []


def test_the_visit_that_was_planned_is_the_one_that_is_logged(
    store: Store, rules: StudioRules, clock: SetClock
) -> None:
    """One row, and no follow-up is left; a call does not stand for a visit; a day has one plan; canceled is gone."""
    said = OutreachSaid(on=TODAY + timedelta(days=2), about="the new slip")
    first = plan_outreach(store, OFFICE, said, WHO)
    assert plan_outreach(store, OFFICE, said.model_copy(update={"about": "pads"}), WHO).id == first.id
    clock.move(timedelta(days=3))
    call = log_outreach(store, rules, OFFICE, SAID.model_copy(update={"way": OutreachWay.CALL}), WHO)
    assert len(standing(store)) == 1
    logged = log_outreach(store, rules, OFFICE, SAID.model_copy(update={"on": date(2026, 3, 6)}), WHO)
    assert (logged.id, logged.about, standing(store)) == (first.id, "new pads", [])
    cancel_outreach(store, rules, call.id, WHO, "typed for the wrong office")
    assert [one.id for one in outreach_of(store)] == [logged.id]
    assert [row.state for row in exported_outreach(store)] == [OutreachState.DONE, OutreachState.CANCELED]
    with pytest.raises(NotOnRecordError):
        cancel_outreach(store, rules, call.id, WHO)


def test_a_merged_office_takes_its_visits_along_and_back(store: Store, rules: StudioRules) -> None:
    """What was planned for the office that was entered twice is not lost, neither merged nor undone."""
    plan_outreach(store, "riverside", SAID, WHO)
    merge(store, "riverside", OFFICE, WHO)
    [due] = standing(store)
    assert (len(outreach_of(store, OFFICE)), due.office_name) == (1, "Northside Clinic")
    unmerge(store, "riverside", WHO)
    assert (outreach_of(store, OFFICE), len(outreach_of(store, "riverside"))) == ([], 1)


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), TODAY - timedelta(days=1), TODAY + timedelta(days=401)])
def test_what_cannot_be_is_refused(on: date, store: Store, rules: StudioRules) -> None:
    """Nobody was there tomorrow, and nobody plans for yesterday or for the year after next; nothing is kept."""
    said = SAID.model_copy(update={"on": on})
    with pytest.raises(UsageError, match=r"has not come|cannot be planned"):
        log_outreach(store, rules, OFFICE, said, WHO) if on > TODAY else plan_outreach(store, OFFICE, said, WHO)
    with pytest.raises(UsageError, match="way: "):
        outreach_said({"on": TODAY, "way": "pigeon"})
    with pytest.raises(NotOnRecordError):
        log_outreach(store, rules, "nowhere", SAID, WHO)
    assert outreach_of(store) == []


def test_however_many_visits_go_other_writers_wait_for_some_of_them_only(
    store: Store, rules: StudioRules, clock: SetClock
) -> None:
    """All in one transaction kept everybody waiting, and PostgreSQL takes no more than 65,535 numbers at once."""
    with store.write() as connection:
        values = {"office_id": OFFICE, "on": TODAY, "way": "visit", "state": OutreachState.DONE}
        by = {"changed_at": store.clock.now(), "changed_by": WHO}
        connection.execute(outreach.insert(), [{**values, **by} for _ in range(2 * ROWS_AT_ONCE)])
    kept = log_outreach(store, rules, "riverside", SAID.model_copy(update={"on": TODAY}), WHO)
    clock.move(timedelta(days=8 * 366))
    with store.write() as connection:
        number = begin(connection, store, SEVEN_YEARS.in_words, WHO)
    assert purge_outreach(store, SEVEN_YEARS, number, WHO) == 2 * ROWS_AT_ONCE + 1
    told = [line["detail"]["numbers"] for line in audit_lines(store) if line["what"] == "purge_outreach"]
    assert [len(numbers) for numbers in told] == [ROWS_AT_ONCE, ROWS_AT_ONCE, 1]
    assert told[-1] == [kept.id]
    assert (outreach_of(store), purges(store)[0].counts[GONE]) == ([], 2 * ROWS_AT_ONCE + 1)


def test_visits_past_their_years_go_with_a_purge_unless_a_hold_keeps_their_office(
    store: Store, rules: StudioRules, clock: SetClock, tmp_path: Path
) -> None:
    """What is written of a talk may name a patient: it goes as referrals do, follow-up and all; a plan stays."""
    recorded(store, taken(store, tmp_path / "inbox" / "a.pdf"), slip_reading(serial=None), rules=rules)
    set_office_of_referral(store, 1, OFFICE, WHO)
    log_outreach(store, rules, OFFICE, SAID, WHO, TODAY)
    [task] = standing(store)
    settle(store, rules, task.id, FollowUpState.DONE, WHO, "Ada Quill asked for a program")
    set_hold(store, 1, "a claim", WHO)
    clock.move(timedelta(days=8 * 366))
    plan_outreach(store, OFFICE, SAID.model_copy(update={"on": store.clock.today()}), WHO)
    assert old_outreach(store, SEVEN_YEARS) == 0
    lift_hold(store, 1, "settled", WHO)
    assert old_outreach(store, RetentionSettings(rejected_years=1)) == 0
    assert old_outreach(store, SEVEN_YEARS) == 2
    with store.write() as connection:
        number = begin(connection, store, SEVEN_YEARS.in_words, WHO)
    assert purge_outreach(store, SEVEN_YEARS, number, WHO) == 2
    finish(store, WHO)
    assert purges(store)[0].counts[GONE] == 2
    assert [one.state for one in outreach_of(store)] == [OutreachState.PLANNED]
    with pytest.raises(NotOnRecordError):
        find_follow_up(store, task.id)
    assert verify(store) == []
