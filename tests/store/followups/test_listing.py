"""The follow-up list, and what people do with it."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from followup import rules as followup_rules
from followup.calendar import BusinessCalendar
from schemas.errors import UsageError
from schemas.followup import NOT_ASSESSED, FollowUpKind, FollowUpPolicy, FollowUpState
from store.clock import SetClock
from store.database import Store
from store.followups import exported, listing
from store.followups.actions import assign, postpone, settle
from store.followups.listing import FollowUp, FollowUpQuery
from store.followups.planning import Subject, replan, replan_early_reports
from store.intake.ledger.files import totals
from store.studio_rules import StudioRules
from store.tables import follow_up, referral
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import recorded, taken

DONE, SKIPPED = FollowUpState.DONE, FollowUpState.SKIPPED
REPORT = FollowUpKind.PROGRESS_REPORT
ACCEPTED_ON = date(2026, 3, 3)


@pytest.fixture
def rules() -> StudioRules:
    """The example pad with the real rules."""
    policy = FollowUpPolicy()
    plan = partial(followup_rules.plan, policy=policy, calendar=BusinessCalendar())
    return replace(example_rules(), plan=plan, plan_office=partial(followup_rules.plan_office, policy=policy))


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path, rules: StudioRules) -> None:
    """One referral, of 3 March, with a visit on 20 April."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), rules=rules)


def standing(store: Store, **asked: object) -> tuple[FollowUp, ...]:
    return listing.list_follow_ups(store, FollowUpQuery.model_validate(asked)).follow_ups


def one(store: Store, kind: FollowUpKind) -> FollowUp:
    [task] = standing(store, kind=kind)
    return task


def test_a_task_says_what_is_needed_to_do_it(store: Store) -> None:
    """Whoever works the list should not have to look anything up."""
    task = standing(store)[0]
    said = (task.patient_name, task.patient_phone, task.provider_name)
    assert said == ("Ada Quill", "+12125550142", "Dr. B. Fenn")
    assert (task.days_overdue, task.state, task.owner) == (0, FollowUpState.OPEN, "")


def test_the_list_comes_longest_overdue_first(store: Store, clock: SetClock) -> None:
    """What waits longest is read first; days are those of the studio's time zone."""
    clock.move(timedelta(days=3))
    listed = standing(store)
    assert [each.due for each in listed] == sorted(each.due for each in listed)
    assert [each.days_overdue for each in listed[:2]] == [3, 2]


@pytest.mark.parametrize(("moved_days", "due"), [(0, 1), (-1, 0), (3, 2)])
def test_due_means_today_or_before_in_the_studios_time_zone(
    moved_days: int, due: int, store: Store, clock: SetClock
) -> None:
    """It is 15:00 in New York on the day both were accepted; the list begins with what waits longest."""
    clock.move(timedelta(days=moved_days))
    assert listing.list_follow_ups(store, FollowUpQuery(due_only=True)).total == totals(store).tasks_due == due


@pytest.mark.parametrize("state", [DONE, SKIPPED])
def test_a_settled_task_leaves_the_list_once(state: FollowUpState, store: Store, rules: StudioRules) -> None:
    """Settled twice, the second note would hide the first."""
    first = standing(store)[0]
    settle(store, rules, first.id, state, "kim", "sent \tby fax")
    assert first.id not in [each.id for each in standing(store)]
    [ended] = standing(store, ended=True)
    assert (ended.state, ended.note) == (state, "sent by fax")
    with pytest.raises(UsageError, match=f"no open follow-up {first.id}"):
        settle(store, rules, first.id, state, "kim", "again")
    line = audit_lines(store)[-1]
    assert (line["who"], line["what"], line["subject"]) == ("kim", state.value, f"follow_up {first.id}")


def test_a_task_is_skipped_only_with_a_reason(store: Store, rules: StudioRules) -> None:
    """In a year somebody will ask why the provider never heard."""
    with pytest.raises(UsageError, match="why"):
        settle(store, rules, standing(store)[0].id, SKIPPED, "kim", " \t")


