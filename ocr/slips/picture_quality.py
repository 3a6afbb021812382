"""Whether a picture is good enough to read from: sharpness and resolution, with the figure."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import BLACK_LEAST, cut
from ocr.page import Page
from ocr.pages.blank import look
from ocr.scale import PX_PER_MM
from ocr.template import Template
from schemas.geometry import MM_PER_INCH, BoxMm
from schemas.reading import Finding
from schemas.reasons import FindingCode

# A pen draws 0.4 mm; an edge smeared over twice that closes the loops of handwriting. Scans measure 0.2-0.3 mm,
# a coarse fax 0.4 mm. Of 35 simulated photos those up to 0.6 mm were read as well as sharp ones (mean character error
# rate 0.08), those of 0.74 to 0.79 mm at 0.1 to 0.6, those above 0.83 mm at 0.7, with most boxes doubtful.
EDGE_MOST_MM = 0.8
# At 90 dpi a small letter is 8 px high: the least that both text readers still read. A coarse fax has 98.
DPI_LEAST = 90.0
EDGE_REACH_MM = 1.0
# Below this contrast a pen that is paler than the print may be gone: of slips at 2 to 7 % 4 of 273 boxes were decided
# wrong, of those at 8 to 35 % none of 273 (simulated slips).
FAINT_READ_LEAST = 0.08
# A quarter sheet that fills a picture is 5.5 inches long; at DPI_LEAST and with a little room around it, 600 px.
PHOTO_LEAST_PX = 600
# Sharp photos of 3,024 px measure 5 to 8 px, 4 of them the reduced picture's own; those too blurred for corner marks 11
# to 28 (simulated).
PHOTO_EDGE_PX, PHOTO_EDGE_SHARE = 8.0, 1 / 280
REDUCED = 4
BLUR_LOOK_DPI = 100  # at which a scan's sharpness is looked at
INK_PERCENT = 99.9  # the print of one corner mark is 0.05 % of a letter page
SHARPEST_PERCENT = 99.8
PROFILE_CONTRAST = 20  # gray levels; less is no edge of a mark
STEEPEST_PERCENT = 99.0  # of the steps from pixel to pixel of a printed part


def judge_picture(registered: NDArray[np.uint8], template: Template, dpi: float) -> tuple[Finding, ...]:
    """Findings for a slip's picture that is too blurred or too small, each with its figure."""
    found = []
    edge_mm = edge_width_mm(registered, template)
    if edge_mm > EDGE_MOST_MM:
        found.append(blurred_finding(edge_mm))
    if dpi < DPI_LEAST:
        detail = f"The slip has {dpi:.0f} dots per inch, below {DPI_LEAST:.0f}; photograph it closer or scan it finer."
        found.append(Finding(code=FindingCode.IMAGE_TOO_SMALL, detail=detail))
    return tuple(found)


def blurred_finding(edge_mm: float) -> Finding:
    """For a slip whose edges are smeared over `edge_mm`."""
    detail = f"Edges are smeared over {edge_mm:.1f} mm, above {EDGE_MOST_MM:.1f} mm; photograph the slip again."
    return Finding(code=FindingCode.IMAGE_BLURRED, detail=detail)


def faint_finding(black: float) -> Finding:
    """For a slip whose print is only `black` (0..1) darker than its paper."""
    how = f"The print is only {black:.0%} darker than the paper, below"
    if black < FAINT_READ_LEAST:
        detail = f"{how} the {FAINT_READ_LEAST:.0%} that can be read; scan the slip again, darker."
    else:
        detail = f"{how} {BLACK_LEAST:.0%}, and was made darker; compare each value, or scan the slip again, darker."
    return Finding(code=FindingCode.IMAGE_FAINT, detail=detail)


def edge_width_mm(registered: NDArray[np.uint8], template: Template) -> float:
    """Over which length black turns to paper, in mm: at corner marks, or at the printed parts of an adopted form."""
    return _print_edge_mm(registered, template) if template.design.adopted else _mark_edge_mm(registered, template)


