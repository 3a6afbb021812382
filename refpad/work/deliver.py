"""What goes out: the files that other programs read."""

from pathlib import Path

from exports.to_csv import write_csv
from store.database import Store
from store.files import make_folder
from store.referrals import exported

REFERRALS_CSV = "referrals.csv"


def deliver(store: Store, exports_folder: Path) -> int:
    """Rewrite referrals.csv with every accepted referral; returns how many there are.

    Raises MachineError when the file cannot be written; the one of before is then still whole.
    """
    make_folder(exports_folder)
    return write_csv(exported(store), exports_folder / REFERRALS_CSV)
