"""A CSV file brought up to date by its changed lines alone: rendering all of 100,000 referrals takes half a minute.

What the file holds is noted beside it, with how the file looked then. When that does not agree any more (another file,
other columns, another version, a line that is no row), the file is written anew.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from schemas.atomic_write import replace_file
from schemas.base import Value

LINE_END = b"\r\n"


class CsvNote(Value):
    """What a file held when it was written: all up to `cursor`, in so many rows of these columns, the last `last`."""

    cursor: str
    columns: tuple[str, ...]
    version: str
    rows: int
    last: int
    size_bytes: int
    modified_ns: int
    inode: int

    def fits(self, columns: Sequence[str], version: str) -> bool:
        """Whether the file begins with the same columns, made by the same version."""
        return (self.columns[: len(columns)], self.version) == (tuple(columns), version)


def read_note(path: Path) -> CsvNote | None:
    """What is noted of the file at `path`, if that is still the file that was written."""
    try:
        note = CsvNote.model_validate_json(_beside(path).read_bytes())
        found = path.stat()
    except (OSError, ValidationError):
        return None
    same = (note.size_bytes, note.modified_ns, note.inode) == (found.st_size, found.st_mtime_ns, found.st_ino)
    return note if same else None


def note_of(file: BinaryIO, cursor: str, columns: Sequence[str], version: str, rows: int, last: int) -> CsvNote:
    """What is to be noted of a file that is written, and will have its name."""
    file.flush()
    found = os.fstat(file.fileno())
    return CsvNote(
        cursor=cursor,
        columns=tuple(columns),
        version=version,
        rows=rows,
        last=last,
        size_bytes=found.st_size,
        modified_ns=found.st_mtime_ns,
        inode=found.st_ino,
    )


def write_note(path: Path, note: CsvNote) -> None:
    """Note what the file at `path` holds by now."""
    with replace_file(_beside(path)) as file:
        file.write(note.model_dump_json().encode())


def renewed(old: bytes, rows: int, changed: Mapping[int, bytes], gone: Collection[int]) -> tuple[bytes, int] | None:
    """The file with its changed rows in their places, new ones behind, and without those gone; and how many it has.

    Rows begin with their number, in rising order. None when the file is not of `rows` rows, a line each.
    """
    head, *lines = old.split(LINE_END)
    if len(lines) != rows + 1 or lines.pop():
        return None
    last = int(lines[-1].partition(b",")[0]) if lines else 0
    added = [changed[number] for number in sorted(changed) if number > last]
    if len(added) < len(changed) or gone:
        numbered = [(int(line[: line.index(b",")]), line) for line in lines]
        if not {number for number in changed if number <= last} <= {number for number, _ in numbered}:
            return None
        lines = [changed.get(number, line) for number, line in numbered if number not in gone]
    return LINE_END.join((head, *lines, *added, b"")), len(lines) + len(added)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.note")
