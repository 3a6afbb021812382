"""The ink on a signature line, in numbers: what the blank form and the neighbors do not explain."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.ink import above_blank, cut
from ocr.scale import PX_PER_MM
from ocr.signature.judge import NO_ROWS, SignatureMeasure
from ocr.signature.judge_print import ASK_SHAPES
from ocr.signature.outline import measure_outline
from ocr.signature.printed import find_small_shapes, print_room
from ocr.signature.rows import Rows, measure_rows
from ocr.signature.shape import ink_height_mm, measure_shape
from ocr.signature.strokes import SPECK_MM, Stroke, find_strokes
from ocr.streaks import Lines
from ocr.template import Template
from schemas.geometry import BoxMm

# A thin pen, scanned, reaches 20 % of printed black after the grain is smoothed; paper grain stays below 8 %.
INK_LEVEL = 0.16
# What a threshold leaves of a soft blot: dots and holes of a few pixels.
DARK_LEVEL = 0.33
CRUMB_MOST_MM2, PINHOLE_MOST_MM2 = 0.06, 0.15
# A fax breaks a stroke into pieces less than this far apart.
BROKEN_MM = 0.4
# Signatures leave their room; what starts outside is told by where most of it lies.
ROOM_ABOVE_MM, ROOM_BELOW_MM, ROOM_ASIDE_MM = 6.0, 3.0, 4.0
# A pen stroke is cut where the printed rule was taken out; the gap is the rule and its tolerance.
RULE_GAP_MM = 1.2
# How much of a stroke must lie within the room for it to belong there; a descender has less.
OWN_SHARE = 0.5
# What begins above the room and does not reach its lower part hangs in from the line above.
HANGS_ABOVE_MM, HANGS_TO_SHARE = 0.5, 0.6
# The lower edge of the writing is looked at in windows about a letter wide.
WINDOW_MM = 1.6
LEVEL_MM = 0.22


def measure_signature(ink: NDArray[np.uint8], lines: Lines, template: Template) -> SignatureMeasure:
    """Measure the ink on the signature line of a registered slip, (H, W) relative to printed black."""
    room = template.design.signature.box_mm
    wide = _wide_room(room, template)
    smooth = cv2.GaussianBlur(cut(lines.without_streaks(ink), wide), (3, 3), 0)
    solid = np.asarray(cv2.threshold(smooth, INK_LEVEL * 255, 255, cv2.THRESH_BINARY)[1], np.uint8)
    reach = cut(template.print_reach, wide)
    rest = np.asarray(cv2.bitwise_and(solid, cv2.bitwise_not(reach)), np.uint8)
    added = _join_strokes(solid, rest, reach)
    drawn = None if lines.drawn is None else np.ascontiguousarray(cut(lines.drawn, wide))
    with_lines = strokes = find_strokes(added)
    if drawn is not None and cv2.hasNonZero(drawn):
        strokes = find_strokes(np.asarray(cv2.bitwise_and(added, cv2.bitwise_not(drawn)), np.uint8))
    own = tuple(stroke for stroke in strokes.found if _belongs(stroke, room, wide))
    here = BoxMm(room.x - wide.x, room.y - wide.y, room.w, room.h)
    small = find_small_shapes(cut(rest, print_room(here)))
    return SignatureMeasure(
        strokes=own,
        neighbors=tuple(stroke for stroke in strokes.found if stroke not in own),
        room_mm=here,
        area_mm2=cv2.countNonZero(np.ascontiguousarray(cut(added, here))) / PX_PER_MM**2,
        ink_height_mm=ink_height_mm(strokes.mask(own)),
        level=_level(cut(added, here), cut(reach, here)),
        crumbs=_crumbs(cut(rest, here)),
        small_shapes=small.count,
        tallest_mm=small.tallest_mm,
        rows=_rows(ink, lines, template) if small.count >= ASK_SHAPES else NO_ROWS,
        outline=measure_outline(rest),
        grain=_grain(cut(lines.without_streaks(ink), wide), reach),
        shape=measure_shape(with_lines.mask(stroke for stroke in with_lines.found if _belongs(stroke, room, wide))),
    )


def _rows(ink: NDArray[np.uint8], lines: Lines, template: Template) -> Rows:
    room = print_room(template.design.signature.box_mm)
    return measure_rows(above_blank(cut(lines.without_streaks(ink), room), cut(template.print_reach, room)))


def _wide_room(room: BoxMm, template: Template) -> BoxMm:
    """The room to sign and what surrounds it."""
    x, y = max(0.0, room.x - ROOM_ASIDE_MM), max(0.0, room.y - ROOM_ABOVE_MM)
    right = min(template.design.width_mm, room.right + ROOM_ASIDE_MM)
    return BoxMm(x, y, right - x, min(template.design.height_mm, room.bottom + ROOM_BELOW_MM) - y)


def _join_strokes(ink: NDArray[np.uint8], rest: NDArray[np.uint8], reach: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink without the print, `rest`, with strokes that cross the print, or that a fax broke, joined again.

    Where the form prints, ink is kept only if there is added ink both above and below within RULE_GAP_MM.
    """
    column = np.ones((round(RULE_GAP_MM * PX_PER_MM), 1), np.uint8)
    above = cv2.dilate(rest, column, anchor=(0, column.shape[0] - 1))
    below = cv2.dilate(rest, column, anchor=(0, 0))
    crossing = cv2.bitwise_and(cv2.bitwise_and(above, below), reach)
    size = round(BROKEN_MM * PX_PER_MM) | 1
    round_pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    whole = cv2.morphologyEx(cv2.bitwise_or(rest, cv2.bitwise_and(crossing, ink)), cv2.MORPH_CLOSE, round_pen)
    return np.asarray(whole, np.uint8)


