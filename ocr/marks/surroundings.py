"""What lies around a checkbox: strokes beside it, a ring around it, its label drawn over, writing in its room."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.ink import cut
from ocr.scale import PX_PER_MM
from schemas.geometry import BoxMm

HALO_FROM_MM = 0.35
HALO_TO_MM = 1.0
TOUCH_TO_MM = 0.75
LABEL_REACH_MM = 0.8
BESIDE_TO_MM = 4.0
SLIP_EDGE_MM = 1.0
# A fax's dust is up to 0.5 mm across (filled slips of another simulator), a letter's pieces are larger.
SPECK_MM = 0.7
# A ring drawn around a box passes it within this distance; it is looked for in so many directions, a direction counts
# where print leaves so much of it to be seen.
RING_TO_MM = 3.2
DIRECTIONS = 24
SEEN_SHARE = 0.35


@dataclass(frozen=True)
class Surroundings:
    """Measured around one box; see `ocr.marks.judge.BoxMeasure`."""

    touch_mm2: float
    sides: tuple[float, float, float, float]
    ring: float
    beside_mm: float
    label_ring: float
    label_struck: float
    written_mm: float


NOTHING = Surroundings(0.0, (0.0, 0.0, 0.0, 0.0), 0.0, 0.0, 0.0, 0.0, 0.0)


def measure_surroundings(
    added: NDArray[np.uint8], printed: NDArray[np.uint8], box: BoxMm, label: BoxMm | None, write_in: BoxMm | None
) -> Surroundings:
    """Measure the ink `added` to the blank (H, W) around `box`; `printed` is 255 where the blank prints."""
    if not _has_ink_near(added, box, label, write_in):
        return NOTHING
    return Surroundings(
        touch_mm2=area_mm2(cut(added, box.grown(TOUCH_TO_MM))) - area_mm2(cut(added, box.grown(HALO_FROM_MM))),
        sides=_sides(added, box),
        ring=_ring(added, printed, box),
        beside_mm=longest_mm(cut(added, _beside_room(box))),
        label_ring=_label_ring(added, label),
        label_struck=_label_struck(added, label),
        written_mm=_written_mm(added, write_in),
    )


def _has_ink_near(added: NDArray[np.uint8], box: BoxMm, *rooms: BoxMm | None) -> bool:
    wide = [box.grown(BESIDE_TO_MM), *(room.grown(LABEL_REACH_MM) for room in rooms if room is not None)]
    return any(cv2.hasNonZero(part) for room in wide if (part := cut(added, room)).size)


def longest_mm(part: NDArray[np.uint8]) -> float:
    """Length of the longest connected part's diagonal."""
    if not part.any():
        return 0.0
    _, stats, _ = find_parts(np.ascontiguousarray(part))
    return float(np.hypot(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]).max() / PX_PER_MM)


def area_mm2(mask: NDArray[np.uint8]) -> float:
    """How much of a mask is set."""
    return cv2.countNonZero(mask) / PX_PER_MM**2 if mask.size else 0.0


def _share(part: NDArray[np.uint8]) -> float:
    return cv2.countNonZero(part) / part.size if part.size else 0.0


def _sides(added: NDArray[np.uint8], box: BoxMm) -> tuple[float, float, float, float]:
    near, far = HALO_FROM_MM, HALO_TO_MM
    deep = far - near
    strips = (
        BoxMm(box.x - far, box.y - near, deep, box.h + 2 * near),
        BoxMm(box.x - near, box.y - far, box.w + 2 * near, deep),
        BoxMm(box.right + near, box.y - near, deep, box.h + 2 * near),
        BoxMm(box.x - near, box.bottom + near, box.w + 2 * near, deep),
    )
    left, above, right, below = (_share(cut(added, strip)) for strip in strips)
    return left, above, right, below


