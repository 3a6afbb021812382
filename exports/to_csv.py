"""CSV files (RFC 4180) that people open in a spreadsheet; docs/csv.md documents them."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TextIO, TypeVar

from schemas.atomic_write import replace_text_file
from schemas.errors import MachineError
from schemas.export import ExportedReferral
from schemas.phones import show_phone

# With the byte order mark: without it Excel reads UTF-8 as Windows-1252 and shows "Núñez" as "NÃºÃ±ez".
ENCODING = "utf-8-sig"
SEPARATOR = "; "  # between ticked boxes, whose names hold neither character
ESCAPE = "'"

# What makes spreadsheets take a cell for a formula (OWASP ASVS 5.0, 1.2.10; full-width signs as some
# Asian editions do), and the escape itself, so that it can be taken away again.
_ESCAPED_STARTS = re.compile(r"\s*['=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n\0]")

Row = TypeVar("Row")

COLUMNS: Mapping[str, Callable[[ExportedReferral], object]] = {
    "referral_id": lambda row: row.referral_id,
    "accepted_on": lambda row: row.accepted_on.isoformat(),
    "accepted_by": lambda row: row.accepted_by,
    "office_id": lambda row: row.office_id,
    "office_name": lambda row: row.office_name,
    "patient_name": lambda row: row.referral.patient_name,
    "patient_phone": lambda row: phone_cell(row.referral.patient_phone),
    "provider_name": lambda row: row.referral.provider_name,
    "diagnosis": lambda row: row.referral.diagnosis,
    "goals": lambda row: row.referral.goals,
    "precautions": lambda row: row.referral.precautions,
    "conditions": lambda row: SEPARATOR.join(row.referral.conditions),
    "other_condition": lambda row: row.referral.other_condition,
    "services": lambda row: SEPARATOR.join(row.referral.services),
    "other_service": lambda row: row.referral.other_service,
    "signed_on": lambda row: row.referral.signed_on.isoformat(),
    "next_visit_on": lambda row: row.referral.next_visit_on and row.referral.next_visit_on.isoformat(),
    "design": lambda row: row.referral.design,
    "edition": lambda row: row.referral.edition,
    "serial": lambda row: row.referral.serial,
    "file_id": lambda row: row.file_id,
    "page": lambda row: row.page,
    "slip": lambda row: row.slip,
    "signature": lambda row: row.referral.signature,
    "birth_date": lambda row: row.referral.birth_date and row.referral.birth_date.isoformat(),
    "confirmed_codes": lambda row: SEPARATOR.join(row.confirmed_codes),
    "patient_id": lambda row: row.patient_id,
}


ANSWER = "answer_"  # begins the names of columns that a pad's design adds: none can be one of refpad's own


def referral_columns(answers: Iterable[str]) -> Mapping[str, Callable[[ExportedReferral], object]]:
    """The columns of the referrals, with one behind them for each of the `answers` that pads ask for."""
    return {**COLUMNS, **{f"{ANSWER}{name}": partial(_answer, name) for name in answers}}


def write_referrals(rows: Iterable[ExportedReferral], path: Path, answers: Iterable[str] = ()) -> int:
    """Write all referrals to `path`; see `write_csv` and `referral_columns`."""
    return write_csv(rows, path, referral_columns(answers))


def _answer(name: str, row: ExportedReferral) -> object:
    value = row.referral.answers.get(name)
    return SEPARATOR.join(value) if isinstance(value, tuple) else value


def write_csv(rows: Iterable[Row], path: Path, columns: Mapping[str, Callable[[Row], object]]) -> int:
    """Write all rows to `path`, replacing it in one step; returns how many there were.

    Raises MachineError when the file cannot be written; `path` is then as it was.
    """
    try:
        with replace_text_file(path, ENCODING) as file:
            count = _write(file, rows, columns)
    except OSError as error:
        raise MachineError(
            f"The export {path} could not be written ({error.strerror}); mend that and run `refpad export csv` again."
        ) from None
    return count


def csv_bytes(rows: Iterable[Row], columns: Mapping[str, Callable[[Row], object]]) -> tuple[bytes, int]:
    """The same file in memory, and how many rows it has."""
    text = StringIO(newline="")
    count = _write(text, rows, columns)
    return text.getvalue().encode(ENCODING), count


def csv_line(row: Row, columns: Mapping[str, Callable[[Row], object]]) -> bytes:
    """One row as it stands in the file, without the end of its line."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="").writerow(escaped(_text(column(row))) for column in columns.values())
    return text.getvalue().encode()


def _write(file: TextIO, rows: Iterable[Row], columns: Mapping[str, Callable[[Row], object]]) -> int:
    writer, count = csv.writer(file), 0
    writer.writerow(columns)
    for row in rows:
        writer.writerow(escaped(_text(column(row))) for column in columns.values())
        count += 1
    return count


def escaped(cell: str) -> str:
    """The cell with a leading apostrophe when a spreadsheet might take it for a formula, or it has one already."""
    return ESCAPE + cell if _ESCAPED_STARTS.match(cell) else cell


def phone_cell(e164: str) -> str:
    """Numbers of the North American plan (+1) as people there write them, others with their country code."""
    return show_phone(e164, "US") if e164.startswith("+1") else e164


def _text(value: object) -> str:
    return "" if value is None else str(value)
