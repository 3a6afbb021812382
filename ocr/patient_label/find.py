"""Where a patient label lies: where the form's own print is gone, or print stands that the form does not have."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import cut
from ocr.scale import PX_PER_MM, px_box
from ocr.template import Template
from schemas.geometry import BoxMm

Mask = NDArray[np.uint8]
Picture = NDArray[np.uint8]

INK_LEAST = 77  # a pen line is at least this share of printed black (ocr.text.lines.remove_print)
# Of the form's print in the room for the label so much shows where there is none; more ink than this between the lines
# is print. Of 20 simulated slips without a label all of it shows, and at most 0.7 mm2 stand there; under 30 labels of
# ten makes 16 to 66 % shows.
SHOWN_LEAST = 0.9
SHOWN_DARKNESS, SHOWN_REACH_PX = 28, 7
BESIDE_LINES_MM, BETWEEN_LINES_MM2 = 1.4, 6.0
# A label is stuck on askew by no more than this, and its lines stand out to this.
ASKEW_MOST_DEG, ASKEW_STEP_DEG = 6.0, 0.25
ROW_PX = 2.0
# Print shows where it correlates so well with the form's, over windows so wide, blurred by what a fax may move it.
SEEN_MM, SEEN_BLUR_PX, ALIKE_LEAST, SPREAD_LEAST = 2.5, 1.5, 0.6, 1e-4
AROUND_MM, MOST_ALIKE = 9.0, 0.5
LARGE = 2.0  # print of 7 points is read from twice a registered slip's size


@dataclass(frozen=True, eq=False)
class LabelWindow:
    """The part of a slip on which a label may lie, turned so that its lines run level, LARGE times its size.

    `picture` (H, W) is without the form's print where that shows, which may take a letter along; `whole` is with it.
    `to_mm` (2, 3) takes pixels of `picture` (H, W) to millimeters of the slip.
    """

    picture: Picture
    whole: Picture
    to_mm: NDArray[np.float64]
    turn_deg: float

    def mm(self, px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (N, 2) of the picture in millimeters of the slip."""
        return np.asarray(px @ self.to_mm[:, :2].T + self.to_mm[:, 2], np.float64)


def may_be_labeled(ink: Picture, template: Template) -> bool:
    """Whether a label may lie in its room on a slip's ink (H, W): cheap to ask, and to be proven by reading it."""
    room = template.design.patient_label_mm
    if room is None:
        return False
    between = cut(_between_lines(ink, template), room).sum() / PX_PER_MM**2
    return hides_print(ink, template) or float(between) > BETWEEN_LINES_MM2


def hides_print(ink: Picture, template: Template) -> bool:
    """Whether something lies over the form's print in the room for a label."""
    room = template.design.patient_label_mm
    return room is not None and shown_share(ink, template.print_mask, room) < SHOWN_LEAST


def shown_share(ink: Picture, printed: Mask, box: BoxMm) -> float:
    """Of the form's print in `box` the share that shows on a slip's ink (H, W); 1 where the form prints nothing."""
    left, top, right, bottom = (max(edge, 0) for edge in px_box(box))
    around = cv2.dilate(ink[top:bottom, left:right], np.ones((SHOWN_REACH_PX, SHOWN_REACH_PX), np.uint8))
    own = printed[top:bottom, left:right] > 0
    return float((around[own] >= SHOWN_DARKNESS).mean()) if own.any() else 1.0


def _between_lines(ink: Picture, template: Template) -> Mask:
    """Where ink stands that neither the form prints nor a field has room for."""
    free = (ink >= INK_LEAST) & (template.print_reach == 0)
    for field in template.design.fields:
        left, top, right, bottom = px_box(field.box_mm.grown(BESIDE_LINES_MM))
        free[max(top, 0) : bottom, max(left, 0) : right] = False
    return np.asarray(free, np.uint8)


@dataclass(frozen=True, eq=False)
class SeenForm:
    """A slip's ink, (H, W), apart from the form: `shows` is where it looks as the form prints it, `rest` what is left.

    What each slip prints of its own is in neither.
    """

    shows: Mask
    rest: Picture


