"""What people say of a referral at the front desk, one act after the other; to be killed at any step.

A note beside the record says which acts were done. The one that was killed is begun again, and refused if it was done.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import cast

from followup.letter_pdf import Press
from refpad.services.letters.chase import Chaser
from refpad.services.wiring import rules_of
from schemas.appointment import AppointmentState
from schemas.course import EntryKind
from schemas.errors import UsageError
from schemas.followup import CallOutcome, FollowUpKind
from schemas.outreach.entries import OutreachSaid
from store.courses.session_log import log_session
from store.courses.unsaved import discard_unsaved, keep_unsaved
from store.database import Store
from store.directory.providers import edit_provider
from store.followups.calls import note_call, reopen
from store.followups.listing import FollowUp, FollowUpQuery, list_follow_ups
from store.intake.taking_in.moved import take_moved
from store.letters.addresses import renew_addresses
from store.outreach.entries import log_outreach, plan_outreach
from store.referrals.amend import amend
from store.referrals.offices import set_office_of_referral, set_office_of_slip
from store.workers import workers
from tests.crash.chase_life import FileMailer, QuickPress, settings_of
from tests.crash.crash_life import WHO

Act = Callable[[Path, Store], object]


def desk(folder: Path, store: Store) -> None:
    done = folder / "done.json"
    acts = json.loads(done.read_text()) if done.exists() else []
    for number, act in enumerate(ACTS):
        if number not in acts:
            with suppress(UsageError):
                act(folder, store)
            acts.append(number)
            done.write_text(json.dumps(acts))


def _make_letters(folder: Path, store: Store) -> None:
    (folder / "troubles-press").touch()  # no trouble here
    settings = settings_of(folder)
    with workers.register_worker(store) as worker:
        press = cast("Press", QuickPress(folder))
        for _ in Chaser(store, settings, rules_of(settings), press, FileMailer(folder), worker).make():
            pass


def _move_mail(_folder: Path, store: Store) -> None:
    edit_provider(store, 1, {"email": "new@northside.example"}, WHO)


def _renew(_folder: Path, store: Store) -> None:
    renew_addresses(store, has_mail=True)


def _say_office(_folder: Path, store: Store) -> None:
    set_office_of_slip(store, 2, "northside", WHO)
    set_office_of_referral(store, 1, "northside", WHO)


def _plan_visit(_folder: Path, store: Store) -> None:
    plan_outreach(store, "northside", OutreachSaid(on=store.clock.today()), WHO)


def _log_visit(folder: Path, store: Store) -> None:
    said = OutreachSaid(on=store.clock.today(), about="new pads")
    log_outreach(store, rules_of(settings_of(folder)), "northside", said, WHO, store.clock.today() + timedelta(days=30))


def _amend(folder: Path, store: Store) -> None:
    amend(store, rules_of(settings_of(folder)), 1, {"patient_name": "Ada Quill-Moss"}, "misread", WHO)


def _type(_folder: Path, store: Store) -> None:
    keep_unsaved(store, 1, EntryKind.ASSESSMENT, None, {"observed": {"function": "Two flights of"}}, WHO)


def _discard(_folder: Path, store: Store) -> None:
    discard_unsaved(store, 1, EntryKind.ASSESSMENT, None, WHO)


def _called(outcome: CallOutcome) -> Act:
    def act(folder: Path, store: Store) -> None:
        note_call(store, rules_of(settings_of(folder)), call(store).id, outcome, WHO)

    return act


def _session(state: AppointmentState) -> Act:
    def act(folder: Path, store: Store) -> None:
        log_session(store, rules_of(settings_of(folder)), 1, store.clock.today(), state, WHO)

    return act


def _reopen(folder: Path, store: Store) -> None:
    reopen(store, rules_of(settings_of(folder)), call(store, ended=True).id, WHO)


def _take_moved(folder: Path, store: Store) -> None:
    scan = folder / "of-another-studio"
    scan.write_bytes(b"scan 9")
    take_moved(store, scan, "scan 9 of studio north", store.clock.today(), WHO)


def call(store: Store, *, ended: bool = False) -> FollowUp:
    """The call to the patient; raises UsageError when there is none such."""
    asked = FollowUpQuery(kind=FollowUpKind.CONTACT_PATIENT, ended=ended)
    found = list_follow_ups(store, asked).follow_ups
    if not found:
        raise UsageError("There is no call.")
    return found[0]


ACTS: tuple[Act, ...] = (
    _say_office,
    _type,
    _discard,
    _make_letters,
    _move_mail,
    _renew,
    _make_letters,
    _amend,
    _called(CallOutcome.WRONG_NUMBER),
    *[_called(CallOutcome.NO_ANSWER)] * 3,
    _called(CallOutcome.DECLINED),
    _reopen,
    _session(AppointmentState.MISSED),
    _session(AppointmentState.ATTENDED),
    _take_moved,
    _plan_visit,
    _log_visit,
)
