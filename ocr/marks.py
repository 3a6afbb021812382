"""Read the checkboxes of a registered slip: find each printed outline, then measure the ink above the blank."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import above_blank, relative_ink
from ocr.mark_judge import DEFINITE_INK, BoxMeasure, judge_mark
from ocr.scale import PX_PER_MM
from ocr.streaks import Lines, find_lines
from ocr.template import Template
from schemas.geometry import BoxMm
from schemas.pad import Checkbox
from schemas.reading import MarkReading

# Darker than this share of printed black is ink (pencil on a grey scan: 0.35-0.5), than that anything at all.
INK_LEVEL = 0.33
FAINT_LEVEL = 0.14
# The outline is looked for this far around its place: paper stretches and curls by less within a registered slip.
SEARCH_MM = 1.0
# Each millimetre off its place costs the outline so much of its score, so that a stroke beside it cannot pull it.
SEARCH_COST_PER_MM = 0.4
# The printed outline is 0.35 mm thick around box_mm; a fax line more on each side is blurred by it.
OUTLINE_HALF_MM = 0.18
INSIDE_INSET_MM = 0.45
CORE_INSET_MM = 1.0
HALO_FROM_MM = 0.35
HALO_TO_MM = 1.0
LABEL_REACH_MM = 0.8
BESIDE_TO_MM = 4.0
THIN_LINE_MM, THIN_LINE_SHARE = 0.5, 0.9
SLIP_EDGE_MM = 1.0
NEIGHBOUR_MM = 3.0  # a tick's long arm leaves its box by up to so much


@dataclass(frozen=True, eq=False)
class _Slip:
    """One slip's ink in the forms that measuring needs, all (H, W) at REGISTERED_DPI."""

    ink: NDArray[np.uint8]
    added: NDArray[np.uint8]
    faint: NDArray[np.uint8]
    lines: Lines


def read_marks(registered: NDArray[np.uint8], template: Template) -> dict[str, MarkReading]:
    """The state of every checkbox of a registered slip, (H, W) grey, by the box's name."""
    ink = relative_ink(registered, template.solid_mm)
    return marks_in(ink, find_lines(ink, template.print_reach), template)


def marks_in(ink: NDArray[np.uint8], lines: Lines, template: Template) -> dict[str, MarkReading]:
    """As `read_marks`, from ink relative to printed black (ocr.ink.relative_ink) and the lines found in it."""
    return {name: judge_mark(measure) for name, measure in measure_marks(ink, lines, template).items()}


def measure_marks(ink: NDArray[np.uint8], lines: Lines, template: Template) -> dict[str, BoxMeasure]:
    """The numbers behind each state."""
    boxes = template.design.checkboxes
    slip = _prepared(ink, lines, template)
    offsets, outlines = locate_outlines(ink, [box.box_mm for box in boxes])
    measures = [
        _measure(slip, box, offset, float(outline), template)
        for box, offset, outline in zip(boxes, offsets, outlines, strict=True)
    ]
    ticked = [box.box_mm for box, measure in zip(boxes, measures, strict=True) if measure.ink >= DEFINITE_INK]
    return {
        box.name: measure if box.box_mm in ticked else _undisturbed(measure, box.box_mm, ticked)
        for box, measure in zip(boxes, measures, strict=True)
    }


