"""Measure what the ink in a checked box is part of: its connected shape, where that goes, and what stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.ink import cut
from ocr.marks.ink_sheet import InkSheet, corner_px, inside
from ocr.marks.letters import writing_mm
from ocr.marks.ownership import OWN, Ownership
from ocr.marks.surroundings import area_mm2
from ocr.scale import PX_PER_MM
from schemas.geometry import BoxMm

Mask = NDArray[np.bool_]
_Places: TypeAlias = NDArray[np.float64] | NDArray[np.intp]
_Pixel = TypeVar("_Pixel", np.bool_, np.uint8, np.int32)

# As far as a loop around three rows of boxes reaches, or three letters of a large stamp.
WINDOW_MM = 14.0
# Print hides 0.95 mm of a stroke that crosses an outline, more when it crosses askew: so wide a gap is bridged where
# the scan is dark.
BRIDGE_MM = 2.3
NEAR_MM = 1.8
# Parts outside begin here, and only those that come so near to the box count.
OUTSIDE_MM, TOUCHING_MM = 1.0, 1.6
# Marks of neighbors touch: what lies at another checked box is that box's.
NEIGHBOR_MM = 0.8
AROUND_MM = 8.0
PART_MM2, SHAPE_MM2 = 0.1, 0.15
# A pen's stroke of so much a millimeter: 0.5 to 0.7 mm broad, and its foot.
STROKE_MM, FOOT_MM = 0.75, 0.5
# Letters are of like height, at most as far apart as they are high, on a line up to 17 degrees askew.
LIKE_HEIGHT, ROW_HIGH_MM, ROW_GAP, ROW_OFF, ROW_SLOPE = (0.55, 1.8), 1.8, 1.0, 0.5, 0.3
# As little around a tick needs no closer look.
LITTLE_MM2 = 1.5
# A stroke is followed in steps, looked for across its way, and lost after such a gap on paper or under print.
STEP_MM, GAP_MM, HIDDEN_MM, LEAST_PX = 0.5, 0.9, 2.6, 20
_ACROSS_PX = np.linspace(-0.55, 0.55, 11) * PX_PER_MM
LINE_MM = 0.6  # crosses and filled boxes stray further from a line
TURN, TURN_STEPS = 0.4, 4
_BRIDGE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (round(BRIDGE_MM * PX_PER_MM / 2) | 1,) * 2)


def measure_ownership(sheet: InkSheet, box: BoxMm, neighbors: Sequence[BoxMm]) -> Ownership:
    """Whose the ink in `box` is; `neighbors` are the other boxes with as much ink as a mark."""
    reach = box.grown(WINDOW_MM + NEAR_MM + 1 / PX_PER_MM)
    neighbors = [other for other in neighbors if other.overlap_mm2(reach)]
    sheet = replace(sheet, rooms=[room for room in sheet.rooms if room.overlap_mm2(reach)])
    writing = writing_mm(sheet, box, neighbors)
    window = _look(sheet, box, neighbors) if _needs_look(sheet, box, neighbors) else None
    if window is None:
        return replace(OWN, writing_mm=writing)
    arms_mm, bulk_mm2 = _arms(window)
    strays_mm, runs_on_mm = _line_through(window)
    return Ownership(
        near=_near(window),
        arms_mm=arms_mm,
        bulk_mm2=bulk_mm2,
        strays_mm=strays_mm,
        runs_on_mm=runs_on_mm,
        row=_row(window),
        around_mm2=_around_mm2(window),
        writing_mm=writing,
    )


def _needs_look(sheet: InkSheet, box: BoxMm, neighbors: Sequence[BoxMm]) -> bool:
    """Whether ink leaves the box, or more lies around it than a neighbor's mark."""
    leaves = area_mm2(cut(sheet.added, box.grown(TOUCHING_MM))) - area_mm2(cut(sheet.added, box.grown(OUTSIDE_MM)))
    if leaves > PART_MM2:
        return True
    around = cut(sheet.added, box.grown(AROUND_MM)).copy()
    corner = corner_px(box.grown(AROUND_MM))
    for part in (*(other.grown(NEAR_MM) for other in (box, *neighbors)), *sheet.rooms):
        inside(around, part, corner)[:] = 0
    return area_mm2(around) > LITTLE_MM2


