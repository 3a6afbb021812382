"""The CSV of referrals, brought up to date after each batch: only what changed since is rendered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from exports.renewed_csv import LINE_END, CsvNote, note_of, read_note, renewed, write_note
from exports.to_csv import ANSWER, COLUMNS, csv_bytes, csv_line, referral_columns
from refpad import __version__
from schemas.atomic_write import copy_whole, replace_file
from schemas.errors import MachineError, UsageError
from schemas.export import ExportedReferral
from store.database import Store
from store.referrals.exported import ReferralView, view_referrals


@dataclass(frozen=True)
class _Changes:
    """What changed on record since the file was written that `note` tells of."""

    note: CsvNote
    rows: Sequence[ExportedReferral]
    gone: Collection[int]

    @property
    def answers(self) -> tuple[str, ...]:
        """What pads ask for, by the file's columns."""
        return tuple(name.removeprefix(ANSWER) for name in self.note.columns[len(COLUMNS) :])

    @property
    def are_behind(self) -> bool:
        """Whether all of them go behind what the file holds, in the columns that it has."""
        numbers = (*(int(row.referral_id) for row in self.rows), *self.gone)
        asked = {name for row in self.rows for name in row.referral.answers}
        return all(number > self.note.last for number in numbers) and asked <= set(self.answers)

    def lines(self, answers: Sequence[str]) -> dict[int, bytes]:
        """The changed rows as they stand in the file."""
        columns = referral_columns(answers)
        return {int(row.referral_id): csv_line(row, columns) for row in self.rows}


def renew_referrals(store: Store, path: Path) -> int:
    """Bring the CSV at `path` up to date, replacing it in one step; returns how many referrals it holds.

    Raises MachineError when the file cannot be written; the earlier file is then still whole.
    """
    try:
        note = _renew(store, path)
        write_note(path, note)
    except OSError as error:
        raise MachineError(
            f"The export {path} could not be written ({error.strerror}); mend that and run `refpad export csv` again."
        ) from None
    return note.rows


class _UnchangedError(Exception):
    """Nothing that the file holds has changed: it stays, and is up to date by now."""

    def __init__(self, note: CsvNote) -> None:
        super().__init__()
        self.note = note


def _renew(store: Store, path: Path) -> CsvNote:
    """The file is locked first: of two writers, the second sees what the first has written."""
    try:
        with replace_file(path) as file, view_referrals(store) as view:
            return _write(view, path, file)
    except _UnchangedError as unchanged:
        return unchanged.note


def _write(view: ReferralView, path: Path, file: BinaryIO) -> CsvNote:
    """Write the file as it is to be; what is to be noted of it."""
    cursor, changes = view.cursor, _changes(view, path)
    if changes is not None and changes.are_behind:
        if not changes.rows:
            raise _UnchangedError(changes.note.model_copy(update={"cursor": cursor}))
        copy_whole(path, file)
        lines = changes.lines(changes.answers)
        file.write(b"".join(line + LINE_END for line in lines.values()))
        return note_of(file, cursor, changes.note.columns, __version__, changes.note.rows + len(lines), max(lines))
    columns = referral_columns(view.answers)
    content, count = _renewed(changes, path, view.answers) or csv_bytes(view.all(), columns)
    file.write(content)
    return note_of(file, cursor, tuple(columns), __version__, count, view.last)


def _changes(view: ReferralView, path: Path) -> _Changes | None:
    """None when the file has to be written anew."""
    note = read_note(path)
    if note is None or not note.fits(tuple(COLUMNS), __version__):
        return None
    try:
        rows, gone = view.since(note.cursor)
    except UsageError:  # the record was put back since
        return None
    return _Changes(note, list(rows), gone)


def _renewed(changes: _Changes | None, path: Path, answers: Sequence[str]) -> tuple[bytes, int] | None:
    """The file with its changed lines in their places; None when it has to be written anew."""
    if changes is None or changes.answers != tuple(answers):
        return None
    return renewed(path.read_bytes(), changes.note.rows, changes.lines(answers), changes.gone)
