"""Find straight strokes over the whole slip: whoever draws a line or a large cross over it cancels it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import above_blank, cut
from ocr.marks.measure import INK_LEVEL
from ocr.marks.stroke_pieces import CELL_MM, CELL_PX, Points, StrokePiece, axis_of, cross, find_long_pieces, find_pieces
from ocr.scale import PX_PER_MM
from ocr.streaks import Lines
from ocr.template import Template
from schemas.geometry import PointMm
from schemas.reading import Finding
from schemas.reasons import FindingCode

# So much of 255 is the share of a cell that a thin pen darkens, and how dark the palest pencil makes one.
CELL_INK, PALE_INK = 24, 9
PIECES_MOST = 8
SHOWN_POINTS = 9  # a bow looks round
# Pieces of one stroke point the same way (cosine) and lie on one course, which a hand bends by so much of its way.
SAME_WAY, ASIDE_MM, ASIDE_SHARE = 0.97, 1.0, 0.05
BROAD_MM = 1.2
# What shows beside the rooms to write in must be this long before it is followed into them: the arms of two hasty ticks
# in one course have up to 20 mm (survey pages: 12 mm one arm).
BASE_MM = 22.0
# Canceling lines of simulated slips are 60 to 170 mm long; a stroke through one group of boxes has 30.
CANCEL_MM = 60.0
# Where print does not hide it, a stroke shows nearly everywhere on its way (simulated lines: 0.99 and more).
SHOWN_SHARE = 0.92
# A hand bends a long stroke by some 2 % of its way, simulated ones by 5.3 % at most; the flat side of a loop around a
# group of boxes has 5.9 % and more.
BOW_SHARE = 0.055
GAP_MM = 2.0
# A scanner's streak is upright or level, on a slip that lay up to 8 degrees askew, and runs on to the slip's edges,
# with gaps; a hand leaves some paper before it.
# The upright sides of a stamp's frame: sought so far from the ends of its edge, and along the edge; corners are round.
CORNER_FROM_MM, CORNER_TO_MM, CORNER_OFF_MM, CORNER_LEAST_MM, CORNER_SHOWN = 1.5, 6.0, 3.0, 3.0, 0.9
# A long heavy rule that a coarse fax moved shows beside its print all the way.
ALONG_RULE = 0.9
STREAK_SLOPE, STREAK_END_MM, STREAK_SHOWN = 0.14, 3.0, 0.3
# Print beside a stroke hides what lies around boxes, and what each slip has printed of its own.
BOX_RIM_MM, ROOM_RIM_MM = 1.0, 0.5
EDGE_LINE_MM = 3.0  # a line that keeps nearer to an edge is the shadow of it
EDGE_MM = 2.0  # within it lies the shadow of the slip's own edge
# A stroke is followed in such steps, looked for across its way, its heading that of its last part.
STEP_MM, HEADING_MM, TURN = 0.5, 12.0, 0.02
ACROSS_MM = np.array([-0.7, -0.35, 0.0, 0.35, 0.7])


@dataclass(frozen=True, eq=False)
class CancelLine:
    """A stroke over the slip: its course as points (N, 2) in millimeters, half a millimeter apart."""

    course_mm: NDArray[np.float64]

    @property
    def length_mm(self) -> float:
        return float(np.hypot(*(self.course_mm[-1] - self.course_mm[0])))

    @property
    def shown_mm(self) -> tuple[PointMm, ...]:
        """The course as it is drawn for people, by a few points to a tenth of a millimeter."""
        some = self.course_mm[np.linspace(0, len(self.course_mm) - 1, SHOWN_POINTS).astype(np.intp)]
        return tuple(PointMm(round(float(x), 1), round(float(y), 1)) for x, y in some)


def find_cancel_lines(ink: NDArray[np.uint8], lines: Lines, template: Template) -> tuple[CancelLine, ...]:
    """The strokes over the whole slip, longest first, from a slip's ink (H, W; 255 printed black)."""
    dark = np.asarray(cv2.threshold(ink, INK_LEVEL * 255, 255, cv2.THRESH_BINARY)[1], np.uint8)
    added = _shrink(above_blank(dark, template.print_reach)) >= CELL_INK
    if found := _find(added, template):
        return found
    pale = _shrink(above_blank(ink, template.print_reach)) >= PALE_INK
    return () if np.array_equal(pale, added) else _find(pale, template)


def _find(added: NDArray[np.bool_], template: Template) -> tuple[CancelLine, ...]:
    hidden, rooms = _hidden(template)
    pieces = sorted(find_pieces(added & ~rooms), key=lambda piece: -piece.length_mm)
    long = sorted(find_long_pieces(_without_edges(added), rooms), key=lambda piece: -piece.length_mm)
    found: list[CancelLine] = []
    for piece in (*pieces[:PIECES_MOST], *long[:PIECES_MOST]):
        if any(_lies_on(piece, line) for line in found):
            continue
        same = (other for other in pieces if other is not piece and _is_on_course(other, piece))
        course = _course([piece, *same], added, hidden)
        line = CancelLine(_follow(course, added, hidden)) if course is not None else None
        if line is not None and _cancels(line) and not _is_foreign(line, added, hidden):
            found.append(line)
    return tuple(sorted(found, key=lambda line: -line.length_mm))


