"""Open every file of a folder of awkward files that has an EXPECT.csv, and print expected against got.

python -m tests.tools.check_badinputs FOLDER
"""

import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from ocr.page import Page
from ocr.pages.opener import PageOpener
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason

LIMITS = Limits(page_seconds=10, file_seconds=60)
PAGE = "page"
# Reasons that are told once the page is there: by the slip finder, the store or a person.
LATER = {"no_slip_found", "duplicate", "possible_duplicate", "low_confidence", "timeout", "page_size", ""}
# What the page opener may say instead.
AS_GOOD = {
    "no_slip_found": {"blank_page", "damaged"},
    "page_size": {"no_slip_found"},
    "timeout": {"memory"},
}
NOT_FOR_THE_OPENER = {"temp", "text"}  # left alone by the watcher; about values, not files
READ_HERE = {"img/phone.heic"}


def outcomes(opener: PageOpener, path: Path) -> Iterator[str]:
    """One word a page, or the reason of the whole file."""
    try:
        for page in opener.pages(path):
            yield PAGE if isinstance(page, Page) else page.reason.value
    except SetAsideError as error:
        yield error.reason.value


def is_good(row: dict[str, str], got: list[str]) -> bool:
    """Whether opening went as the row asks, as far as opening can tell; internal_error never is."""
    if SetAsideReason.INTERNAL_ERROR.value in got:
        return False
    if row["category"] in NOT_FOR_THE_OPENER or row["file"] in READ_HERE:
        return True
    reason = row["reason_class"]
    if row["expected"] in ("accepted", "review") and PAGE in got:
        return reason != "partial_damage" or "partial_damage" in got or len(got) == 1
    if {reason, *AS_GOOD.get(reason, ())}.intersection(got):
        return True
    return PAGE in got and reason in LATER


def path_of(folder: Path, name: str) -> Path:
    """The file that a row names: as text, or byte for byte when it is no UTF-8."""
    plain = name.encode().decode("unicode_escape")
    path = folder / plain
    return path if os.path.lexists(path) else Path(os.fsdecode(os.fsencode(folder) + b"/" + plain.encode("latin-1")))


def main(folder: Path) -> int:
    """Print the table; the number of files that did not go as expected."""
    console, table, differing = Console(width=140), Table("file", "expected", "got", "s", ""), 0
    with tempfile.TemporaryDirectory() as scratch, PageOpener(LIMITS, Path(scratch)) as opener:
        for row in csv.DictReader((folder / "EXPECT.csv").open()):
            began_s = time.monotonic()
            got = list(outcomes(opener, path_of(folder, row["file"])))
            took_s, good = time.monotonic() - began_s, is_good(row, got)
            differing += not good
            name, wanted = ascii(row["file"])[:48], f"{row['expected']} {row['reason_class']}"
            table.add_row(name, wanted, "; ".join(got[:4]), f"{took_s:.2f}", "" if good else "differs")
    console.print(table)
    left = len(psutil.Process().children(recursive=True))
    console.print(f"{table.row_count} files, {differing} differ, {left} processes left")
    return differing + left


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) > 0)
