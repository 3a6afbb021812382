"""Whether a picture is good enough to read from: sharpness and resolution, with the figure; and blank pages."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import cut, darkness
from ocr.scale import PX_PER_MM
from ocr.template import Template
from schemas.geometry import BoxMm
from schemas.reading import Finding
from schemas.reasons import FindingCode

# A pen draws 0.4 mm; an edge smeared over twice that closes the loops of handwriting. Scans measure 0.2-0.3 mm,
# a coarse fax 0.4 mm (simulated slips).
EDGE_MOST_MM = 0.8
# At 90 dpi a small letter is 8 px high: the least that both text readers still read. A coarse fax has 98.
DPI_LEAST = 90.0
EDGE_REACH_MM = 1.0

# A blank page is looked at in cells of 0.34 mm, without the margins in which machines print and tear.
BLANK_DPI = 75
BLANK_MARGIN = 0.04
BLANK_DARKNESS = 64  # show-through of the other side reaches 15 % darkness
BLANK_SHARE = 2e-4


def judge_picture(registered: NDArray[np.uint8], template: Template, dpi: float) -> tuple[Finding, ...]:
    """Findings for a slip's picture that is too blurred or too small, each with its figure."""
    found = []
    edge_mm = edge_width_mm(registered, template)
    if edge_mm > EDGE_MOST_MM:
        detail = f"Edges are smeared over {edge_mm:.1f} mm, above {EDGE_MOST_MM:.1f} mm; photograph the slip again."
        found.append(Finding(code=FindingCode.IMAGE_BLURRED, detail=detail))
    if dpi < DPI_LEAST:
        detail = f"The slip has {dpi:.0f} dots per inch, below {DPI_LEAST:.0f}; photograph it closer or scan it finer."
        found.append(Finding(code=FindingCode.IMAGE_TOO_SMALL, detail=detail))
    return tuple(found)


def edge_width_mm(registered: NDArray[np.uint8], template: Template) -> float:
    """Over which length black turns to paper at the corner marks' outer edges, in mm; the best edge of each counts."""
    widths = []
    for mark in template.design.fiducials_mm():
        profiles = [profile for profile in _profiles(registered, mark) if len(profile) > 2 and np.ptp(profile) > 20]
        widths += [float(np.ptp(profile) / np.abs(np.diff(profile)).max()) for profile in profiles]
    return float(np.median(widths)) / PX_PER_MM if widths else 0.0


def is_blank(grey: NDArray[np.uint8], dpi: float | None) -> bool:
    """Whether next to nothing is on a page (H, W); specks, show-through and print in the margins do not count."""
    factor = min(1.0, BLANK_DPI / (dpi or 200.0))
    small = np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    rim_y, rim_x = (max(1, round(BLANK_MARGIN * length)) for length in small.shape)
    middle = small[rim_y:-rim_y, rim_x:-rim_x]
    if middle.size == 0:
        return True
    return float((darkness(np.ascontiguousarray(middle)) >= BLANK_DARKNESS).mean()) < BLANK_SHARE


def _profiles(registered: NDArray[np.uint8], mark: BoxMm) -> list[NDArray[np.float64]]:
    """Brightness across the four outer edges of a marker, averaged along each."""
    reach, rim = EDGE_REACH_MM, mark.w / 6
    across = (
        BoxMm(mark.x - reach, mark.y + rim, 2 * reach, mark.h - 2 * rim),
        BoxMm(mark.right - reach, mark.y + rim, 2 * reach, mark.h - 2 * rim),
    )
    down = (
        BoxMm(mark.x + rim, mark.y - reach, mark.w - 2 * rim, 2 * reach),
        BoxMm(mark.x + rim, mark.bottom - reach, mark.w - 2 * rim, 2 * reach),
    )
    parts = [(box, 0) for box in across] + [(box, 1) for box in down]
    return [cut(registered, box).mean(axis=axis) for box, axis in parts]
