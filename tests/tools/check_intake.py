"""Drop every file of a folder of awkward files (with its EXPECT.csv) into an inbox of its own; judge what came of it.

python -m tests.tools.check_intake FOLDER [CATEGORY...]

Each case has a fresh data folder and a good scan dropped right after it. The file that nobody may read tells
something only when this runs as another user than root.
"""

import csv
import os
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from exports.to_csv import ESCAPE, escaped
from refpad.services.exports import REFERRALS_CSV, export_referrals
from refpad.services.intake.process_file import process_next
from refpad.services.intake.watcher import RETRY_S, Watcher, open_watcher, prepare_inbox, unfinished
from refpad.services.reading.reader_process import ChildReader, open_child_reader
from refpad.services.wiring import open_record, rules_of
from refpad.settings import Settings
from schemas.limits import Limits
from schemas.reasons import SetAsideReason
from schemas.states import FileState, OccurrenceState
from store.database import Store
from store.files import sha256_of
from store.intake.ledger.files import ledger
from store.intake.taking_in.take_in import take_in
from store.tables import file, occurrence, page, slip
from store.verify import verify
from store.workers.workers import register_worker
from tests.tools.check_badinputs import path_of
from tests.tools.verdicts import Ending, judge

LIMITS = Limits(page_seconds=8, file_seconds=60, ocr_seconds=15)
QUIET_S, PATIENCE_S = 0.05, 0.6
DRAIN_MOST_S = 240.0
SMALL_BYTES = 1 << 27  # of a file that is hashed to see that it is untouched
CONTROL, OTHER_CONTROL = "names/0.pdf", "good/control.png"
# What must have come in before a case is one, and what comes in the same moment.
BEFORE = {
    "dup/second_name.pdf": "dup/first.pdf",
    "dup/resaved.pdf": "dup/first.pdf",
    "dup/rescanned.jpg": "dup/first.pdf",
    "dup/step2/SCN_0001.pdf": "dup/step1/SCN_0001.pdf",
}
BESIDE = {"dup/case_a/scan.pdf": "dup/case_a/Scan.pdf", "fs/hard_b.pdf": "fs/hard_a.pdf"}


@dataclass(frozen=True)
class Studio:
    """A fresh data folder with its record, and the one reader of all cases."""

    settings: Settings
    store: Store
    reader: ChildReader
    watcher: Watcher

    def drop(self, *sources: Path) -> None:
        drop_into(self.settings.inbox, *sources)

    def work_off(self, patience_s: float = 2 * PATIENCE_S) -> None:
        """Watch, take in and read as the watcher's process does, until nothing comes any more."""
        until = time.monotonic() + DRAIN_MOST_S
        idle_since_s = time.monotonic()
        with register_worker(self.store) as worker:
            while time.monotonic() - idle_since_s < (patience_s if self.has_unfinished() else 4 * QUIET_S):
                if time.monotonic() > until:
                    return
                for path in self.watcher.ready():
                    take_in(self.store, path, LIMITS)
                    idle_since_s = time.monotonic()
                while process_next(self.store, self.reader, rules_of(self.settings), worker, LIMITS) is not None:
                    idle_since_s = time.monotonic()
                time.sleep(QUIET_S)
        export_referrals(self.store, self.settings.exports)

    def has_unfinished(self) -> bool:
        return bool(unfinished(self.store, self.settings))


def drop_into(inbox: Path, *sources: Path) -> None:
    """Copy into the inbox whatever it is: links, pipes, holes, rights and times included."""
    with ExitStack() as opened:
        for source in sources:
            opened.enter_context(readable(source))
        subprocess.run(["cp", "-a", "--sparse=always", "--", *map(str, sources), str(inbox)], check=True)
    for source in sources:
        if not source.is_symlink() and (inbox / source.name).exists():  # it may have been taken in meanwhile
            (inbox / source.name).chmod(stat.S_IMODE(source.lstat().st_mode))


@contextmanager
def readable(source: Path) -> Iterator[Path]:
    """The file while its owner may read it, whatever its rights are."""
    mode = source.lstat().st_mode
    if not stat.S_ISREG(mode) or mode & stat.S_IRUSR:
        yield source
        return
    source.chmod(mode | stat.S_IRUSR)
    try:
        yield source
    finally:
        source.chmod(mode)


def digest(source: Path) -> str:
    with readable(source):
        return sha256_of(source)


@contextmanager
def studio(reader: ChildReader, where: Path) -> Iterator[Studio]:
    """A studio in `where` that goes with the block."""
    with tempfile.TemporaryDirectory(dir=where) as folder:
        settings = Settings(folder=Path(folder), limits=LIMITS, quiet_seconds=QUIET_S, patience_seconds=PATIENCE_S)
        prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
        with closing(open_record(settings)) as store:
            yield Studio(settings, store, reader, open_watcher(settings))


def ending_of(store: Store, inbox: Path, source: Path, name: str) -> Ending:
    """What the record says of the drop called `name`."""
    query = (
        sa.select(occurrence, file.c.state.label("became"), file.c.reason.label("why"), file.c.sha256)
        .select_from(occurrence.outerjoin(file, file.c.id == occurrence.c.file_id))
        .where(occurrence.c.name == os.fsencode(name))
        .order_by(occurrence.c.id.desc())
    )
    with store.read() as connection:
        row = connection.execute(query).first()
        if row is None:
            return Ending(wrong=["never recorded"])
        slips = connection.execute(sa.select(slip.c.findings).where(slip.c.file_id == row.file_id)).scalars().all()
        pages = connection.execute(sa.select(page.c.reason).where(page.c.file_id == row.file_id)).scalars().all()
    state = row.became if row.state == OccurrenceState.TAKEN else row.state
    ending = Ending(state, (row.why if row.state == OccurrenceState.TAKEN else row.reason) or "", len(slips))
    ending.codes.update(finding["code"] for findings in slips for finding in findings)
    ending.codes.update(f"page:{reason}" for reason in pages if reason)
    if row.file_id is None:
        ending.wrong += untouched(source, inbox / name)
    elif store.original(row.sha256).stored_sha256() != digest(source):
        ending.wrong.append("original changed")
    return ending


