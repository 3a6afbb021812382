"""The CSV of referrals, brought up to date after each batch: only what changed since is rendered."""

from collections.abc import Callable, Mapping
from pathlib import Path

from exports.renewed_csv import CsvNote, read_note, renewed, write_note
from exports.to_csv import csv_bytes, csv_line, referral_columns
from refpad import __version__
from schemas.atomic_write import replace_file
from schemas.errors import MachineError, UsageError
from schemas.export import ExportedReferral
from store.database import Store
from store.referrals.exported import ReferralView, view_referrals

Columns = Mapping[str, Callable[[ExportedReferral], object]]


def renew_referrals(store: Store, path: Path) -> int:
    """Bring the CSV at `path` up to date, replacing it in one step; returns how many referrals it holds.

    Raises MachineError when the file cannot be written; the earlier file is then still whole.
    """
    try:
        with replace_file(path) as file:  # first: of two writers, the second sees what the first has written
            with view_referrals(store) as view:
                cursor, columns = view.cursor, referral_columns(view.answers)
                note = read_note(path)
                usable = note if note is not None and note.fits(tuple(columns), __version__) else None
                if usable is not None and usable.cursor == cursor:
                    raise _UnchangedError(usable.rows)
                content, count = _renewed(view, path, usable, columns) or csv_bytes(view.all(), columns)
            file.write(content)
        write_note(path, cursor, tuple(columns), __version__, count)
    except _UnchangedError as unchanged:
        return unchanged.rows
    except OSError as error:
        raise MachineError(
            f"The export {path} could not be written ({error.strerror}); mend that and run `refpad export csv` again."
        ) from None
    return count


class _UnchangedError(Exception):
    """Nothing has changed since the file was written: it stays, with so many rows."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows


def _renewed(view: ReferralView, path: Path, note: CsvNote | None, columns: Columns) -> tuple[bytes, int] | None:
    """The file with what changed since it was written; None when it has to be written anew."""
    if note is None:
        return None
    try:
        rows, gone = view.since(note.cursor)
    except UsageError:  # the record was put back since
        return None
    lines = {int(row.referral_id): csv_line(row, columns) for row in rows}
    return renewed(path.read_bytes(), note.rows, lines, gone)
