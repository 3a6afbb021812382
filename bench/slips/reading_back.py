"""Simulated files read back: each slip of the truth with its reading."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ocr.page import Page
from ocr.pages.opener import PageOpener
from ocr.reader import Reader, ReadPage, SlipResult
from pads.simulate.truth import PlacedSlip, ScanTruth


def read_back(
    folder: Path, scans: Sequence[ScanTruth], reader: Reader, opener: PageOpener
) -> Iterator[tuple[ScanTruth, ReadPage | None]]:
    """Each page of one file with what was read on it; None when it could not be opened."""
    opened = {page.number: page for page in opener.pages(folder / scans[0].file) if isinstance(page, Page)}
    for scan in scans:
        page = opened.get(scan.page)
        yield scan, reader.read_page(page, scan.file, scan.received_on) if page is not None else None


def partners(scan: ScanTruth, read: ReadPage | None) -> list[tuple[PlacedSlip, SlipResult | None]]:
    """Each slip of a page with its reading, None when it was not found; serials are never printed twice."""
    slips = {_name(slip): slip for slip in read.slips} if read else {}
    named = (((placed.slip.design, placed.slip.edition, placed.slip.serial), placed) for placed in scan.slips)
    return [(placed, slips.get(name)) for name, placed in named]


def _name(slip: SlipResult) -> tuple[str | None, int | None, int | None]:
    return slip.reading.design, slip.reading.edition, slip.reading.serial
