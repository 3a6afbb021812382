"""What the blank form looks like: the measure for everything that was added with a pen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import darkness, thick
from ocr.scale import PX_PER_MM, px_box
from schemas.code import SlipCode
from schemas.geometry import BoxMm
from schemas.pad import Checkbox, PadDesign

# A blank is drawn by machine: what is darker than a quarter of black is print, the rest is anti-aliasing.
PRINT_DARKNESS = 64
# Print on paper may lie this far from the blank after registration (fax line 0.26 mm, residual 0.1 mm).
PRINT_TOLERANCE_MM = 0.3
# Landmarks are taken every 9 x 6 mm: some 30 on a quarter sheet, each with a label or a box corner in it.
LANDMARK_MM = (9.0, 6.0)
LANDMARKS_MOST = 28
LANDMARK_DPI = 100
LABEL_GAP_MM = 3.0
_MARKER_MODULE = 1 / 6


@dataclass(frozen=True)
class Landmark:
    """A printed part that can be found again: its box on the slip, and its picture at LANDMARK_DPI."""

    box_mm: BoxMm
    picture: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Template:
    """A design and its blank form: grey (H, W) at ocr.scale.REGISTERED_DPI, pixel centres at (i + 0.5) / PX_PER_MM."""

    design: PadDesign
    blank: NDArray[np.uint8]

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the registered slip in pixels."""
        return self.blank.shape[1], self.blank.shape[0]

    @property
    def name(self) -> tuple[str, int]:
        return self.design.design, self.design.edition

    def prints(self, code: SlipCode) -> bool:
        """Whether this is the design and edition that `code` names."""
        return self.name == (code.design, code.edition)

    @cached_property
    def print_mask(self) -> NDArray[np.uint8]:
        """255 where the blank form prints, (H, W)."""
        return np.where(darkness(self.blank) >= PRINT_DARKNESS, 255, 0).astype(np.uint8)

    @cached_property
    def print_reach(self) -> NDArray[np.uint8]:
        """`print_mask` grown by what registration and a coarse fax may move it."""
        return thick(self.print_mask, PRINT_TOLERANCE_MM)

    @cached_property
    def solid_mm(self) -> tuple[BoxMm, ...]:
        """The top and bottom border of each corner mark: black on every slip, and never written on."""
        strips = []
        for mark in self.design.fiducials_mm():
            module = mark.w * _MARKER_MODULE
            strips += [
                BoxMm(mark.x, mark.y, mark.w, module).grown(-module / 4),
                BoxMm(mark.x, mark.bottom - module, mark.w, module).grown(-module / 4),
            ]
        return tuple(strips)

    @cached_property
    def label_rooms_mm(self) -> dict[str, BoxMm]:
        """Where the label of each checkbox is printed, by its name; absent where nothing is printed."""
        rooms = ((box.name, _label_room(self.print_mask, box, self.design)) for box in self.design.checkboxes)
        return {name: room for name, room in rooms if room is not None}

    @cached_property
    def landmarks(self) -> tuple[Landmark, ...]:
        """The most telling printed parts outside the rooms to write in, spread over the slip."""
        dark = darkness(self.blank)
        scale = LANDMARK_DPI / 25.4
        size = (round(self.design.width_mm * scale), round(self.design.height_mm * scale))
        small = np.asarray(cv2.resize(dark, size, interpolation=cv2.INTER_AREA), np.uint8)
        kept = [mark for box in _cells(self.design) if (mark := _landmark(small, box, scale)) is not None]
        kept.sort(key=lambda mark: -_telling(mark.picture))
        return tuple(kept[:LANDMARKS_MOST])


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


def _cells(design: PadDesign) -> Sequence[BoxMm]:
    wide, high = LANDMARK_MM
    forbidden = [field.box_mm for field in design.writing] + [design.signature.box_mm, design.code_mm]
    forbidden += [mark.grown(1.0) for mark in design.fiducials_mm()]
    columns, rows = int((design.width_mm - 4) // wide), int((design.height_mm - 4) // high)
    cells = (BoxMm(2 + wide * x, 2 + high * y, wide, high) for y in range(rows) for x in range(columns))
    return [cell for cell in cells if sum(cell.overlap_mm2(box) for box in forbidden) < 0.25 * wide * high]


def _landmark(small: NDArray[np.uint8], box: BoxMm, scale: float) -> Landmark | None:
    left, top = round(box.x * scale), round(box.y * scale)
    width, height = round(box.w * scale), round(box.h * scale)
    picture = small[top : top + height, left : left + width]
    if _telling(picture) <= 0:
        return None
    return Landmark(BoxMm(left / scale, top / scale, width / scale, height / scale), picture.copy())


def _telling(picture: NDArray[np.uint8]) -> float:
    """How firmly a picture fixes a place: the weaker eigenvalue of its gradients (Shi and Tomasi 1994)."""
    if picture.mean() < 255 * 0.015:
        return 0.0
    across, down = (cv2.Sobel(picture, cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
    xx, yy, xy = float((across**2).mean()), float((down**2).mean()), float((across * down).mean())
    return (xx + yy) / 2 - float(np.hypot((xx - yy) / 2, xy))
