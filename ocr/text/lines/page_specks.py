"""How much of the dust in a field is the page's own: a fax strews specks over all of it, and they say nothing."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM, px_box
from ocr.template import Template
from ocr.text.lines.segment_lines import OVERFLOW_MM, OVERFLOW_OWN_MM
from schemas.geometry import BoxMm

Mask = NDArray[np.uint8]  # (H, W), 0 or 255

# A fax's dot has 0.03 mm2, two of a coarse one that touch 0.13 mm2; the point of a pen is larger.
SPECK_MOST_MM2 = 0.2
# So far from print and from the slip's edge, and where no writing leaves its field, paper is only paper.
FROM_PRINT_MM, FROM_EDGE_MM = 0.5, 2.0
# Where less of the paper is specked, no field has more than 1 mm2 of it. A quarter of a slip tells with so much paper.
SHARE_LEAST, QUARTER_LEAST_MM2 = 0.001, 100.0


def speck_share(pen: NDArray[np.uint8], template: Template) -> float:
    """Which share of the free paper lies in specks, on the quarter of the slip that has fewest; 0 where hardly any.

    `pen` is the slip's ink (H, W) without print. Paper counts where nothing is printed and nothing is asked for.
    """
    quiet = _quiet_paper(template)
    if np.count_nonzero(cv2.bitwise_and(pen, quiet)) < SHARE_LEAST * np.count_nonzero(quiet):
        return 0.0
    inked = np.flatnonzero(pen > 0)
    strokes = cv2.connectedComponents((pen > 0).view(np.uint8), connectivity=8)[1].ravel()[inked]
    small = np.bincount(strokes) <= SPECK_MOST_MM2 * PX_PER_MM**2
    specks = np.zeros_like(quiet)
    specks.ravel()[inked[small[strokes]]] = 255
    specks &= quiet
    half_high, half_wide = (length // 2 for length in pen.shape)
    quarters = [np.s_[rows, columns] for rows in _halves(half_high) for columns in _halves(half_wide)]
    counts = [(np.count_nonzero(specks[part]), np.count_nonzero(quiet[part])) for part in quarters]
    shares = [specked / paper for specked, paper in counts if paper >= QUARTER_LEAST_MM2 * PX_PER_MM**2]
    return min(shares, default=0.0)


def page_dust_mm2(box: BoxMm, share: float, template: Template) -> float:
    """How many mm2 of specks the page puts on the paper of a field in `box` when it puts `share` everywhere."""
    if not share:
        return 0.0
    left, top, right, bottom = (max(edge, 0) for edge in px_box(box.grown(OVERFLOW_OWN_MM)))
    paper = np.count_nonzero(template.print_reach[top:bottom, left:right] == 0)
    return share * paper / PX_PER_MM**2


def _halves(middle: int) -> tuple[slice, slice]:
    return slice(None, middle), slice(middle, None)


@lru_cache(maxsize=16)
def _quiet_paper(template: Template) -> Mask:
    """255 where a form prints nothing and asks for nothing."""
    quiet = np.full(template.print_reach.shape, 255, np.uint8)
    design = template.design
    places = [part.box_mm for part in (*design.fields, *design.checkboxes)]
    places += [place for place in (design.code_mm, design.studio_mm) if place is not None]
    for place in places:
        left, top, right, bottom = px_box(place.grown(OVERFLOW_MM))
        quiet[max(top, 0) : bottom, max(left, 0) : right] = 0
    edge = round(FROM_EDGE_MM * PX_PER_MM)
    quiet[:edge] = quiet[-edge:] = 0
    quiet[:, :edge] = quiet[:, -edge:] = 0
    reach = 2 * round(FROM_PRINT_MM * PX_PER_MM) + 1
    quiet[cv2.dilate(template.print_reach, np.ones((reach, reach), np.uint8)) > 0] = 0
    return quiet
