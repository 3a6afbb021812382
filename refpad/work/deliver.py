"""What goes out: the files that other programs read."""

from pathlib import Path

from exports.to_csv import write_csv
from exports.to_ics import write_ics
from refpad.settings import Settings
from store.database import Store
from store.files import make_folder
from store.referrals import exported
from store.tasks import exported_tasks

REFERRALS_CSV = "referrals.csv"
TASKS_ICS = "tasks.ics"


def deliver(store: Store, exports_folder: Path) -> int:
    """Rewrite referrals.csv with every accepted referral; returns how many there are.

    Raises MachineError when the file cannot be written; the one of before is then still whole.
    """
    make_folder(exports_folder)
    return write_csv(exported(store), exports_folder / REFERRALS_CSV)


def deliver_calendar(store: Store, settings: Settings, path: Path) -> int:
    """Write the calendar of what stands anew; returns how many follow-ups it holds."""
    make_folder(path.parent)
    return write_ics(exported_tasks(store, standing_only=True), path, settings.studio.name, store.clock.now())
