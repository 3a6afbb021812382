"""Programs that read on: whatever an export says otherwise than before stands behind their cursor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.changes import START, ChangedNoun, ChangeKind
from schemas.errors import UsageError
from schemas.followup import CallOutcome, FollowUpState
from schemas.office import Office
from schemas.reading import SlipReading
from schemas.retention import RetentionSettings
from store.changes import changes_since, latest_cursor
from store.clock import SetClock
from store.courses.entries import finish, tell_visit
from store.database import Store
from store.directory import offices
from store.directory.providers import edit_provider, list_providers
from store.followups.actions import assign, postpone, settle
from store.followups.calls import note_call
from store.followups.exported import exported_follow_ups
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.purge.purging import purge_due
from store.purge.terms import find_scans
from store.referrals.amend import amend
from store.referrals.offices import set_office_of_referral
from store.referrals.referrals import exported_referrals
from store.review.diagnosis_codes import confirm, drop
from store.review.withdraw import withdraw
from store.studio_rules import StudioRules
from store.tables import change
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.entries import assessment
from tests.schemas.examples import text
from tests.store.courses.test_entries import rules
from tests.store.helpers import recorded, taken

__all__ = ["rules"]
WHO = "kim"
RETENTION = RetentionSettings(referrals_years=7, rejected_years=2)


def exported(store: Store) -> dict[tuple[ChangedNoun, int], str]:
    """What the exports say of each referral and follow-up."""
    referrals = {int(row.referral_id): row.model_dump_json() for row in exported_referrals(store)}
    tasks = {int(row.follow_up_id): row.model_dump_json() for row in exported_follow_ups(store)}
    return {(ChangedNoun.REFERRAL, number): text for number, text in referrals.items()} | {
        (ChangedNoun.FOLLOW_UP, number): text for number, text in tasks.items()
    }


def of_another(serial: int, name: str, phone: str) -> SlipReading:
    """A slip of somebody else."""
    read = slip_reading(serial=serial)
    return read.model_copy(update={"text": read.text | {"patient_name": text(name), "patient_phone": text(phone)}})


def cursor_of(store: Store) -> str:
    with store.read() as connection:
        return latest_cursor(connection)


@contextmanager
def all_noted(store: Store) -> Iterator[None]:
    """Whatever the exports say otherwise after the block is noted, and what went is noted as gone."""
    cursor, before = cursor_of(store), exported(store)
    yield
    after = exported(store)
    differs = {key for key in before | after if before.get(key) != after.get(key)}
    with store.read() as connection:
        last = {(line.noun, line.number): line for line in changes_since(connection, cursor)}
    assert differs
    assert differs <= last.keys()
    gone = {key for key, line in last.items() if line.what in {ChangeKind.WITHDRAWN, ChangeKind.PURGED}}
    assert gone == before.keys() - after.keys()


def test_whatever_an_export_says_otherwise_is_noted(
    store: Store, inbox: Path, rules: StudioRules, clock: SetClock
) -> None:
    """Acts of every kind, from the slip to the last call: a program that misses one keeps what is not so."""
    offices.add(store, Office(id="northside", name="Northside"), WHO)
    offices.add(store, Office(id="westside", name="Westside"), WHO)
    with all_noted(store):
        recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), rules=rules)
    with all_noted(store):
        recorded(
            store, taken(store, inbox / "b.pdf", b"b"), of_another(124, "Omar Haddad", "+19175550131"), rules=rules
        )
    tasks = [task.id for task in list_follow_ups(store, FollowUpQuery()).follow_ups]
    provider = list_providers(store)[0]
    calls = [task.id for task in list_follow_ups(store, FollowUpQuery()).follow_ups if task.kind == "contact_patient"]
    acts: list[Callable[[], object]] = [
        lambda: edit_provider(store, provider.id, {"office_id": "westside"}, WHO),
        lambda: set_office_of_referral(store, 1, "northside", WHO),
        lambda: offices.edit(store, "northside", {"name": "Northside Family"}, WHO),
        lambda: offices.merge(store, "northside", "westside", WHO),
        lambda: offices.edit(store, "westside", {"name": "Westside Spine"}, WHO),
        lambda: offices.unmerge(store, "northside", WHO),
        lambda: amend(store, rules, 1, {"goals": "Stairs again"}, "read wrong", WHO),
        lambda: confirm(store, 1, "M17.11", "Unilateral primary osteoarthritis, right knee", WHO),
        lambda: drop(store, 1, "M17.11", WHO),
        lambda: assign(store, tasks[0], "lee", WHO),
        lambda: postpone(store, tasks[0], store.clock.today() + timedelta(days=9), WHO),
        lambda: note_call(store, rules, calls[0], CallOutcome.WRONG_NUMBER, WHO),
        lambda: note_call(store, rules, calls[1], CallOutcome.DECLINED, WHO),
        lambda: finish(store, rules, 1, assessment(on=store.clock.today()), WHO),
        lambda: tell_visit(store, rules, 1, store.clock.today() + timedelta(days=20), WHO),
    ]
    for act in acts:
        with all_noted(store):
            act()
    with all_noted(store):
        recorded(
            store, taken(store, inbox / "c.pdf", b"c"), of_another(125, "Zacharias Vole", "+16465550104"), rules=rules
        )
    with all_noted(store):
        withdraw(store, 3, WHO)
    with all_noted(store):
        settle(store, rules, tasks[0], FollowUpState.SKIPPED, WHO, "ended")


def test_what_is_purged_is_noted_as_gone(store: Store, inbox: Path, clock: SetClock) -> None:
    """Whoever has a copy elsewhere learns that it is to go there too."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading())
    for task in list_follow_ups(store, FollowUpQuery()).follow_ups:
        settle(store, example_rules(), task.id, FollowUpState.SKIPPED, WHO, "ended")
    clock.move(timedelta(days=8 * 366))
    with all_noted(store):
        purge_due(store, RETENTION, find_scans(store, RETENTION), WHO)
    assert exported(store) == {}


def test_what_was_read_is_not_read_again(store: Store, inbox: Path, rules: StudioRules) -> None:
    """Pages of changes join without a gap, and behind the last there is nothing."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), rules=rules)
    with store.read() as connection:
        whole = changes_since(connection, START)
        read, cursor = [], START
        while some := changes_since(connection, cursor, 2):
            read += some
            cursor = some[-1].cursor
    assert len(whole) > 2
    assert read == whole
    assert cursor == cursor_of(store)


NEVER_GIVEN = ["", "x", "-1", "1", "9-0f3a99c1", "1-0f3a99c1 ", f"{'9' * 18}-0f3a99c1", f"{'9' * 20}-0f3a99c1"]


@pytest.mark.parametrize("wrong", NEVER_GIVEN)
def test_a_cursor_that_was_never_given_is_refused(store: Store, wrong: str) -> None:
    """Also one of a record that was put back: there, other changes have the same numbers."""
    with store.read() as connection, pytest.raises(UsageError, match="cursor"):
        changes_since(connection, wrong)


def test_a_record_that_was_put_back_does_not_know_later_cursors(store: Store, inbox: Path, rules: StudioRules) -> None:
    """The number is given again, to another change: whoever reads on behind it would miss what came before."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), rules=rules)
    known = cursor_of(store)
    with store.write() as connection:
        connection.execute(change.update().values(mark="ffffffff"))
    with store.read() as connection, pytest.raises(UsageError, match="put back from a backup"):
        changes_since(connection, known)
