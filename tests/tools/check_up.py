"""Drop every file of a folder of awkward files (with its EXPECT.csv) into the inbox of one running `refpad up`.

python -m tests.tools.check_up FOLDER [CATEGORY...]

`check_intake` gives each case a studio of its own; here all share one, its supervisor, its Prefect and its front desk,
so that what one file does to the next is seen. The same slips are drawn in several of the files: that one came twice,
or that its number was seen before, is then right.
"""

import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from refpad.ops.health import does_front_desk_answer, does_prefect_answer
from refpad.services.intake.watcher import still_coming
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.reasons import FindingCode
from schemas.states import OccurrenceState
from store.database import Store
from store.intake.ledger.files import ledger
from store.verify import verify
from tests.databases import free_port
from tests.tools.check_badinputs import path_of
from tests.tools.check_intake import BEFORE, LIMITS, QUIET_S, drop_into, ending_of
from tests.tools.verdicts import OF_THE_WRITING, Ending, judge

PATIENCE_S, SETTLE_S, MOST_S, START_MOST_S = 3.0, 6.0, 1800.0, 600.0
ASK_S = 20.0  # a machine that many share
TWICE = {FindingCode.POSSIBLE_DUPLICATE}
Row = dict[str, str]


def values_of(folder: Path) -> Settings:
    """Settings of a studio of its own in `folder`, in the environment too: what is started from here has them."""
    values = {
        "folder": folder / "data",
        "state_folder": folder / "state",
        "quiet_seconds": QUIET_S,
        "patience_seconds": PATIENCE_S,
        "keep_seconds": 0,
        "prefect_port": free_port(),
        "front_desk__port": free_port(),
        **{f"limits__{name}": value for name, value in LIMITS.model_dump().items()},
    }
    os.environ.update({f"REFPAD_{name.upper()}": str(value) for name, value in values.items()})
    return Settings()


@contextmanager
def running(folder: Path) -> Iterator[Settings]:
    """`refpad up` in a data folder of its own, once it answers; what it says is in the file `said`."""
    settings = values_of(folder)
    command = [sys.executable, "-c", "from refpad.cli import main; main()", "up"]
    with (folder / "said").open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as process:
        try:
            _wait(lambda: does_front_desk_answer(settings, ASK_S), START_MOST_S)
            _wait(lambda: settings.prefect_url is not None or does_prefect_answer(settings, ASK_S), START_MOST_S)
            yield settings
        except BaseException:
            for path in (folder / "said", *folder.glob("data/logs/*")):
                Console().print(path.name, path.read_text(errors="replace")[-3000:], markup=False)
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _wait(is_so: Callable[[], bool], most_s: float) -> None:
    until = time.monotonic() + most_s
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError("refpad up does not come to it")
        time.sleep(0.3)


def rounds(rows: list[Row], folder: Path) -> Iterator[list[tuple[Row, Path]]]:
    """The files in their order, each with its row; one that must come later, or under a name again, begins a round."""
    now: list[tuple[Row, Path]] = []
    for row in rows:
        source = path_of(folder, row["file"])
        if row["file"] in BEFORE or source.name in {other.name for _, other in now}:
            yield now
            now = []
        now.append((row, source))
    yield now


def drain(store: Store, settings: Settings) -> None:
    """Wait until nothing comes any more, and nothing waits to be read."""
    idle_since_s = time.monotonic()

    def is_idle() -> bool:
        nonlocal idle_since_s
        if ledger(store).waiting or still_coming(store, settings):
            idle_since_s = time.monotonic()
        return time.monotonic() - idle_since_s > SETTLE_S

    _wait(is_idle, MOST_S)


def came_to(store: Store, inbox: Path, row: Row, source: Path) -> tuple[Ending, str]:
    """What became of a file, and the verdict; of slips that lie in another file as well, that is no difference."""
    ending = ending_of(store, inbox, source, source.name)
    if ending.state == OccurrenceState.DUPLICATE and row["reason_class"] == "empty" and not ending.wrong:
        return ending, "came twice"  # all empty files are the same
    if FindingCode.POSSIBLE_DUPLICATE in ending.codes and not ending.wrong and row["expected"] == "accepted":
        expected = int(row["records"] or 0)
        is_of_writing = set(ending.codes) <= OF_THE_WRITING | TWICE
        return ending, "came twice" if ending.slips == expected and is_of_writing else "differs"
    return ending, judge(row, ending)


def main(folder: Path, categories: list[str]) -> int:
    """Print what differs and is doubted; the number of files that differ, of problems and of tracebacks."""
    listed = [
        row for row in csv.DictReader((folder / "EXPECT.csv").open()) if not categories or row["category"] in categories
    ]
    console, table, tally = Console(width=170), Table("file", "expected", "got", "slips", "codes", ""), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="check-up-") as made:
        with running(Path(made)) as settings, closing(open_record(settings)) as store:
            began_s = time.monotonic()
            for group in rounds(listed, folder):
                drop_into(settings.inbox, *(source for _, source in group))
                drain(store, settings)
                for row, source in group:
                    got, verdict = came_to(store, settings.inbox, row, source)
                    tally[verdict or "as asked"] += 1
                    if verdict:
                        codes = ", ".join(f"{code} {count}" for code, count in sorted(got.codes.items()))
                        wanted = f"{row['expected']} {row['reason_class']} {row['records']}"
                        told = "; ".join((got.told, *got.wrong))
                        table.add_row(ascii(row["file"])[:48], wanted, told, str(got.slips), codes, verdict)
            took_s, seen, problems = time.monotonic() - began_s, ledger(store), verify(store)
            answers = does_front_desk_answer(settings, ASK_S), does_prefect_answer(settings, ASK_S)
        logs = "".join(path.read_text(errors="replace") for path in Path(made).glob("data/logs/*"))
        said = (Path(made) / "said").read_text(errors="replace")
    left = len(psutil.Process().children(recursive=True))
    tracebacks = (logs + said).count("Traceback")
    console.print(table)
    for problem in problems:
        console.print(f"verify: {problem.subject}: {problem.message}", markup=False)
    console.print(f"{dict(tally)} in {took_s:.0f} s; {seen}; front desk and Prefect answer: {answers}")
    console.print(f"{len(problems)} problems, {left} processes left, {tracebacks} tracebacks")
    if tracebacks:
        console.print((logs + said)[-8000:], markup=False)
    return tally["differs"] + len(problems) + left + tracebacks


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]) > 0)
