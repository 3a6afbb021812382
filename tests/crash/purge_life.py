"""A purge of what ended eight years ago, a hold set and lifted before it, and an older record put back after it; to be
killed at any step."""

import json
import shutil
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

from refpad.services.purging import end_unfinished, run_purge
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.office import Office
from schemas.outreach.entries import OutreachSaid
from schemas.retention import RetentionSettings
from store.clock import SetClock
from store.database import Store, open_store
from store.directory.offices import add
from store.intake.taking_in.take_in import take_in
from store.letters.restore_guard import acknowledge, check_restored
from store.outreach.entries import log_outreach
from store.purge.again import purge_again
from store.purge.holds import lift_hold, set_hold
from tests.crash.crash_life import NOW, WHO, opened
from tests.letter_life import accepted, end_all

LATER = timedelta(days=8 * 366)
OLD = "old"  # a copy of the record as it was before the purge
PURGED_NAME, KEPT_NAME = "Zyphora Quellwig", "Ada Quill"


def settings_of(folder: Path) -> Settings:
    terms = RetentionSettings(referrals_years=7, rejected_years=2)
    return Settings(folder=folder, state_folder=folder / "store" / "state", retention=terms)


def later(folder: Path, days: timedelta = LATER) -> Store:
    """The record eight years on."""
    clock = SetClock(NOW + days, "America/New_York")
    return open_store(f"sqlite:///{folder / 'store' / 'refpad.sqlite'}", folder / "store", clock)


def prepare_old(folder: Path) -> None:
    """Two referrals that ended, each with what a scanner left behind: one of eight years ago, one of today."""
    for name, serial, store in ((PURGED_NAME, 7, opened(folder)), (KEPT_NAME, 8, later(folder))):
        settings = settings_of(folder)
        accepted(store, settings, serial, patient_name=name, signed_on=store.clock.today().isoformat())
        add(store, Office(id=f"office-{serial}", name="Northside"), WHO)
        said = OutreachSaid(on=store.clock.today(), about=f"they asked for {name}")
        log_outreach(store, rules_of(settings), f"office-{serial}", said, WHO)
        end_all(store, settings)
        left = folder / f"scan-{serial}.pdf.part"
        left.touch()
        take_in(store, left, settings.limits)
        store.close()


def purges(folder: Path, store: Store) -> None:
    """Each act once, however often the life is begun again: a note beside the record says which were done."""
    store.close()
    done = folder / "done.json"
    acts = json.loads(done.read_text()) if done.exists() else []
    for number, act in enumerate(ACTS):
        if number not in acts:
            with suppress(UsageError):  # it was done when the life was ended
                act(folder)
            acts.append(number)
            done.write_text(json.dumps(acts))


def _hold(folder: Path) -> None:
    with closing(later(folder)) as store:
        set_hold(store, 1, "a claim", WHO)


def _lift(folder: Path) -> None:
    with closing(later(folder)) as store:
        lift_hold(store, 1, "settled", WHO)


def _copy_record(folder: Path) -> None:
    shutil.copytree(folder / "store", folder / OLD, ignore=shutil.ignore_patterns("state"))


def _purge(folder: Path) -> None:
    with closing(later(folder)) as store:
        run_purge(settings_of(folder), store, WHO)


def _put_old_record_back(folder: Path) -> None:
    """Over what is there, as `cp -a` would."""
    shutil.copytree(folder / OLD, folder / "store", dirs_exist_ok=True)
    shutil.rmtree(folder / OLD)


def _notice(folder: Path) -> None:
    """As every opening of the record, and then the start of `refpad up`, does."""
    with closing(later(folder)) as store:
        check_restored(store)
        purge_again(store)
        end_unfinished(settings_of(folder), store, WHO)
        acknowledge(store, WHO)


ACTS = (_hold, _lift, _copy_record, _purge, _put_old_record_back, _notice)
