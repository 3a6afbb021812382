"""Redraw round boxes of adopted forms as square ones: the mark judge knows one shape of box only."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import above_blank, cut
from ocr.scale import px_box
from ocr.template import Template
from schemas.geometry import BoxMm

# A ring along the box's edge, so far to both sides, is where its outline is printed; of a circle a quarter lies there.
RING_HALF_MM = 0.18
ROUND_BELOW = 0.6
AROUND_MM = 0.4
# Darkness, as a share of printed black in 255ths, from which a printed outline shows.
SHOWS = 64


def square_round_boxes(ink: NDArray[np.uint8], template: Template) -> NDArray[np.uint8]:
    """`ink` (ocr.ink.relative_ink) with a square outline, as dark as its own one, in place of each round box's."""
    boxes = [box.box_mm for box in template.design.checkboxes if is_round(template.print_mask, box.box_mm)]
    if not boxes:
        return ink
    drawn = ink.copy()
    for box in boxes:
        part = cut(drawn, box.grown(AROUND_MM))
        shown = _shown(part, cut(template.print_mask, box.grown(AROUND_MM)))
        np.copyto(part, above_blank(part, cut(template.print_reach, box.grown(AROUND_MM))))
        left, top, right, bottom = px_box(box)
        thick = max(1, px_box(BoxMm(0, 0, 2 * RING_HALF_MM, 1))[2])
        cv2.rectangle(drawn, (left, top), (right, bottom), round(255 * shown), thick)
    return drawn


def is_round(printed: NDArray[np.uint8], box: BoxMm) -> bool:
    """Whether most of the box's square edge is not printed, 255 in `printed` (H, W) being print."""
    outer, inner = (cut(printed, box.grown(by)) for by in (RING_HALF_MM, -RING_HALF_MM))
    ring_px = max(1, outer.size - inner.size)
    return (cv2.countNonZero(outer) - cv2.countNonZero(inner)) / ring_px < ROUND_BELOW


def _shown(ink: NDArray[np.uint8], printed: NDArray[np.uint8]) -> float:
    """How dark the box's own outline is, 0 to 1, from the printed pixels near which there is ink."""
    near = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    own = near[printed > 0]
    return float((own >= SHOWS).mean()) if own.size else 0.0
