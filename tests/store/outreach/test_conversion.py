"""How far an office's slips came, from the slips, calls, sessions and entries that are on record, on every database."""

from datetime import timedelta
from pathlib import Path

from schemas.appointment import AppointmentState
from schemas.course import Training
from schemas.followup import CallOutcome, CallsEnded, FollowUpKind, FollowUpPolicy
from schemas.office import Office
from schemas.outreach.conversion import StopReason
from store.clock import SetClock
from store.courses.entries import finish
from store.courses.session_log import log_session
from store.database import Store
from store.directory.offices import add, merge, reserve_serials
from store.followups.calls import note_call, skip
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.outreach.conversion import conversions, paths_of_provider, quiet_offices, slips_of_office
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.entries import assessment, progress, status_change
from tests.store.helpers import recorded, taken

WHO, OFFICE = "kim", "northside"
POLICY, RULES = FollowUpPolicy(), example_rules()
CAME = AppointmentState.ATTENDED


def call_of(store: Store, referral: int) -> int:
    asked = FollowUpQuery(kind=FollowUpKind.CONTACT_PATIENT, referral_id=referral)
    return list_follow_ups(store, asked).follow_ups[0].id


def referred(store: Store, folder: Path, number: int, *, sure: bool = True) -> None:
    claim = taken(store, folder / "scan.pdf", f"scan {number}".encode())
    recorded(store, claim, slip_reading(serial=100 + number, sure=sure), rules=RULES)


def test_each_step_is_counted_where_it_happened_and_each_stop_by_its_reason(
    store: Store, tmp_path: Path, clock: SetClock
) -> None:
    """Six slips of one office: one waits, one declined, one unreachable, one goes on, one paused, one is new."""
    add(store, Office(id=OFFICE, name="Northside"), WHO)
    add(store, Office(id="ns", name="Northside again"), WHO)
    slip = slip_reading()
    reserve_serials(store, "ns", str(slip.design), int(slip.edition or 0), 50, 100)
    merge(store, "ns", OFFICE, WHO)
    for number in range(1, 6):
        referred(store, tmp_path / "inbox", number)
    referred(store, tmp_path / "inbox", 6, sure=False)
    clock.move(timedelta(days=2))
    note_call(store, RULES, call_of(store, 1), CallOutcome.DECLINED, WHO)
    note_call(store, RULES, call_of(store, 2), CallOutcome.NO_ANSWER, WHO)
    skip(store, RULES, call_of(store, 2), WHO, "", CallsEnded.UNREACHABLE)
    for number in (3, 4):
        note_call(store, RULES, call_of(store, number), CallOutcome.REACHED, WHO)
    clock.move(timedelta(days=4))
    for number in (3, 4):
        log_session(store, RULES, number, store.clock.today(), CAME, WHO)
        finish(store, RULES, number, assessment(on=store.clock.today().isoformat()), WHO)
    clock.move(timedelta(days=4))
    log_session(store, RULES, 3, store.clock.today(), CAME, WHO)
    told = {"on": store.clock.today().isoformat(), "training": Training.PAUSED}
    finish(store, RULES, 4, status_change(**told), WHO)
    whole, provider = conversions(store, POLICY)
    assert (whole.office_id, whole.slips, whole.accepted, whole.called) == (OFFICE, 6, 5, 4)
    assert (whole.first_visit, whole.program, whole.days_to_call, whole.days_to_first_visit) == (2, 1, 2.0, 6.0)
    assert (whole.declined, whole.unreachable, whole.status_changed, whole.days_to_program) == (1, 1, 1, 10.0)
    assert (provider.provider_name, provider.slips, provider.accepted) == ("Dr. B. Fenn", None, 5)
    assert list(conversions(store, POLICY, OFFICE)) == [whole, provider]
    found = slips_of_office(store, POLICY, "ns")
    assert [path.stopped for path in found.paths] == [
        StopReason.DECLINED, StopReason.UNREACHABLE, None, StopReason.STATUS_CHANGED, None,
    ]  # fmt: skip
    assert paths_of_provider(store, POLICY, int(provider.provider_id or 0)) == list(found.paths)
    assert (len(found.days), quiet_offices(store, POLICY)) == (6, {})
    clock.move(timedelta(days=60))
    assert "before that about 6 a month: plan a visit" in quiet_offices(store, POLICY)[OFFICE]
    finish(store, RULES, 3, progress(on=store.clock.today().isoformat()), WHO)


def test_slips_of_no_known_office_stand_last_and_are_no_offices(store: Store, tmp_path: Path) -> None:
    """Nothing on record is left out of the sum; an office without a slip has its line of noughts."""
    add(store, Office(id=OFFICE, name="Northside"), WHO)
    referred(store, tmp_path / "inbox", 1)
    lines = [one for one in conversions(store, POLICY) if one.provider_id is None]
    assert [(one.office_id, one.slips, one.accepted) for one in lines] == [(OFFICE, 0, 0), (None, 1, 1)]
