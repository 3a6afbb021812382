"""Where the time of reading went, kept in sums beside the record: what a restart leaves out, no rate can be made of.

Each process that reads adds to a file of its own. One that begins goes on with the file of one that has ended, so that
there are no more of them than ever were at work at once, and the sum over all never falls. They tell of no file and no
slip, are in no backup, and nothing is decided by them: a disk that takes nothing stops no reading.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TypeAlias

from pydantic import ValidationError

from schemas.atomic_write import replace_file
from schemas.time_spent import TIME_SPENT, TimeSpent, summed
from store import files
from store.database import Store
from store.workers.workers import this_machine

KeepTimes: TypeAlias = Callable[[TimeSpent], None]


@contextmanager
def keep_times(store: Store) -> Iterator[KeepTimes]:
    """What this process calls with the time it spent on a file; used by one thread."""
    folder = files.make_folder(_folder(store))
    with files.hold_first_free(folder / f"{this_machine()}-{number}.lock" for number in count(1)) as lock:
        path = lock.with_suffix(".json")
        total = _read(path)

        def keep(spent: TimeSpent) -> None:
            nonlocal total
            if not spent:
                return
            total = summed(total, spent)
            with contextlib.suppress(OSError), replace_file(path) as file:
                file.write(TIME_SPENT.dump_json(total))

        yield keep


def reading_times(store: Store) -> TimeSpent:
    """All that was spent on reading and recording, by every process that shares this record's folder."""
    return summed(*(_read(path) for path in sorted(_folder(store).glob("*.json"))))


def _read(path: Path) -> TimeSpent:
    """One that a crash of the machine has damaged begins anew."""
    try:
        return TIME_SPENT.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return {}


def _folder(store: Store) -> Path:
    return store.folder / "times"
