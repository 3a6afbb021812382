"""How long it takes to open a scanned PDF: its pictures taken out, against rendering it."""

import time
from dataclasses import dataclass
from pathlib import Path

from pdf2image import convert_from_path

from bench.slips.simulated import BENCH_DAY
from ocr.page import Page
from ocr.pages.opener import PageOpener
from pads.simulate.scenes import simulate
from pads.simulate.truth import Channel
from schemas.pad import PadDesign

PDF_PAGES = 20
RENDER_DPI = 300


@dataclass(frozen=True)
class OpeningTimes:
    """Milliseconds a page of a scanned 300 dpi letter PDF: taking its picture out, and rendering it with pdf2image."""

    pages: int
    ms_taken_out: float
    ms_rendered: float


def measure_opening(folder: Path, designs: tuple[PadDesign, ...], opener: PageOpener) -> OpeningTimes:
    """Open one PDF of PDF_PAGES single-image pages both ways, after a warm-up."""
    scans = simulate(
        folder,
        designs=designs,
        count=2 * PDF_PAGES,
        channels=[Channel.SCAN_300],
        seed=7,
        today=BENCH_DAY,
        per_page=2,
        pages_per_file=PDF_PAGES,
    )
    path = folder / scans[0].file
    _open(opener, path)
    begun = time.perf_counter()
    pages = _open(opener, path)
    taken_out = time.perf_counter() - begun
    begun = time.perf_counter()
    for number in range(1, pages + 1):
        convert_from_path(path, dpi=RENDER_DPI, grayscale=True, first_page=number, last_page=number)
    rendered = time.perf_counter() - begun
    return OpeningTimes(pages, 1000 * taken_out / pages, 1000 * rendered / pages)


def _open(opener: PageOpener, path: Path) -> int:
    return sum(isinstance(page, Page) for page in opener.pages(path))