def label_window(ink: Picture, form: SeenForm, template: Template) -> LabelWindow:
    """The window around the room for the label, of a slip whose ink (H, W) is darker where it is more."""
    reach = template.label_reach_mm
    if reach is None:
        raise ValueError(f"{template.design.pad_id} has no room for a patient label")
    left, top, right, bottom = px_box(reach)
    turn = _askew_deg(ink, template)
    high, wide = bottom - top, right - left
    matrix = np.asarray(cv2.getRotationMatrix2D((wide / 2 - 0.5, high / 2 - 0.5), turn, LARGE), np.float64)
    matrix[:, 2] += [(LARGE - 1) * wide / 2, (LARGE - 1) * high / 2]
    size = (round(LARGE * wide), round(LARGE * high))
    picture, whole = (
        np.asarray(cv2.warpAffine(255 - part, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(255,)), np.uint8)
        for part in (form.rest[top:bottom, left:right], ink[top:bottom, left:right])
    )
    back = np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    back[:, 2] += (left + 0.5, top + 0.5)
    return LabelWindow(picture, whole, back / PX_PER_MM, turn)


def see_form(ink: Picture, template: Template) -> SeenForm:
    """The form on a slip's ink (H, W)."""
    rest, shows = ink.copy(), _shows(ink, template.print_mask)
    rest[(template.print_reach > 0) & (shows > 0)] = 0
    for box in template.own_print_mm:
        x, y, right, bottom = (max(edge, 0) for edge in px_box(box))
        rest[y:bottom, x:right] = 0
    return SeenForm(shows, rest)


def _shows(ink: Picture, printed: Mask) -> Mask:
    """Where a slip's ink (H, W) looks as the form prints it: the correlation of the two around each pixel."""
    size = (round(SEEN_MM * PX_PER_MM),) * 2
    one, other = (
        np.asarray(cv2.GaussianBlur(part.astype(np.float32) / 255, (0, 0), SEEN_BLUR_PX), np.float32)
        for part in (ink, printed)
    )

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.boxFilter(values, -1, size), np.float32)

    ours, forms = mean(one), mean(other)
    spread = np.maximum(mean(one * one) - ours**2, SPREAD_LEAST) * np.maximum(
        mean(other * other) - forms**2, SPREAD_LEAST
    )
    alike = (mean(one * other) - ours * forms) / np.sqrt(spread) >= ALIKE_LEAST
    most = _share_around(alike, printed > 0) >= MOST_ALIKE
    return np.asarray(cv2.dilate((alike & most).astype(np.uint8), np.ones(size, np.uint8)), np.uint8)


def _share_around(alike: NDArray[np.bool_], printed: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Of the print around each pixel the share that is alike: letters of a label look like the form's by chance."""
    size = (round(AROUND_MM * PX_PER_MM),) * 2
    both, all_of_it = (cv2.boxFilter(part.astype(np.float32), -1, size) for part in (alike & printed, printed))
    return np.asarray(both / np.maximum(all_of_it, 1e-6), np.float32)


def _askew_deg(ink: Picture, template: Template) -> float:
    """How far the lines of a label are turned clockwise: so, their ink stands in the fewest rows."""
    room = template.design.patient_label_mm
    left, top, right, bottom = px_box(room) if room else (0, 0, 0, 0)
    own = np.where(template.print_reach > 0, 0, ink).astype(np.uint8)[top:bottom, left:right]
    rows, columns = np.nonzero(own >= INK_LEAST)
    if not rows.size:
        return 0.0
    weights, xs = own[rows, columns].astype(np.float64), columns - own.shape[1] / 2

    def spread(turn: float) -> float:
        level = rows - xs * np.tan(np.radians(turn)) + own.shape[0]
        return float((np.bincount((level / ROW_PX).astype(np.intp), weights) ** 2).sum())

    turns = np.arange(-ASKEW_MOST_DEG, ASKEW_MOST_DEG + ASKEW_STEP_DEG, ASKEW_STEP_DEG)
    return float(max(turns, key=spread))