def _belongs(stroke: Stroke, room: BoxMm, wide: BoxMm) -> bool:
    top, bottom = room.y - wide.y, room.bottom - wide.y + ROOM_BELOW_MM
    left, right = room.x - wide.x, room.right - wide.x
    high = min(stroke.bottom_mm, bottom) - max(stroke.top_mm, top)
    across = min(stroke.right_mm, right) - max(stroke.left_mm, left)
    hangs_in = stroke.top_mm < top - HANGS_ABOVE_MM and stroke.bottom_mm < top + HANGS_TO_SHARE * room.h
    if hangs_in:
        return False
    return high >= OWN_SHARE * stroke.height_mm and across >= OWN_SHARE * stroke.width_mm


def _level(added: NDArray[np.uint8], reach: NDArray[np.uint8]) -> float:
    """Share of letter-wide windows whose lowest ink lies on one level line; print cuts some off, which do not count."""
    step = round(WINDOW_MM * PX_PER_MM)
    lowest = []
    for left in range(0, added.shape[1] - step + 1, step):
        rows = np.flatnonzero(added[:, left : left + step].any(axis=1))
        if rows.size and not reach[min(rows[-1] + 2, len(reach) - 1), left : left + step].any():
            lowest.append(rows[-1])
    if len(lowest) < 4:
        return 0.0
    return float((np.abs(np.array(lowest) - np.median(lowest)) <= LEVEL_MM * PX_PER_MM).mean())


def _crumbs(rest: NDArray[np.uint8]) -> float:
    """Share of the ink in parts too small for strokes: a smudge that a fax turned into dots."""
    _, stats, _ = find_parts(np.ascontiguousarray(rest))
    parts = stats[1:]
    small = np.hypot(parts[:, cv2.CC_STAT_WIDTH], parts[:, cv2.CC_STAT_HEIGHT]) < SPECK_MM * PX_PER_MM
    return float(parts[small, cv2.CC_STAT_AREA].sum()) / max(1, int(parts[:, cv2.CC_STAT_AREA].sum()))


def _grain(ink: NDArray[np.uint8], reach: NDArray[np.uint8]) -> float:
    """Crumbs of ink and pinholes in it, a square millimeter of ink: what a threshold makes of a soft blot's edge."""
    dark = cv2.threshold(ink, DARK_LEVEL * 255, 255, cv2.THRESH_BINARY)[1]
    rest = np.asarray(cv2.bitwise_and(dark, cv2.bitwise_not(np.ascontiguousarray(reach))), np.uint8)
    contours, family = cv2.findContours(rest, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if family is None:
        return 0.0
    limits = (CRUMB_MOST_MM2 if parent < 0 else PINHOLE_MOST_MM2 for *_, parent in family[0])
    count = sum(
        cv2.contourArea(contour) < limit * PX_PER_MM**2 for contour, limit in zip(contours, limits, strict=True)
    )
    return count / max(1.0, cv2.countNonZero(rest) / PX_PER_MM**2)