@dataclass(frozen=True, eq=False)
class _Window:
    """What lies around one box, cut out of the slip at `corner` (x, y).

    `joined` (H, W) is the ink with its gaps bridged, `labels` and `stats` are its shapes, `number` the one with most
    ink in the box. `pixels` (2, N) are the rows and columns of added ink, `away_mm` (N,) how far from the box each is.
    """

    corner: tuple[int, int]
    added: NDArray[np.uint8]
    printed: NDArray[np.uint8]
    joined: NDArray[np.uint8]
    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    number: int
    box: BoxMm
    neighbors: Sequence[BoxMm]
    rooms: Sequence[BoxMm]
    pixels: NDArray[np.intp]
    away_mm: NDArray[np.float64]

    @cached_property
    def of_shape(self) -> NDArray[np.int32]:
        return self.at(self.labels)

    @cached_property
    def close_to_neighbor(self) -> Mask:
        return self._lies_in([other.grown(NEIGHBOR_MM) for other in self.neighbors])

    @cached_property
    def near_neighbor(self) -> Mask:
        return self._lies_in([other.grown(NEAR_MM) for other in self.neighbors])

    @cached_property
    def in_room(self) -> Mask:
        return self._lies_in(self.rooms)

    def at(self, picture: NDArray[_Pixel]) -> NDArray[_Pixel]:
        """What a picture of the window holds at each pixel of added ink, (N,)."""
        rows, columns = self.pixels
        found: NDArray[_Pixel] = picture[rows, columns]
        return found

    def _lies_in(self, boxes: Sequence[BoxMm]) -> Mask:
        within = np.zeros(self.added.shape, np.bool_)
        for box in boxes:
            inside(within, box, self.corner)[:] = True
        return self.at(within)


def _look(sheet: InkSheet, box: BoxMm, neighbors: Sequence[BoxMm]) -> _Window | None:
    """The window around a box; None when no shape reaches into it."""
    wide = box.grown(WINDOW_MM)
    corner, added = corner_px(wide), cut(sheet.added, wide)
    joined = _bridge(added, cut(sheet.dark, wide))
    labels, stats, _ = find_parts(joined)
    within = np.bincount(inside(np.asarray(labels, np.int32), box, corner).ravel(), minlength=len(stats))
    within[0] = 0
    if not within.any():
        return None
    pixels = np.array(np.nonzero(added), np.intp)
    return _Window(
        corner=corner,
        added=added,
        printed=cut(sheet.printed, wide),
        joined=joined,
        labels=np.asarray(labels, np.int32),
        stats=np.asarray(stats, np.int32),
        number=int(within.argmax()),
        box=box,
        neighbors=neighbors,
        rooms=sheet.rooms,
        pixels=pixels,
        away_mm=_away_mm(box, *(pixels[::-1] + np.array(corner)[:, None])),
    )


