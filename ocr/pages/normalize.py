"""Turn a decoded page into an upright gray page with square pixels: black ink, white paper."""

import cv2
import numpy as np

from ocr.page import Page
from ocr.pages import messages
from ocr.pages.scan import Gray, Scan
from schemas.limits import Limits
from schemas.reading import Finding

# A quarter sheet's short side (108 mm) at 50 dpi: no mark on a slip can be read below that.
SIDE_MIN_PX = 200
# Faxes are 98 lines an inch at least (ITU-T T.4: 3.85 lines a mm), scanners 1,200 at most; values
# outside are invented by a telephone or a drawing program.
DPI_MIN, DPI_MAX = 60.0, 1200.0
# 72 and 96 are what programs write when they do not know; believed only if the page stays within ledger (A3) size.
DPI_DEFAULT_MAX, LEDGER_INCH = 100.0, 17.5
# ITU-T T.4 standard fax pixels are 2.08 times as tall as wide; T.4 Annex (R8 x 3.85) is the extreme.
ASPECT_MAX = 2.5
# Two grays are told apart on paper from about 32 of 255 levels on (JPEG noise of a scan stays below 12).
CONTRAST = 32
# Below this share of other grays a page is of one shade, and no negative (4 corner marks are 0.16 % of a letter page).
OTHER_SHARE_MIN = 0.0002
ROWS_APART = 4  # every fourth row is counted: a 300 dpi scan takes 0.5 ms instead of 2
# On a negative the only white patches (1/100 of the page each way) are what was solid black: corner marks and a
# dark heading, under a tenth of the page. Paper on a dark desk fills more, or is too far off to be read.
NEGATIVE_MEDIAN_MAX, PATCHES, WHITE_PATCH, WHITE_PATCH_SHARE_MAX = 96, 100, 160, 0.10


def normalize_page(scan: Scan, number: int, notes: tuple[str, ...], limits: Limits) -> Page:
    """The page that `scan` shows, upright; raises SetAsideError when it is too small or grows too large."""
    height_px, width_px = scan.gray.shape
    if min(height_px, width_px) < SIDE_MIN_PX:
        raise messages.too_small(number, f"{width_px:,}", f"{height_px:,} pixels")
    gray, dpi = _square_pixels(scan, number, limits)
    gray, findings = _invert_negative(gray)
    gray = np.ascontiguousarray(apply_orientation(gray, scan.orientation))
    gray.flags.writeable = False
    return Page(number, gray, dpi, notes, (*scan.findings, *findings))


def apply_orientation(gray: Gray, orientation: int) -> Gray:
    """`gray` set upright; `orientation` as EXIF 2.3 and TIFF 6.0 number it (tag 274), 1 for anything else."""
    if orientation in (5, 6, 7, 8):
        gray = gray.T
    if orientation in (2, 3, 6, 7):
        gray = gray[:, ::-1]
    if orientation in (3, 4, 7, 8):
        gray = gray[::-1]
    return gray


def credible_dpi(x_dpi: float | None, y_dpi: float | None, width_px: int, height_px: int) -> tuple[float, float] | None:
    """Both resolutions when they can be true of a sheet of paper, else None."""
    if not x_dpi or not y_dpi or not all(DPI_MIN <= dpi <= DPI_MAX for dpi in (x_dpi, y_dpi)):
        return None
    if max(x_dpi, y_dpi) > ASPECT_MAX * min(x_dpi, y_dpi):
        return None
    if x_dpi < DPI_DEFAULT_MAX and max(width_px / x_dpi, height_px / y_dpi) > LEDGER_INCH:
        return None
    return x_dpi, y_dpi


def _square_pixels(scan: Scan, number: int, limits: Limits) -> tuple[Gray, float | None]:
    height_px, width_px = scan.gray.shape
    dpi = credible_dpi(scan.x_dpi, scan.y_dpi, width_px, height_px)
    if dpi is None:
        return scan.gray, None
    finest = max(dpi)
    size = round(width_px * finest / dpi[0]), round(height_px * finest / dpi[1])
    if max(abs(size[0] - width_px), abs(size[1] - height_px)) <= 1:
        return scan.gray, finest
    if size[0] * size[1] > limits.page_pixels:
        raise messages.too_many_pixels(number, *size, limits)
    squared = cv2.resize(scan.gray, size, interpolation=cv2.INTER_LINEAR)
    return squared.astype(np.uint8, copy=False), finest


def _invert_negative(gray: Gray) -> tuple[Gray, tuple[Finding, ...]]:
    counts = cv2.calcHist([gray[::ROWS_APART]], [0], None, [256], [0, 256]).ravel().cumsum(dtype=np.float64)
    paper = int(np.searchsorted(counts, counts[-1] / 2))
    darker = counts[max(paper - CONTRAST, 0)] if paper >= CONTRAST else 0
    brighter = counts[-1] - counts[min(paper + CONTRAST, 255)]
    if (darker + brighter) / counts[-1] < OTHER_SHARE_MIN:
        return gray, ()
    if paper <= NEGATIVE_MEDIAN_MAX and brighter > darker and _is_ink_on_black(gray):
        return 255 - gray, (messages.negative(),)
    return gray, ()


def _is_ink_on_black(gray: Gray) -> bool:
    """Whether the page is dark also from afar, unlike noise, and nowhere holds a sheet of paper."""
    patches = cv2.resize(gray, (PATCHES, PATCHES), interpolation=cv2.INTER_AREA)
    has_paper = float((patches > WHITE_PATCH).mean()) > WHITE_PATCH_SHARE_MAX
    return not has_paper and float(np.median(patches)) <= NEGATIVE_MEDIAN_MAX