def with_cancel_lines(lines: Lines, found: Sequence[CancelLine], shape: tuple[int, ...]) -> Lines:
    """`lines` of a slip (H, W) with these strokes among the drawn ones: a box on their way is doubted."""
    if not found:
        return lines
    drawn = np.zeros(shape, np.uint8) if lines.drawn is None else lines.drawn.copy()
    for line in found:
        course = (line.course_mm * PX_PER_MM).round().astype(np.int32)
        cv2.polylines(drawn, [course], isClosed=False, color=255, thickness=1)
    return replace(lines, drawn=drawn)


def _is_on_course(piece: StrokePiece, first: StrokePiece) -> bool:
    ahead, aside = (piece.center - first.center) @ first.along, cross(first.along, piece.center - first.center)
    same_way = abs(float(piece.along @ first.along)) >= SAME_WAY
    return same_way and abs(float(aside)) <= ASIDE_MM + ASIDE_SHARE * abs(float(ahead))


def _lies_on(piece: StrokePiece, line: CancelLine) -> bool:
    return float(np.hypot(*(line.course_mm - piece.center).T).min()) <= ASIDE_MM


def _course(pieces: Sequence[StrokePiece], added: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> Points | None:
    """The common course of pieces, (N, 2) in millimeters, when they are one stroke that shows on nearly all its way."""
    points = np.concatenate([piece.points for piece in pieces])
    center, along, broad = axis_of(points)
    if broad > BROAD_MM:
        return None
    away = points - center
    ahead = away @ along
    bow = np.polyfit(ahead, cross(along, away), 2)
    steps = np.arange(ahead.min(), ahead.max(), STEP_MM)
    course = center + np.outer(steps, along) + np.outer(np.polyval(bow, steps), _aside(along))
    shown, covered = _at(_spread(added), course), _at(hidden, course)
    visible = shown | ~covered
    enough = shown.sum() * STEP_MM >= BASE_MM and shown.sum() >= SHOWN_SHARE * visible.sum()
    return course if enough and _bow(course) <= BOW_SHARE else None


def _follow(course: Points, added: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> Points:
    """The course with what goes on at both its ends, through writing too."""
    onward = _onward(course, added, hidden)
    return np.concatenate([_onward(course[::-1], added, hidden)[::-1], course, onward])


def _cancels(line: CancelLine) -> bool:
    return line.length_mm >= CANCEL_MM and _bow(line.course_mm) <= BOW_SHARE


def _bow(course: Points) -> float:
    """How far a course strays from its chord, as a share of it."""
    chord = course[-1] - course[0]
    return float(np.abs(cross(chord, course - course[0])).max() / (chord @ chord))


def _onward(course: Points, added: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> Points:
    """Points (N, 2) beyond the last of `course` up to where the stroke ends; print may hide it on the way."""
    back = min(len(course), round(HEADING_MM / STEP_MM))
    heading = course[-1] - course[-back]
    heading = heading / np.hypot(*heading)
    at, shown_to, gap = course[-1], 0, 0.0
    points: list[NDArray[np.float64]] = []
    for _ in range(round(np.hypot(*hidden.shape) * CELL_MM / STEP_MM)):  # a ring would be followed for ever
        if gap > GAP_MM:
            break
        at = at + heading * STEP_MM
        across = at + np.outer(ACROSS_MM, _aside(heading))
        inked = _at(added, across)
        if inked.any():
            moved = ACROSS_MM[inked].mean()
            at = at + 0.5 * moved * _aside(heading)
            heading = heading + TURN * moved * _aside(heading)
            heading = heading / np.hypot(*heading)
            shown_to, gap = len(points) + 1, 0.0
        elif not _is_inside(at, hidden):
            break
        elif not _at(hidden, at[None])[0]:
            gap += STEP_MM
        points.append(at)
    return np.array(points[:shown_to]).reshape(-1, 2)


def _is_foreign(line: CancelLine, added: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> bool:
    """Whether no hand drew the line: a scanner's streak, or what shows beside printed rules."""
    across = cv2.morphologyEx(
        hidden.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, round(CANCEL_MM / CELL_MM)), np.uint8)
    )
    along_rule = _at(_spread(_spread(across > 0)), line.course_mm).mean() >= ALONG_RULE
    return (
        bool(along_rule) or _is_edge(line, hidden) or _is_frame(line, added, hidden) or _is_streak(line, added, hidden)
    )


def _is_edge(line: CancelLine, hidden: NDArray[np.bool_]) -> bool:
    """Whether the line keeps to one edge of the slip, whose shadow it is."""
    far = np.array(hidden.shape[::-1]) * CELL_MM
    away = np.concatenate([line.course_mm, far - line.course_mm], axis=1)
    return bool(((away <= EDGE_LINE_MM).mean(axis=0) >= ALONG_RULE).any())


def _is_frame(line: CancelLine, added: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> bool:
    """Whether strokes stand upright on both ends of a line, on one side of it: it is the edge of a stamp."""
    ends = line.course_mm[[0, -1]]
    way = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    up, along = np.arange(CORNER_FROM_MM, CORNER_TO_MM, STEP_MM), np.arange(-CORNER_OFF_MM, CORNER_OFF_MM, STEP_MM)
    for side in (-_aside(way), _aside(way)):
        stands = []
        for end in ends:
            points = end + along[:, None, None] * way + up[None, :, None] * side
            shown, free = (
                _at(cells, points.reshape(-1, 2)).reshape(points.shape[:2]) for cells in (_spread(added), ~hidden)
            )
            seen = shown.sum(axis=1) >= CORNER_SHOWN * np.maximum((shown | free).sum(axis=1), 1)
            stands.append(bool((seen & (shown.sum(axis=1) * STEP_MM >= CORNER_LEAST_MM)).any()))
        if all(stands):
            return True
    return False


def _is_streak(line: CancelLine, added: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> bool:
    """Whether an upright or level line goes on, broken as it may be, to the slip's edges."""
    run, ends = np.sort(np.abs(line.course_mm[-1] - line.course_mm[0])), line.course_mm[[0, -1]]
    if run[0] > STREAK_SLOPE * run[1]:
        return False
    way = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    for end, out in zip(ends, (-way, way), strict=True):
        beyond = end + np.outer(np.arange(1, 400) * STEP_MM, out)
        beyond = beyond[[_is_inside(point, hidden) for point in beyond]]
        shown, free = _at(_spread(added), beyond), ~_at(hidden, beyond)
        if free.sum() * STEP_MM > STREAK_END_MM and shown.sum() < STREAK_SHOWN * free.sum():
            return False
    return True


def _aside(along: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([-along[1], along[0]])


def _is_inside(point: NDArray[np.float64], cells: NDArray[np.bool_]) -> bool:
    column, row = np.floor(point / CELL_MM)
    return bool(0 <= row < cells.shape[0] and 0 <= column < cells.shape[1])


def _at(cells: NDArray[np.bool_], points: Points) -> NDArray[np.bool_]:
    """The cells at points (N, 2) in millimeters, (N,); False beyond the slip."""
    column, row = np.floor(points / CELL_MM).astype(np.intp).T
    within = (row >= 0) & (row < cells.shape[0]) & (column >= 0) & (column < cells.shape[1])
    return np.asarray(within & cells[np.where(within, row, 0), np.where(within, column, 0)])


def _without_edges(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    rim = round(EDGE_MM / CELL_MM)
    return np.asarray(np.pad(cells[rim:-rim, rim:-rim], rim), np.bool_)


def _spread(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cells and their neighbors."""
    return np.asarray(cv2.dilate(cells.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _shrink(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    high, wide = (length // CELL_PX for length in mask.shape)
    whole = mask[: high * CELL_PX, : wide * CELL_PX]
    return np.asarray(cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)


@lru_cache(maxsize=16)
def _hidden(template: Template) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Cells that print hides, and those in which writing, marks, the slip's edge or its own print are expected."""
    boxes = [box.box_mm.grown(BOX_RIM_MM) for box in template.design.checkboxes]
    own = [box.grown(ROOM_RIM_MM) for box in template.own_print_mm]
    rooms = [box.grown(ROOM_RIM_MM) for box in template.writing_mm]
    printed, expected = template.print_reach.copy(), np.full_like(template.print_reach, 255)
    rim = round(EDGE_MM * PX_PER_MM)
    expected[rim:-rim, rim:-rim] = 0
    for masks, parts in (((printed, expected), own), ((expected,), (*rooms, *boxes))):
        for mask, part in product(masks, parts):
            cut(mask, part)[:] = 255
    return _shrink(printed) > 127, _shrink(expected) > 0


def canceled_finding(lines: Sequence[CancelLine]) -> Finding:
    """The doubt whether its writer canceled the slip."""
    drawn = f"{len(lines)} lines are" if len(lines) > 1 else "A line is"
    long_mm = lines[0].length_mm
    detail = f"{drawn} drawn over the slip, {long_mm:.0f} mm long; reject the slip if its writer canceled it."
    courses = tuple(line.shown_mm for line in lines)
    return Finding(code=FindingCode.POSSIBLY_CANCELED, detail=detail, courses_mm=courses)