def locate_outlines(ink: NDArray[np.uint8], boxes: list[BoxMm]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """How many pixels (x, y) each outline lies off its place, (N, 2), and how dark it is there (0..1), (N,).

    The score of a place is the darkness along the outline less half of that just outside, summed from
    an integral image over all places at once.
    """
    reach = round(SEARCH_MM * PX_PER_MM)
    total = np.asarray(cv2.integral(ink), np.int32)
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    rings = [_ring(total, boxes, dx, dy, inner, outer) for inner, outer in _RINGS_MM]
    outline, outside = rings
    away = np.hypot(dx, dy) / PX_PER_MM
    scores = (outline - 0.5 * outside - SEARCH_COST_PER_MM * away).reshape(len(boxes), -1)
    best = scores.argmax(axis=1)
    rows, columns = np.unravel_index(best, dx.shape)
    dark = np.take_along_axis(outline.reshape(len(boxes), -1), best[:, None], axis=1)[:, 0]
    return np.column_stack([columns - reach, rows - reach]), dark


_RINGS_MM = ((-OUTLINE_HALF_MM, OUTLINE_HALF_MM), (OUTLINE_HALF_MM + 0.15, OUTLINE_HALF_MM + 0.4))


def _ring(
    total: NDArray[np.int32], boxes: list[BoxMm], dx: NDArray[np.intp], dy: NDArray[np.intp], inner: float, outer: float
) -> NDArray[np.float64]:
    """Mean ink (0..1) between two outlines of each box at each offset, (boxes, offsets, offsets)."""
    big, big_area = _sums(total, [box.grown(outer) for box in boxes], dx, dy)
    small, small_area = _sums(total, [box.grown(inner) for box in boxes], dx, dy)
    return (big - small) / np.maximum(big_area - small_area, 1) / 255


def _sums(
    total: NDArray[np.int32], boxes: list[BoxMm], dx: NDArray[np.intp], dy: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    edges = np.array([(b.x, b.y, b.right, b.bottom) for b in boxes]) * PX_PER_MM
    left, top, right, bottom = np.rint(edges).astype(np.intp).T[:, :, None, None]
    high, wide = total.shape[0] - 1, total.shape[1] - 1
    x0, x1 = (np.clip(x + dx, 0, wide) for x in (left, right))
    y0, y1 = (np.clip(y + dy, 0, high) for y in (top, bottom))
    inside = total[y1, x1] - total[y0, x1] - total[y1, x0] + total[y0, x0]
    return inside.astype(np.float64), ((x1 - x0) * (y1 - y0)).astype(np.float64)


def _prepared(ink: NDArray[np.uint8], lines: Lines, template: Template) -> _Slip:
    solid = lines.without_streaks(_above(ink, INK_LEVEL))
    faint = lines.without_streaks(_above(cv2.blur(ink, (3, 3)), FAINT_LEVEL))
    return _Slip(solid, above_blank(solid, template.print_reach), faint, lines)


def _above(ink: NDArray[np.uint8] | cv2.typing.MatLike, level: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.threshold(ink, level * 255, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _measure(slip: _Slip, box: Checkbox, offset: NDArray[np.intp], outline: float, template: Template) -> BoxMeasure:
    moved = BoxMm(box.box_mm.x + offset[0] / PX_PER_MM, box.box_mm.y + offset[1] / PX_PER_MM, *box.box_mm[2:])
    inside = _part(slip.ink, moved.grown(-INSIDE_INSET_MM))
    return BoxMeasure(
        ink=_share(inside),
        core=_share(_part(slip.ink, moved.grown(-CORE_INSET_MM))),
        faint=_share(_part(slip.faint, moved.grown(-INSIDE_INSET_MM))),
        extent_mm=_longest_mm(inside),
        outline=outline,
        sides=_sides(slip.added, moved),
        beside_mm=_longest_mm(_part(slip.added, _beside_room(moved))),
        label=_label_share(slip.added, box, template),
        line=_is_thin_line(inside) or (slip.lines.drawn is not None and bool(_part(slip.lines.drawn, moved).any())),
    )


def _part(mask: NDArray[np.uint8], box: BoxMm) -> NDArray[np.uint8]:
    """The part of a mask inside `box`, which may reach over the edge of the slip."""
    left, top, right, bottom = (max(0, round(edge * PX_PER_MM)) for edge in (box.x, box.y, box.right, box.bottom))
    return mask[top:bottom, left:right]


def _share(part: NDArray[np.uint8]) -> float:
    return cv2.countNonZero(part) / part.size if part.size else 0.0


def _longest_mm(part: NDArray[np.uint8]) -> float:
    if not part.any():
        return 0.0
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(part), connectivity=8)
    return float(np.hypot(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]).max() / PX_PER_MM)


def _is_thin_line(inside: NDArray[np.uint8]) -> bool:
    """Whether the ink is one level or upright line from edge to edge: a broken streak, a fax's lost line."""
    ink = inside > 0
    thick = round(THIN_LINE_MM * PX_PER_MM)
    for across in (ink, ink.T):
        if across.shape[0] < thick or not ink.any():
            return False
        in_band = np.convolve(across.sum(axis=1), np.ones(thick), "valid").max() / ink.sum()
        if in_band >= THIN_LINE_SHARE and across.any(axis=0).mean() >= THIN_LINE_SHARE:
            return True
    return False


def _sides(added: NDArray[np.uint8], box: BoxMm) -> tuple[float, float, float, float]:
    near, far = HALO_FROM_MM, HALO_TO_MM
    deep = far - near
    strips = (
        BoxMm(box.x - far, box.y - near, deep, box.h + 2 * near),
        BoxMm(box.x - near, box.y - far, box.w + 2 * near, deep),
        BoxMm(box.right + near, box.y - near, deep, box.h + 2 * near),
        BoxMm(box.x - near, box.bottom + near, box.w + 2 * near, deep),
    )
    left, above, right, below = (_share(_part(added, strip)) for strip in strips)
    return left, above, right, below


def _undisturbed(measure: BoxMeasure, box: BoxMm, ticked: list[BoxMm]) -> BoxMeasure:
    """`measure` without the sides that face a ticked box nearby: what lies between them is that box's mark."""
    left, above, right, below = measure.sides
    for other in ticked:
        if not box.grown(NEIGHBOUR_MM).overlap_mm2(other):
            continue
        left = 0.0 if other.right <= box.x else left
        above = 0.0 if other.bottom <= box.y else above
        right = 0.0 if other.x >= box.right else right
        below = 0.0 if other.y >= box.bottom else below
    return replace(measure, sides=(left, above, right, below))


def _beside_room(box: BoxMm) -> BoxMm:
    """The paper left of `box`, without the slip's own edge and its shadow."""
    left = max(SLIP_EDGE_MM, box.x - BESIDE_TO_MM)
    return BoxMm(left, box.y, max(0.0, box.x - left), box.h)


def _label_share(added: NDArray[np.uint8], box: Checkbox, template: Template) -> float:
    """A circle shows above and below its label; of a circle around the neighbour only one side comes near."""
    room = template.label_rooms_mm.get(box.name)
    if room is None:
        return 0.0
    reach, edge = LABEL_REACH_MM, room.h / 4
    above = BoxMm(room.x, room.y - reach, room.w, reach + edge)
    through = BoxMm(room.x, room.y + edge, room.w, room.h - 2 * edge)
    below = BoxMm(room.x, room.bottom - edge, room.w, reach + edge)
    upper, middle, lower = (_covered(_part(added, strip)) for strip in (above, through, below))
    return max(middle, min(upper, lower))


def _covered(part: NDArray[np.uint8]) -> float:
    """Share of the columns with ink."""
    return float((part > 0).any(axis=0).mean()) if part.size else 0.0