def _bridge(added: NDArray[np.uint8], dark: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Added ink (H, W) with its gaps closed where the scan is dark; found at half the size, which takes a tenth."""
    high, wide = added.shape
    half = cv2.resize(added, (-(-wide // 2), -(-high // 2)), interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(cv2.threshold(half, 0, 255, cv2.THRESH_BINARY)[1], cv2.MORPH_CLOSE, _BRIDGE)
    whole = cv2.resize(closed, (wide, high), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.bitwise_or(added, cv2.bitwise_and(whole, dark)), np.uint8)


def _near(window: _Window) -> float:
    """Share of the shape's ink near the box, without what lies at its neighbors."""
    ink, close = window.of_shape == window.number, window.away_mm <= NEAR_MM
    return float((ink & close).sum() / max(1, (ink & (close | ~window.close_to_neighbor)).sum()))


def _arms(window: _Window) -> tuple[tuple[float, float], float]:
    """How far the two longest parts outside reach from the box, and how much more ink they have than strokes."""
    outside = window.joined.copy()
    for room in window.rooms:
        shape = inside(window.labels, room, window.corner) == window.number
        inside(outside, room, window.corner)[~shape] = 0
    for box in (window.box.grown(OUTSIDE_MM), *(other.grown(NEIGHBOR_MM) for other in window.neighbors)):
        inside(outside, box, window.corner)[:] = 0
    count, parts = cv2.connectedComponents(outside, connectivity=8)
    of_part = window.at(np.asarray(parts, np.int32))
    touching = np.bincount(of_part[window.away_mm <= TOUCHING_MM], minlength=count)
    areas = np.bincount(of_part, minlength=count) / PX_PER_MM**2
    reaches = np.zeros(count)
    np.maximum.at(reaches, of_part, window.away_mm)
    arms = [number for number in range(1, count) if touching[number] and areas[number] >= PART_MM2]
    longest = [*sorted((float(reaches[number]) for number in arms), reverse=True), 0.0, 0.0]
    bulk = sum(max(0.0, float(areas[number] - STROKE_MM * (reaches[number] - FOOT_MM))) for number in arms)
    return (longest[0], longest[1]), bulk


def _row(window: _Window) -> int:
    """How many shapes of like height stand beside the one in the box, at no other mark and in no room."""
    whole, marks, written = (
        np.bincount(window.of_shape[part], minlength=len(window.stats))
        for part in (slice(None), window.near_neighbor, window.in_room)
    )
    free = (whole >= SHAPE_MM2 * PX_PER_MM**2) & (np.maximum(marks, written) <= whole / 2)
    free[[0, window.number]] = False
    x, y, wide, high = window.stats[window.number, :4]
    left, top, widths, heights = window.stats[:, :4].T
    like = (heights > LIKE_HEIGHT[0] * high) & (heights < LIKE_HEIGHT[1] * high) & (heights > ROW_HIGH_MM * PX_PER_MM)
    gap = np.maximum(left - (x + wide), x - (left + widths))
    across = np.abs(left + widths / 2 - x - wide / 2)
    off = np.abs(top + heights / 2 - y - high / 2)
    in_row = (gap < ROW_GAP * np.maximum(heights, high)) & (off < ROW_OFF * high + ROW_SLOPE * across)
    return int((free & like & in_row).sum())


def _around_mm2(window: _Window) -> float:
    """Ink around that belongs neither to the shape in the box nor to a neighbor's mark, and stands in no room."""
    ring = (window.away_mm > NEAR_MM) & (window.away_mm <= AROUND_MM)
    other = ring & (window.of_shape != window.number) & ~window.in_room & ~window.near_neighbor
    return float(other.sum()) / PX_PER_MM**2


def _line_through(window: _Window) -> tuple[float, tuple[float, float]]:
    """How far the ink in the box strays from its axis, and how far beyond the box that goes on at both ends, in mm."""
    points = window.pixels[::-1, window.away_mm <= 0].astype(np.float64)
    if points.shape[1] < LEAST_PX:
        return OWN.strays_mm, OWN.runs_on_mm
    values, vectors = np.linalg.eigh(np.cov(points))
    center, strays_mm = points.mean(axis=1), float(np.sqrt(max(values[0], 0.0))) / PX_PER_MM
    ways = (vectors[:, 1], -vectors[:, 1]) if strays_mm <= LINE_MM else ()
    ends = sorted((_follow(window, center, way) for way in ways), reverse=True)
    return strays_mm, (ends[0], ends[1]) if ends else OWN.runs_on_mm


def _follow(window: _Window, start: NDArray[np.float64], way: NDArray[np.float64]) -> float:
    """How far from the box the stroke that runs from `start` (x, y px) along `way` can be followed, in mm."""
    at, trail, reach, gap_mm, hidden_mm = start, [start], 0.0, 0.0, 0.0
    high, wide = window.added.shape
    for _ in range(round(2 * WINDOW_MM / STEP_MM)):  # a small loop would be followed for ever
        if gap_mm > GAP_MM or hidden_mm > HIDDEN_MM:
            break
        at = at + way * STEP_MM * PX_PER_MM
        aside = np.array([-way[1], way[0]])
        columns, rows = (at[:, None] + aside[:, None] * _ACROSS_PX).astype(np.intp)
        if not all(0 <= rows[end] < high and 0 <= columns[end] < wide for end in (0, -1)):
            break
        inked = window.added[rows, columns] > 0
        if count := np.count_nonzero(inked):
            at = at + (_ACROSS_PX @ inked) / count * aside
            trail, gap_mm, hidden_mm = [*trail, at], 0.0, 0.0
            way = _turned(way, trail)
            reach = max(reach, float(_away_mm(window.box, *(at + window.corner))))
        elif np.count_nonzero(window.printed[rows, columns]) * 2 >= len(rows):
            hidden_mm += STEP_MM
        else:
            gap_mm += STEP_MM
    return reach


def _turned(way: NDArray[np.float64], trail: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """`way` turned toward where the last steps led."""
    if len(trail) < TURN_STEPS:
        return way
    led = trail[-1] - trail[-TURN_STEPS]
    turned = (1 - TURN) * way + TURN * led / max(float(np.hypot(*led)), 1e-9)
    return np.asarray(turned / np.hypot(*turned))


def _away_mm(box: BoxMm, x_px: _Places, y_px: _Places) -> NDArray[np.float64]:
    """Distance from `box` of pixels of the slip."""
    x, y = (x_px + 0.5) / PX_PER_MM, (y_px + 0.5) / PX_PER_MM
    across = np.maximum(np.maximum(box.x - x, x - box.right), 0)
    down = np.maximum(np.maximum(box.y - y, y - box.bottom), 0)
    return np.asarray(np.hypot(across, down))
