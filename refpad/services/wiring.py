"""From settings to the open record and the rules that it judges by."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import SystemRandom

from followup import rules
from followup.calendar import BusinessCalendar
from refpad.services.designs import DesignBook
from refpad.settings import Settings
from schemas.errors import MachineError
from store.clock import SystemClock
from store.database import Store, open_store
from store.files import make_folder
from store.kept_files.in_bucket import KeptBucket
from store.letters.restore_guard import check_restored
from store.purge.again import purge_again
from store.studio_rules import StudioRules


def open_record(settings: Settings, *, may_begin_anew: bool = False) -> Store:
    """The record of this studio, created or brought up to date when needed; close it after use.

    Where one was and is gone, it is begun anew only when that is asked for, or in practice.
    """
    with data_folder_errors(settings):
        clock = SystemClock(settings.time_zone, settings.today)
        store = open_store(
            settings.url,
            settings.store_folder,
            clock,
            state_folder(settings),
            may_begin_anew=may_begin_anew or settings.practice,
            kept=file_place(settings),
        )
    check_restored(store)
    purge_again(store)
    return store


def file_place(settings: Settings) -> KeptBucket | None:
    """The bucket in which the record's files are kept; None while that is the data folder.

    A further studio has a prefix of its own within: a scan that two studios have is two files.
    """
    if settings.files is None:
        return None
    own = f"/studios/{settings.folder.name}" if settings.shared_folder is not None else ""
    return KeptBucket(settings.files.rstrip("/") + own, settings.store_folder / "incoming", settings.files_endpoint)


def state_folder(settings: Settings) -> Path:
    """Where the record's anchor is, made when it is not there; raises MachineError, with the remedy."""
    outside = f"set REFPAD_STATE_FOLDER to a folder of yours that lies outside {settings.folder.absolute()}."
    if settings.state.absolute().is_relative_to(settings.folder.absolute()):
        raise MachineError(f"The state folder {settings.state} would be restored with the data folder: {outside}")
    try:
        return make_folder(settings.state)
    except OSError as error:
        raise MachineError(f"The state folder {settings.state} cannot be made ({error.strerror}): {outside}") from None


@contextmanager
def data_folder_errors(settings: Settings) -> Iterator[None]:
    """Raises MachineError, with the remedy, when the data folder, or the state folder, cannot be made or written."""
    try:
        yield
    except OSError as error:
        is_file = isinstance(error, FileExistsError | NotADirectoryError)
        why = "a file is in its place" if is_file else error.strerror or "it does not answer"
        at = Path(error.filename if isinstance(error.filename, str) else settings.folder).absolute()
        state, folder = settings.state.absolute(), settings.folder.absolute()
        if at.is_relative_to(state):
            raise MachineError(_unusable(f"The state folder {state}", at, state, why, "REFPAD_STATE_FOLDER")) from None
        raise MachineError(_unusable(f"The data folder {folder}", at, folder, why, "REFPAD_FOLDER")) from None


def _unusable(what: str, at: Path, folder: Path, why: str, setting: str) -> str:
    """With the file in it that is at fault: one command typed as root leaves some that only root may open."""
    file = f"{at.relative_to(folder)}: " if at != folder and at.is_relative_to(folder) else ""
    mend = f"type chown -R {os.getuid()} {folder}, or set {setting} to a folder of yours."
    return f"{what} cannot be used ({file}{why}): {mend}"


def rules_of(settings: Settings) -> StudioRules:
    """How this studio judges slips, which pads it knows (new ones as they come), and when follow-ups are due."""
    policy = settings.follow_ups
    calendar = BusinessCalendar(policy.holidays, policy.working_days)
    return StudioRules(
        policy=settings.policy,
        design_of=DesignBook(settings.designs).find,
        plan=partial(rules.plan, policy=policy, calendar=calendar),
        plan_office=partial(rules.plan_office, policy=policy),
        call_again=partial(calendar.after, business_days=1),
        tell_after_calls=policy.tell_after_calls,
        sample_share=settings.front_desk.sample_share,
        chance=SystemRandom().random,
    )


def whoever() -> str:
    """The name of the person at the keyboard, as the operating system knows it, for the audit."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in containers users often have a number only
        return f"user {os.getuid()}"