def _ring(added: NDArray[np.uint8], printed: NDArray[np.uint8], box: BoxMm) -> float:
    """Share of the directions, as seen from the box, in which there is added ink near it."""
    height, width = added.shape
    reach = round((max(box.w, box.h) / 2 + RING_TO_MM) * PX_PER_MM)
    x, y = (round(v * PX_PER_MM) for v in box.center)
    left, top, right, bottom = max(x - reach, 0), max(y - reach, 0), min(x + reach, width), min(y + reach, height)
    sectors = _sectors(
        reach, round((box.w / 2 + HALO_FROM_MM) * PX_PER_MM), round((box.h / 2 + HALO_FROM_MM) * PX_PER_MM)
    )
    sectors = sectors[top - y + reach : bottom - y + reach, left - x + reach : right - x + reach]
    ink = _without_specks(added[top:bottom, left:right]) > 0
    if not ink.any():
        return 0.0
    free = printed[top:bottom, left:right] == 0
    everywhere = np.bincount(sectors.ravel(), minlength=DIRECTIONS + 1)[:DIRECTIONS]
    seen = np.bincount(sectors[free], minlength=DIRECTIONS + 1)[:DIRECTIONS] >= SEEN_SHARE * everywhere
    inked = np.bincount(sectors[ink], minlength=DIRECTIONS + 1)[:DIRECTIONS] > 0
    return float((inked & seen).sum()) / max(1, int(seen.sum()))


@lru_cache(maxsize=16)
def _sectors(reach: int, half_width: int, half_height: int) -> NDArray[np.intp]:
    """Which direction each pixel lies in, (2 reach, 2 reach); DIRECTIONS within the box and beyond the reach."""
    dy, dx = np.mgrid[-reach:reach, -reach:reach] + 0.5
    turns = np.arctan2(dy, dx) / (2 * np.pi) + 0.5
    sectors = np.asarray(np.floor(turns * DIRECTIONS), np.intp) % DIRECTIONS
    within = (np.abs(dx) <= half_width) & (np.abs(dy) <= half_height)
    sectors[within | (np.hypot(dx, dy) > reach)] = DIRECTIONS
    return np.asarray(sectors, np.intp)


def _beside_room(box: BoxMm) -> BoxMm:
    """The paper left of `box`, without the slip's own edge and its shadow."""
    left = max(SLIP_EDGE_MM, box.x - BESIDE_TO_MM)
    return BoxMm(left, box.y, max(0.0, box.x - left), box.h)


def _label_ring(added: NDArray[np.uint8], room: BoxMm | None) -> float:
    """Share of a label's width with ink both above and below: of a ring around its neighbor one side comes near."""
    if room is None:
        return 0.0
    reach, edge = LABEL_REACH_MM, room.h / 4
    above = BoxMm(room.x, room.y - reach, room.w, reach + edge)
    below = BoxMm(room.x, room.bottom - edge, room.w, reach + edge)
    return min(_covered(cut(added, strip)) for strip in (above, below))


def _label_struck(added: NDArray[np.uint8], room: BoxMm | None) -> float:
    """Share of a label's width with ink through its middle."""
    if room is None:
        return 0.0
    edge = room.h / 4
    return _covered(cut(added, BoxMm(room.x, room.y + edge, room.w, room.h - 2 * edge)))


def _covered(part: NDArray[np.uint8]) -> float:
    """Share of the columns with ink, dust aside."""
    return float((_without_specks(part) > 0).any(axis=0).mean()) if part.size else 0.0


def _without_specks(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink (H, W) without what is too small to be part of a stroke: dust lies all over some faxes."""
    if not part.size or not cv2.hasNonZero(part):
        return part
    labels, stats, _ = find_parts(np.ascontiguousarray(part))
    sizes = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    stroke = sizes >= SPECK_MM * PX_PER_MM
    stroke[0] = False
    return np.asarray(np.where(stroke[labels], part, 0), np.uint8)


def _written_mm(added: NDArray[np.uint8], room: BoxMm | None) -> float:
    """Width of what is written in `room`: columns with ink, so that a stray tail counts for little."""
    if room is None:
        return 0.0
    part = cut(added, room)
    return float(_covered(part) * part.shape[1] / PX_PER_MM)