def test_a_report_that_ends_makes_the_next_one_and_no_other(store: Store, rules: StudioRules, clock: SetClock) -> None:
    """The chain goes on until the course ends, whatever else is settled."""
    changed(store, rules, assessed_on=ACCEPTED_ON)
    for cycle in (1, 2, 3):
        report = one(store, REPORT)
        assert report.cycle == cycle
        clock.move(timedelta(days=(report.due - store.clock.today()).days))
        settle(store, rules, report.id, DONE, "kim")
    assert one(store, REPORT).due == store.clock.today() + timedelta(days=30)


def test_the_end_of_the_course_ends_the_chain(store: Store, rules: StudioRules) -> None:
    """The discharge summary is the last thing that is due."""
    changed(store, rules, assessed_on=ACCEPTED_ON)
    changed(store, rules, discharged_on=ACCEPTED_ON)
    assert {each.kind.value for each in standing(store)} == {"thank_provider", "discharge_summary"}
    ended = {each.kind.value: each.note for each in standing(store, ended=True)}
    assert ended["progress_report"] == "The course has ended."


def test_a_report_planned_before_the_assessment_gives_way_to_it(store: Store, rules: StudioRules) -> None:
    """Records of before hold such reports: they go with their reason, and once assessed the month counts anew."""
    early = {
        "referral_id": 1,
        "kind": REPORT.value,
        "cycle": 1,
        "due": date(2026, 4, 2),
        "planned_due": date(2026, 4, 2),
    }
    with store.write() as connection:
        connection.execute(follow_up.insert().values(**early, made_at=store.clock.now()))
    for _ in range(2):
        replan_early_reports(store, rules)
    [ended] = standing(store, ended=True)
    assert (ended.kind, ended.state, ended.note) == (REPORT, SKIPPED, NOT_ASSESSED)
    changed(store, rules, assessed_on=ACCEPTED_ON + timedelta(days=5))
    assert one(store, REPORT).due == ACCEPTED_ON + timedelta(days=35)


def test_a_report_counted_from_the_referral_counts_from_the_assessment(store: Store, rules: StudioRules) -> None:
    """Of a patient who was assessed before the rule changed; it is asked at the next round, not at the next event."""
    early = {
        "referral_id": 1,
        "kind": REPORT.value,
        "cycle": 1,
        "due": date(2026, 4, 2),
        "planned_due": date(2026, 4, 2),
    }
    with store.write() as connection:
        connection.execute(follow_up.insert().values(**early, made_at=store.clock.now()))
        connection.execute(referral.update().values(assessed_on=ACCEPTED_ON + timedelta(days=5)))
    replan_early_reports(store, rules)
    assert (one(store, REPORT).due, one(store, REPORT).cycle) == (ACCEPTED_ON + timedelta(days=35), 1)


def test_a_booking_that_is_done_asks_for_the_assessment(store: Store, rules: StudioRules) -> None:
    """Until it is entered somebody who was booked stands on the list."""
    settle(store, rules, one(store, FollowUpKind.BOOK_ASSESSMENT).id, DONE, "kim")
    assert one(store, FollowUpKind.ASSESS_PATIENT).due == ACCEPTED_ON + timedelta(days=7)
    changed(store, rules, assessed_on=ACCEPTED_ON)
    assert standing(store, kind=FollowUpKind.ASSESS_PATIENT) == ()


def changed(store: Store, rules: StudioRules, **values: object) -> None:
    """What other parts of the store do when something of a course becomes known."""
    with store.write() as connection:
        if values:
            connection.execute(referral.update().values(values))
        replan(connection, store, rules, Subject("referral_id", 1))


def test_an_earlier_visit_moves_the_report_and_says_so(store: Store, rules: StudioRules, clock: SetClock) -> None:
    """The list shows the new day, the history the old decision."""
    changed(store, rules, assessed_on=ACCEPTED_ON)
    clock.move(timedelta(days=2))
    changed(store, rules, next_visit_on=date(2026, 3, 16), visit_told_on=store.clock.today())
    report = one(store, REPORT)
    assert (report.due, report.cycle) == (date(2026, 3, 11), 1)
    _, [event] = listing.find_follow_up(store, report.id)
    assert (event.what, event.due) == ("moved", date(2026, 3, 11))


