"""What is said of a page on which no slip was found: that it is blank, a back, or what a person must look at."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.pages.blank import has_structure, look
from ocr.slips.picture_quality import page_quality_message
from ocr.slips.search import Mirrored, Searched
from schemas.reading import PageSetAside
from schemas.reasons import SetAsideReason

# Print that shines through thin paper is taken to reach 40 % of black at most; one scanned mirrored measured 92 %.
SHINES_MOST = 0.45
# A slip's outline is grown by this for its own edge.
SLIP_EDGE = 1.06
# What is written on a back is darker than what shines through, by this factor and so many 255ths, over this many cells
# of 0.25 mm (a stroke of 6 mm).
DARKER, DARKER_BY, WRITTEN_CELLS = 1.5, 30, 40
BLACK_BELOW = 64  # of 255: no paper is so dark


def why_no_slip(searched: Searched, file: str) -> PageSetAside:
    """The page set aside, with one sentence; a blank page or back needs nobody."""
    page = searched.page
    if searched.is_blank:
        reason, sentence = SetAsideReason.BLANK_PAGE, _blank(page.gray)
    elif searched.mirrored:
        reason, sentence = _mirrored(searched)
    else:
        height, width = page.gray.shape
        reason = SetAsideReason.NO_SLIP_FOUND
        why = page_quality_message(page) or "Scan the whole slip again if there is one."
        sentence = f"({width} x {height} pixels) shows no slip with its 4 corner marks. {why}"
    return PageSetAside(file=file, page=page.number, reason=reason, message=f"Page {page.number} {sentence}")


def _blank(gray: NDArray[np.uint8]) -> str:
    if float(np.median(gray)) < BLACK_BELOW:
        return "is black all over; scan it again if something is written on it."
    return "is blank; nothing to do."


def _mirrored(searched: Searched) -> tuple[SetAsideReason, str]:
    black = max(slip.black for slip in searched.mirrored)
    serials = [f"{slip.serial:07d}" for slip in searched.mirrored if slip.serial is not None]
    what = f"slip {' and '.join(serials)}" if serials else "a slip"
    if black > SHINES_MOST:
        return SetAsideReason.MIRRORED, (
            f"shows {what} mirrored, its print {black:.0%} darker than the paper: the scanner or fax is set to mirror, "
            "or this is the back of thin paper. Switch mirroring off and scan the front."
        )
    back = f"is the back of {what}, whose print shines through at {black:.0%}"
    if _is_written_on(searched, black):
        return SetAsideReason.NO_SLIP_FOUND, f"{back}, and something more is on it: look at it."
    return SetAsideReason.BACK_OF_SLIP, f"{back}; nothing to do."


def _is_written_on(searched: Searched, black: float) -> bool:
    """Whether there is more on a back than the mirrored slips that shine through."""
    page = searched.page
    dark = look(page.gray, page.dpi)
    inside = np.zeros(dark.shape, np.uint8)
    for slip in searched.mirrored:
        _fill(inside, slip, dark.shape[1] / page.gray.shape[1])
    outside = np.where(inside > 0, np.float32(0), dark)
    stronger = (dark >= 255 * DARKER * black + DARKER_BY) & (inside > 0)
    return has_structure(np.asarray(outside, np.float32)) or int(stronger.sum()) >= WRITTEN_CELLS


def _fill(mask: NDArray[np.uint8], slip: Mirrored, factor: float) -> None:
    middle = slip.corners_px.mean(axis=0)
    grown = (middle + (slip.corners_px - middle) * SLIP_EDGE) * factor
    cv2.fillConvexPoly(mask, np.round(grown).astype(np.int32), 1)
