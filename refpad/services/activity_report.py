"""The report of offices as a file: CSV for a spreadsheet, or one picture."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from exports.followup_columns import OFFICE_COLUMNS
from exports.to_csv import write_csv
from followup.letter_pdf import preview_png
from refpad.services.letters.letters import press_of
from refpad.services.private_files import write_private
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.office import OfficeActivity


def write_activity(settings: Settings, found: Sequence[OfficeActivity], out: Path, today: date) -> None:
    """Write it as `out`'s suffix says; a picture as PNG holds what fits on the first page."""
    if out.suffix == ".csv":
        write_csv(found, out, OFFICE_COLUMNS)
        return
    if out.suffix not in (".pdf", ".png"):
        raise UsageError(f"{out} is neither FILE.csv, FILE.png nor FILE.pdf.")
    pdf = press_of(settings).activity(found, today)
    write_private(out, pdf if out.suffix == ".pdf" else preview_png(pdf))
