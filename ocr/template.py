"""What the blank form looks like: the measure for everything that was added with a pen."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import darkness, thicken
from ocr.scale import PX_PER_MM, px_box
from schemas.code import SlipCode
from schemas.geometry import MM_PER_INCH, BoxMm
from schemas.pad import SIGNATURE, Checkbox, Guides, PadDesign, SignatureField, TextField

# A blank is drawn by machine: what is darker than a quarter of black is print, the rest is anti-aliasing.
PRINT_DARKNESS = 64
# Print on paper may lie this far from the blank after registration (fax line 0.26 mm, residual 0.1 mm).
PRINT_TOLERANCE_MM = 0.3
# A landmark is 9 x 6 mm, with a label or a box corner in it. They are spread: no field lies far from all of them, or
# a slip could be read whose other half lies elsewhere. A quarter sheet has some 35.
LANDMARK_MM = (9.0, 6.0)
LANDMARK_STEP = 3  # parts of a landmark's own size by which candidates lie apart
LANDMARK_TILE_MM = 20.0
LANDMARKS_A_TILE = 2
LANDMARK_DPI = 100
# A field is vouched for by the landmarks so near to it, and by so many of the nearest at least.
NEAR_MM = 15.0
NEAR_LEAST = 3
# A field's rule runs along its lower edge, half of it outside.
OWN_RIM_MM = 0.4
LABEL_REACH_MM = (3.0, 8.0, 44.0, 14.0)  # left, up, right, down
# The weaker eigenvalue of a cell's gradients. The end of a rule has some 3,000, whatever its thickness; a few letters
# in a corner of the cell 20,000; a box and half a word 60,000 (blank forms of the bundled designs).
CORNER_STRENGTH_LEAST = 10_000.0
DARK_LEAST = 0.015  # of a landmark is black: less is a speck of print
LABEL_GAP_MM = 3.0
SERIAL_MM = (24.0, 4.0, 2.0)  # of the serial number: its width, above its baseline and below
_MARKER_MODULE = 1 / 6
# What stands for printed black on a form without corner marks: the middles of its thickest strokes.
BOLD_MOST, BOLD_APART_MM, BOLD_PART = 16, 6.0, 0.7


@dataclass(frozen=True)
class Landmark:
    """A printed part that can be found again: its box on the slip, and its picture at LANDMARK_DPI."""

    box_mm: BoxMm
    picture: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Template:
    """A design and its blank form: gray (H, W) at ocr.scale.REGISTERED_DPI, pixel centers at (i + 0.5) / PX_PER_MM."""

    design: PadDesign
    blank: NDArray[np.uint8]

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the registered slip in pixels."""
        return self.blank.shape[1], self.blank.shape[0]

    def prints(self, code: SlipCode) -> bool:
        """Whether this is the design and edition that `code` names."""
        return self.design.pad_id == code.pad_id

    @cached_property
    def print_mask(self) -> NDArray[np.uint8]:
        """255 where the blank form prints, (H, W)."""
        return np.where(darkness(self.blank) >= PRINT_DARKNESS, 255, 0).astype(np.uint8)

    @cached_property
    def print_reach(self) -> NDArray[np.uint8]:
        """`print_mask` and the dotted guides, grown by what registration and a coarse fax may move them.

        A fine scan shows a row of dots as a pale line, which nobody drew.
        """
        printed = self.print_mask.copy()
        for guide in self.dotted_mm:
            left, top, right, _ = px_box(guide)
            printed[top, left:right] = 255
        return thicken(printed, PRINT_TOLERANCE_MM)

    @cached_property
    def solid_mm(self) -> tuple[BoxMm, ...]:
        """Where the form prints black, wide enough to be measured, and nobody writes.

        The top and bottom border of each corner mark; on an adopted form its boldest letters and rules.
        """
        if self.design.adopted:
            return _boldest_squares(self.print_mask, self.design)
        strips = []
        for mark in self.design.fiducials_mm():
            module = mark.w * _MARKER_MODULE
            strips += [
                BoxMm(mark.x, mark.y, mark.w, module).grown(-module / 4),
                BoxMm(mark.x, mark.bottom - module, mark.w, module).grown(-module / 4),
            ]
        return tuple(strips)

    @cached_property
    def writing_mm(self) -> tuple[BoxMm, ...]:
        """Where people write and sign."""
        return tuple(field.box_mm for field in (*self.design.writing, *self.design.signatures))

    @cached_property
    def own_print_mm(self) -> tuple[BoxMm, ...]:
        """Where each slip prints what the blank form does not: the studio's block, the code, the serial number."""
        if self.design.adopted:
            return ()
        imprint, (wide, above, below) = self.design.imprint, SERIAL_MM
        at = imprint.serial_at_mm
        return imprint.studio_mm, imprint.code_mm, BoxMm(at.x, at.y - above, wide, above + below)

    @cached_property
    def dotted_mm(self) -> tuple[BoxMm, ...]:
        """The dotted guides on the paper, which the blank form leaves out, each as a box without height."""
        if self.design.guides is not Guides.DOTTED:
            return ()
        return tuple(
            guide for field in self.design.writing if isinstance(field, TextField) for guide in field.guides_mm
        )

    @cached_property
    def label_rooms_mm(self) -> dict[str, BoxMm]:
        """Where the label of each checkbox is printed, by its name; absent where nothing is printed."""
        rooms = ((box.name, _label_room(self.print_mask, box, self.design)) for box in self.design.checkboxes)
        return {name: room for name, room in rooms if room is not None}

    @cached_property
    def landmarks(self) -> tuple[Landmark, ...]:
        """The most telling printed parts outside the rooms to write in, spread over the slip."""
        dark = darkness(self.blank)
        scale = LANDMARK_DPI / MM_PER_INCH
        size = (round(self.design.width_mm * scale), round(self.design.height_mm * scale))
        small = np.asarray(cv2.resize(dark, size, interpolation=cv2.INTER_AREA), np.uint8)
        seen = [
            (mark, _corner_strength(mark.picture))
            for box in _landmark_cells(self.design)
            for mark in _landmark(small, box, scale)
        ]
        return _choose_spread(
            [mark for mark, tells in sorted(seen, key=lambda pair: -pair[1]) if tells >= CORNER_STRENGTH_LEAST]
        )

    @cached_property
    def landmark_centers_mm(self) -> NDArray[np.float64]:
        """Middles of `landmarks`, (N, 2)."""
        return np.array([mark.box_mm.center for mark in self.landmarks], np.float64).reshape(-1, 2)

    @property
    def label_reach_mm(self) -> BoxMm | None:
        """How far a label of the patient may lie around the room for it; None where there is none.

        Labels outgrow their room: 89 mm wide, 28 mm high, and stuck anywhere near it.
        """
        room, (before, above, behind, below) = self.design.patient_label_mm, LABEL_REACH_MM
        if room is None:
            return None
        left, top = max(room.x - before, 0.0), max(room.y - above, 0.0)
        right, bottom = min(room.right + behind, self.design.width_mm), room.bottom + below
        return BoxMm(left, top, right - left, bottom - top)

    @cached_property
    def landmarks_beside_label(self) -> NDArray[np.bool_]:
        """Which of `landmarks` no label of the patient can hide, (N,)."""
        reach = self.label_reach_mm
        return np.array([reach is None or not mark.box_mm.overlap_mm2(reach) for mark in self.landmarks], np.bool_)

    @cached_property
    def own_print(self) -> dict[str, tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Where the rules and cells of each field to write in are printed: rows and columns at half REGISTERED_DPI."""
        half = cv2.resize(self.print_mask, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        own = {}
        for field in (*self.design.writing, *self.design.signatures):
            left, top, right, bottom = (max(0, edge // 2) for edge in px_box(field.box_mm.grown(OWN_RIM_MM)))
            rows, columns = np.nonzero(half[top:bottom, left:right] >= PRINT_DARKNESS)
            if rows.size:
                own[field.name] = (rows + top, columns + left)
        return own

    @cached_property
    def others_signed(self) -> dict[str, "Template"]:
        """By their names, each other room to sign in: this form with that room in the place of the provider's."""
        return {
            field.name: replace(self, design=_with_signature(self.design, field))
            for field in self.design.signatures
            if field.name != SIGNATURE
        }

    @cached_property
    def landmarks_near(self) -> dict[str, NDArray[np.intp]]:
        """Which of `landmarks` tell whether a field lies in its place: those around it, or the nearest few."""
        return {field.name: _landmarks_around(field.box_mm, self.landmark_centers_mm) for field in self.design.fields}


def _with_signature(design: PadDesign, signed: SignatureField) -> PadDesign:
    others = (field for field in design.fields if not isinstance(field, SignatureField))
    return design.model_copy(update={"fields": (*others, signed.model_copy(update={"name": SIGNATURE}))})


def _boldest_squares(printed: NDArray[np.uint8], design: PadDesign) -> tuple[BoxMm, ...]:
    """Small squares inside the thickest print outside the fields, at most BOLD_MOST, none near another."""
    inside = cv2.distanceTransform(printed, cv2.DIST_L2, 5)
    for field in design.fields:
        left, top, right, bottom = px_box(field.box_mm.grown(OWN_RIM_MM))
        inside[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = 0
    squares: list[BoxMm] = []
    while len(squares) < BOLD_MOST:
        _, radius_px, _, (x, y) = cv2.minMaxLoc(inside)
        if radius_px < 1:
            break
        half = max(1, int(radius_px * BOLD_PART))
        squares.append(BoxMm(*((edge + 0.5 - half) / PX_PER_MM for edge in (x, y)), *[2 * half / PX_PER_MM] * 2))
        cv2.circle(inside, (x, y), round(BOLD_APART_MM * PX_PER_MM), 0, -1)
    return tuple(squares)


def _landmarks_around(box: BoxMm, centers_mm: NDArray[np.float64]) -> NDArray[np.intp]:
    beyond = np.maximum(np.maximum((box.x, box.y) - centers_mm, centers_mm - (box.right, box.bottom)), 0)
    away = np.hypot(*beyond.T)
    return np.union1d(np.flatnonzero(away <= NEAR_MM), np.argsort(away)[:NEAR_LEAST]).astype(np.intp)


def _label_room(printed: NDArray[np.uint8], box: Checkbox, design: PadDesign) -> BoxMm | None:
    """The print to the right of `box` up to the next field, or to a gap wider than LABEL_GAP_MM."""
    start = box.box_mm.right + 0.5
    fields = (field.box_mm for field in design.fields if field is not box)
    top_mm, bottom_mm = box.box_mm.y, box.box_mm.bottom
    stops = [other.x for other in fields if other.x > start and other.y < bottom_mm and other.bottom > top_mm]
    end = min([*stops, design.width_mm]) - 0.5
    left, top, right, bottom = px_box(BoxMm(start, top_mm, end - start, box.box_mm.h))
    columns = np.flatnonzero(printed[top:bottom, left:right].any(axis=0))
    if not columns.size:
        return None
    breaks = np.flatnonzero(np.diff(columns) > LABEL_GAP_MM * PX_PER_MM)
    last = columns[breaks[0]] if breaks.size else columns[-1]
    x = (left + columns[0]) / PX_PER_MM
    return BoxMm(x, box.box_mm.y, (left + last + 1) / PX_PER_MM - x, box.box_mm.h)


def _landmark_cells(design: PadDesign) -> Iterator[BoxMm]:
    """Where landmarks may lie: hardly in the rooms to write in, not at all on the code and on the corner marks."""
    wide, high = LANDMARK_MM
    rooms = [field.box_mm for field in (*design.writing, *design.signatures)]
    forbidden = [mark.grown(1.0) for mark in design.fiducials_mm()]
    forbidden += [] if design.adopted else [design.imprint.code_mm]
    for y in np.arange(2, design.height_mm - high - 2, high / LANDMARK_STEP):
        for x in np.arange(2, design.width_mm - wide - 2, wide / LANDMARK_STEP):
            cell = BoxMm(float(x), float(y), wide, high)
            written = sum(cell.overlap_mm2(box) for box in rooms)
            if written < 0.25 * wide * high and not any(cell.overlap_mm2(box) for box in forbidden):
                yield cell


def _landmark(small: NDArray[np.uint8], box: BoxMm, scale: float) -> Iterator[Landmark]:
    left, top = round(box.x * scale), round(box.y * scale)
    width, height = round(box.w * scale), round(box.h * scale)
    picture = small[top : top + height, left : left + width]
    if picture.mean() >= 255 * DARK_LEAST:
        yield Landmark(BoxMm(left / scale, top / scale, width / scale, height / scale), picture.copy())


def _choose_spread(best_first: Sequence[Landmark]) -> tuple[Landmark, ...]:
    """The best that share nothing, and no more than LANDMARKS_A_TILE to each tile of the slip."""
    kept: list[Landmark] = []
    counts: Counter[tuple[int, int]] = Counter()
    for mark in best_first:
        x, y = mark.box_mm.center
        tile = int(x // LANDMARK_TILE_MM), int(y // LANDMARK_TILE_MM)
        if counts[tile] < LANDMARKS_A_TILE and not any(mark.box_mm.overlap_mm2(other.box_mm) for other in kept):
            kept.append(mark)
            counts[tile] += 1
    return tuple(kept)


def _corner_strength(picture: NDArray[np.uint8]) -> float:
    """How firmly a picture fixes a place: the weaker eigenvalue of its gradients (Shi and Tomasi 1994)."""
    across, down = (cv2.Sobel(picture, cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
    xx, yy, xy = float((across**2).mean()), float((down**2).mean()), float((across * down).mean())
    return (xx + yy) / 2 - float(np.hypot((xx - yy) / 2, xy))