def test_what_a_person_put_off_stays_where_it_was_put(store: Store, rules: StudioRules) -> None:
    """The rules are asked at every change; they must not undo what somebody decided, until a visit moves."""
    call = one(store, FollowUpKind.CONTACT_PATIENT)
    postpone(store, call.id, date(2026, 3, 12), "kim", "on holiday")
    settle(store, rules, one(store, FollowUpKind.THANK_PROVIDER).id, DONE, "kim")
    assert one(store, FollowUpKind.CONTACT_PATIENT).due == date(2026, 3, 12)
    _, [event] = listing.find_follow_up(store, call.id)
    assert (event.what, event.due, event.note) == ("postponed", date(2026, 3, 12), "on holiday")


def test_a_task_is_not_put_off_into_the_past(store: Store) -> None:
    """A slip of the finger would make it the oldest debt of all."""
    with pytest.raises(UsageError, match="Mar 2, 2026 is over"):
        postpone(store, standing(store)[0].id, date(2026, 3, 2), "kim")


def test_planning_again_changes_nothing(store: Store, rules: StudioRules) -> None:
    """Never two for the same cycle: the rules may be asked by anybody, at any time."""
    before = standing(store)
    for _ in range(3):
        changed(store, rules)
    assert standing(store) == before


def test_a_task_has_an_owner_once_somebody_takes_it(store: Store) -> None:
    """Each looks at their own, and at what is nobody's."""
    call = one(store, FollowUpKind.CONTACT_PATIENT)
    assign(store, call.id, "robin", "kim")
    assert [each.id for each in standing(store, owner="robin")] == [call.id]
    assert call.id not in [each.id for each in standing(store, owner="")]
    assign(store, call.id, "", "robin")
    assert standing(store, owner="robin") == ()
    _, history = listing.find_follow_up(store, call.id)
    assert [(each.what, each.note) for each in history] == [("assigned", "robin"), ("assigned", "")]


@pytest.mark.parametrize(("words", "found"), [("quill", 3), ("fenn QUILL", 3), ("quill nobody", 0), ("100%", 0)])
def test_the_list_is_searched_by_names(words: str, found: int, store: Store) -> None:
    """Somebody is on the telephone and says who they are."""
    assert listing.list_follow_ups(store, FollowUpQuery(words=words)).total == found


def test_the_list_is_turned_page_by_page_without_loss_or_doubles(store: Store) -> None:
    """Thousands of tasks fit no screen and no memory."""
    wanted = [each.id for each in standing(store)]
    for limit in (1, 3):
        turned: list[int] = []
        while page := standing(store, limit=limit, after=turned[-1] if turned else None):
            turned += [task.id for task in page]
        assert turned == wanted


def test_the_database_itself_refuses_a_second_follow_up_of_a_cycle(store: Store) -> None:
    """Two workers that plan at once cannot both be right."""
    with pytest.raises(Exception, match="refused a statement"), store.write() as connection:
        connection.execute(sa.insert(follow_up).from_select(*_all_again()))


def _all_again() -> tuple[list[str], sa.Select[tuple[object, ...]]]:
    columns = [each for each in follow_up.c if each.name != "id"]
    return [column.name for column in columns], sa.select(*columns)


def test_exports_tell_every_follow_up_and_how_often_it_moved(store: Store, rules: StudioRules) -> None:
    """A calendar shows a moved day only when its sequence number rises."""
    call = one(store, FollowUpKind.CONTACT_PATIENT)
    postpone(store, call.id, date(2026, 3, 12), "kim")
    settle(store, rules, one(store, FollowUpKind.THANK_PROVIDER).id, DONE, "kim")
    told = {exported_task.kind.value: exported_task for exported_task in exported.exported_follow_ups(store)}
    assert told["contact_patient"].moves == 1
    assert told["thank_provider"].settled_by == "kim"
    standing_now = list(exported.exported_follow_ups(store, standing=2))
    assert [each.due for each in standing_now] == [date(2026, 3, 10), date(2026, 3, 12)]