def untouched(source: Path, left: Path) -> list[str]:
    """Nothing when what was refused still lies in the inbox as it was dropped."""
    if not os.path.lexists(left):
        return ["gone from the inbox"]
    was, now = source.lstat(), left.lstat()
    if stat.S_IFMT(was.st_mode) != stat.S_IFMT(now.st_mode) or (was.st_size != now.st_size and left.is_file()):
        return ["changed in the inbox"]
    is_small = stat.S_ISREG(was.st_mode) and was.st_size < SMALL_BYTES and os.access(left, os.R_OK)
    return ["changed in the inbox"] if is_small and digest(source) != sha256_of(left) else []


def faults(at: Studio, control: Path) -> Iterator[str]:
    """What the case did to the rest: the good file, the record, the export, the folders and the processes."""
    good = ending_of(at.store, at.settings.inbox, control, control.name)
    if good.state not in (FileState.DONE, FileState.REVIEW):
        yield f"control: {good.told}"
    yield from (f"verify: {each.message}" for each in verify(at.store))
    if ledger(at.store).waiting:
        yield "a file still waits"
    yield from (f"left in the store: {each.name}" for each in at.store.incoming.iterdir())
    taken = [each.name for each in at.settings.inbox.iterdir() if each.name.startswith(".refpad-taken")]
    yield from (f"left in the inbox: {each}" for each in taken)
    scratch = Path(tempfile.gettempdir())
    yield from (f"temporary: {each.name}" for each in scratch.rglob("*") if each.is_file() and each.name != ".in-use")
    for child in psutil.Process().children(recursive=True):
        if "ocr.sandbox.child_main" not in child.cmdline():
            yield f"process left: {child.name()}"
    with (at.settings.exports / REFERRALS_CSV).open(encoding="utf-8-sig", newline="") as rows:
        cells = [cell for row in csv.reader(rows) for cell in row]
    yield from ("a formula in the export" for cell in cells if escaped(cell.removeprefix(ESCAPE)) != cell)


def run(folder: Path, row: dict[str, str], reader: ChildReader, where: Path) -> Ending:
    """One case from the drop to its ending."""
    name = row["file"]
    source, control = path_of(folder, name), path_of(folder, OTHER_CONTROL if name == CONTROL else CONTROL)
    with studio(reader, where) as at:
        if name in BEFORE:
            at.drop(path_of(folder, BEFORE[name]))
            at.work_off()
        at.drop(*([path_of(folder, BESIDE[name])] if name in BESIDE else []), source)
        at.drop(control)
        at.work_off()
        ending = ending_of(at.store, at.settings.inbox, source, source.name)
        ending.wrong += faults(at, control)
        if ending.reason == SetAsideReason.UNREADABLE:
            (at.settings.inbox / source.name).chmod(0o600)
            at.work_off(patience_s=2 * RETRY_S)
            if ending_of(at.store, at.settings.inbox, source, source.name).state not in (
                FileState.DONE,
                FileState.REVIEW,
            ):
                ending.wrong.append("not taken in once it could be read")
    return ending


@contextmanager
def apart() -> Iterator[tuple[Path, Path]]:
    """A folder for studios, and the file that standard error goes to; temporary files have a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="check-intake-") as folder:
        studios, scratch, said = (Path(folder) / name for name in ("studios", "scratch", "stderr"))
        studios.mkdir()
        scratch.mkdir()
        tempfile.tempdir = str(scratch)
        real = os.dup(sys.stderr.fileno())
        with said.open("wb") as heard:
            os.dup2(heard.fileno(), sys.stderr.fileno())
        try:
            yield studios, said
        finally:
            os.dup2(real, sys.stderr.fileno())


def main(folder: Path, categories: list[str]) -> int:
    """Print what differs and what is doubted; the number of cases that differ."""
    console, tally = Console(width=150), Counter[str]()
    table = Table("file", "expected", "got", "slips", "codes", "s", "")
    listed = list(csv.DictReader((folder / "EXPECT.csv").open()))
    with apart() as (studios, said):
        with open_child_reader(Settings(folder=studios / "none", limits=LIMITS)) as reader:
            for row in (each for each in listed if not categories or each["category"] in categories):
                began_s = time.monotonic()
                got = run(folder, row, reader, studios)
                verdict = judge(row, got)
                tally[verdict or "as asked"] += 1
                if verdict:
                    seconds = f"{time.monotonic() - began_s:.1f}"
                    table.add_row(ascii(row["file"])[:48], *_columns(row, got), seconds, verdict)
        left = len(psutil.Process().children(recursive=True))
        complaints = said.read_text(errors="replace")
    console.print(table)
    console.print(f"{dict(tally)}; {left} processes left; {complaints.count('Traceback')} tracebacks")
    return tally["differs"] + left + complaints.count("Traceback")


def _columns(row: dict[str, str], got: Ending) -> tuple[str, ...]:
    codes = ", ".join(f"{code} {count}" for code, count in sorted(got.codes.items()))
    wanted = f"{row['expected']} {row['reason_class']} {row['records']}"
    return wanted, "; ".join((got.told, *got.wrong)), str(got.slips), codes


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]) > 0)