def _print_edge_mm(registered: NDArray[np.uint8], template: Template) -> float:
    """At the steepest edges of each landmark; the middle one counts."""
    widths = []
    for landmark in template.landmarks:
        part = cut(registered, landmark.box_mm).astype(np.float32)
        contrast = float(np.subtract(*np.percentile(part, (98, 2)))) if part.size else 0.0
        if contrast > PROFILE_CONTRAST:
            steps = [np.percentile(np.abs(np.diff(part, axis=axis)), STEEPEST_PERCENT) for axis in (0, 1)]
            widths.append(contrast / max(1.0, float(min(steps))))
    return float(np.median(widths)) / PX_PER_MM if widths else 0.0


def _mark_edge_mm(registered: NDArray[np.uint8], template: Template) -> float:
    """Over which length black turns to paper at the corner marks' outer edges, in mm, along the worse direction.

    A shaken hand smears one direction only. Each direction's middle edge counts: marks may be torn off.
    """
    along: tuple[list[float], list[float]] = ([], [])
    for mark in template.design.fiducials_mm():
        for profile, axis in _profiles(registered, mark):
            contrast = profile.max() - profile.min() if len(profile) > 2 else 0.0
            if contrast > PROFILE_CONTRAST:
                along[axis].append(float(contrast / np.abs(profile[1:] - profile[:-1]).max()))
    return max((float(np.median(widths)) for widths in along if widths), default=0.0) / PX_PER_MM


def page_quality_message(page: Page) -> str:
    """Why no slip could be seen: size, sharpness or contrast, and what to do; empty when none of them explains it."""
    longest = max(page.gray.shape)
    if page.dpi is None and longest < PHOTO_LEAST_PX:
        return (
            f"It is {longest} pixels long, below the {PHOTO_LEAST_PX} that a slip needs; photograph it again, closer."
        )
    black = page_black(page)
    if black < BLACK_LEAST:
        return f"Its print is only {black:.0%} darker than the paper, below {BLACK_LEAST:.0%}; scan it again, darker."
    return _photo_blur(page.gray) if page.dpi is None else _scan_blur(page.gray, page.dpi)


def page_black(page: Page) -> float:
    """How much darker than its paper the darkest thousandth of a page is, 0 to 1."""
    return float(np.percentile(look(page.gray, page.dpi), INK_PERCENT)) / 255


def _photo_blur(gray: NDArray[np.uint8]) -> str:
    edge_px = _sharpest_edge_px(gray, REDUCED)
    most_px = max(PHOTO_EDGE_PX, PHOTO_EDGE_SHARE * max(gray.shape))
    if edge_px <= most_px:
        return ""
    return f"Its edges are smeared over {edge_px:.0f} pixels, above {most_px:.0f}; hold still and photograph it again."


def _scan_blur(gray: NDArray[np.uint8], dpi: float) -> str:
    edge_mm = _sharpest_edge_px(gray, max(1, round(dpi / BLUR_LOOK_DPI))) * MM_PER_INCH / dpi
    if edge_mm <= EDGE_MOST_MM:
        return ""
    return (
        f"Its edges are smeared over {edge_mm:.1f} mm, above {EDGE_MOST_MM:.1f} mm: it is out of focus. "
        "Lay the slip flat on the glass and scan it again."
    )


def _sharpest_edge_px(gray: NDArray[np.uint8], reduced: int) -> float:
    """Over how many pixels the sharpest edges of a picture (H, W) turn from dark to light.

    Seen at 1 / `reduced` of the size, where a sensor's noise is no edge any more.
    """
    small = cv2.resize(gray, None, fx=1 / reduced, fy=1 / reduced, interpolation=cv2.INTER_AREA).astype(np.float32)
    steps = np.abs(np.concatenate([np.diff(small, axis=0).ravel(), np.diff(small, axis=1).ravel()]))
    contrast = float(np.subtract(*np.percentile(small, (99, 1))))
    return reduced * contrast / max(float(np.percentile(steps, SHARPEST_PERCENT)), 1.0)


def _profiles(registered: NDArray[np.uint8], mark: BoxMm) -> list[tuple[NDArray[np.float64], int]]:
    """Brightness across the four outer edges of a marker, averaged along each; 0 for those across, 1 for down."""
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
    return [(cut(registered, box).mean(axis=axis), axis) for box, axis in parts]
