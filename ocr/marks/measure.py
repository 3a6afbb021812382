"""Read the checkboxes of a registered slip: find each printed outline, then measure the ink above the blank."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import above_blank, cut
from ocr.marks.hairline import NO_HAIRLINE, Hairline, measure_hairline
from ocr.marks.ink_sheet import InkSheet, corner_px
from ocr.marks.ink_sheet import inside as part_of
from ocr.marks.judge import INK_DEFINITE_MM2, BoxMeasure, judge_mark
from ocr.marks.outlines import locate_outlines
from ocr.marks.own_ink import measure_ownership
from ocr.marks.ownership import OWN, Ownership
from ocr.marks.surroundings import SLIP_EDGE_MM, Surroundings, area_mm2, measure_surroundings
from ocr.scale import PX_PER_MM
from ocr.streaks import Lines
from ocr.template import Template
from schemas.geometry import BoxMm
from schemas.reading import MarkReading

# Darker than this share of printed black is ink (pencil on a gray scan: 0.35-0.5).
INK_LEVEL = 0.33
# Smeared by so much, the black and white dots of a bilevel scan make a stroke again, at this share of black; paper
# grain and photo noise stay below it.
SMEAR_MM, SMEAR_REACH_MM = 0.16, 0.6  # what lies further away has no share in it
STROKE_LEVEL = 0.12
# Inside the outline, its blur and a fax line's raggedness; a stroke that never comes further in than the core belongs
# to something else, or is the outline's own blur.
INSIDE_INSET_MM = 0.45
CORE_INSET_MM = 0.8
# A band has nearly all the ink of its box, is itself mostly ink, and leaves a good part of the box empty.
BAND_SHARE, BAND_FULL, BAND_MOST = 0.9, 0.75, 0.55
THIN_LINE_MM = 0.4
EDGE_PX = 1
# The mark of a ticked box takes up its surroundings; what lies there says nothing of the boxes beside it.
TICKED_ROOM_MM = 1.6
ROOM_RIM_MM = 1.0  # writing leaves its room by so much and more
SHADOW_SHARE = 0.3  # of a side; a stamp's frame that runs off the slip has less


@dataclass(frozen=True)
class BoxPlace:
    """Where a checkbox is printed; where its label stands, and where something may be written in, if anywhere."""

    name: str
    box_mm: BoxMm
    label_mm: BoxMm | None = None
    write_in_mm: BoxMm | None = None


@dataclass(frozen=True, eq=False)
class _Slip:
    """One slip's ink in the forms that measuring needs, all (H, W) at REGISTERED_DPI.

    `seen` is all ink without a scanner's streaks, `ink` where that is dark enough.
    """

    seen: NDArray[np.uint8]
    ink: NDArray[np.uint8]
    lines: Lines

    def strokes(self, within: BoxMm) -> NDArray[np.uint8]:
        """The strokes `within` a place, their dots made one again."""
        around = within.grown(SMEAR_REACH_MM)
        smeared = cv2.GaussianBlur(cut(self.seen, around), (0, 0), SMEAR_MM * PX_PER_MM)
        return part_of(_threshold(smeared, STROKE_LEVEL), within, corner_px(around))


@dataclass(frozen=True)
class _Inside:
    """What lies within one printed outline, which was found at `box_mm`."""

    box_mm: BoxMm
    outline: float
    ink: float
    ink_mm2: float
    core_mm2: float
    stroke_mm: float
    line: bool


def read_marks(ink: NDArray[np.uint8], lines: Lines, template: Template) -> dict[str, MarkReading]:
    """The state of every checkbox by its name, from a slip's ink relative to printed black and the lines in it."""
    if not template.design.checkboxes:
        return {}
    rooms = tuple(room.grown(ROOM_RIM_MM) for room in (*template.writing_mm, *template.own_print_mm))
    measures = measure_boxes(ink, lines, box_places(template), template.print_reach, rooms)
    return {name: judge_mark(measure) for name, measure in measures.items()}


def box_places(template: Template) -> tuple[BoxPlace, ...]:
    """Where the design prints its checkboxes, their labels and the room beside an "Other"."""
    rooms, design = template.label_rooms_mm, template.design
    written = {box.name: design.field(box.write_in) for box in design.checkboxes if box.write_in}
    return tuple(
        BoxPlace(box.name, box.box_mm, rooms.get(box.name), field.box_mm if (field := written.get(box.name)) else None)
        for box in design.checkboxes
    )


def measure_boxes(
    ink: NDArray[np.uint8],
    lines: Lines,
    boxes: Sequence[BoxPlace],
    printed: NDArray[np.uint8],
    rooms: Sequence[BoxMm] = (),
) -> dict[str, BoxMeasure]:
    """The numbers behind each state, by name; `printed` is 255 where the blank form prints, (H, W) as `ink`.

    In `rooms` something is written, or printed on each slip of its own, that says nothing of the boxes beside it.
    """
    slip = _prepare_ink(ink, lines)
    offsets, outlines = locate_outlines(ink, [box.box_mm for box in boxes])
    insides = [
        _measure_inside(slip, box.box_mm, offset, float(outline))
        for box, offset, outline in zip(boxes, offsets, outlines, strict=True)
    ]
    added = above_blank(slip.ink, printed)
    apart = added.copy()
    ticked = [inside.box_mm for inside in insides if inside.ink_mm2 >= INK_DEFINITE_MM2]
    for place in ticked:
        cut(apart, place.grown(TICKED_ROOM_MM))[:] = 0
    sheet = InkSheet(slip.ink, _without_edge(added), printed, rooms)
    measures = {}
    for box, inside in zip(boxes, insides, strict=True):
        place = inside.box_mm
        seen = added if place in ticked else apart
        around = measure_surroundings(seen, printed, place, box.label_mm, box.write_in_mm)
        others = [other for other in ticked if other is not place]
        ownership = measure_ownership(sheet, place, others) if place in ticked else OWN
        within = place.grown(-INSIDE_INSET_MM)
        hairline = measure_hairline(slip.ink, added, within, place) if place in ticked else NO_HAIRLINE
        measures[box.name] = _measure(inside, around, ownership, hairline)
    return measures


def _without_edge(added: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Added ink (H, W) without the shadows that the slip's own edges throw along much of a side."""
    rim, inner = round(SLIP_EDGE_MM * PX_PER_MM), added.copy()
    for side in (inner[:rim], inner[-rim:], inner[:, :rim].T, inner[:, -rim:].T):
        if cv2.countNonZero(cv2.reduce(side, 0, cv2.REDUCE_MAX)) >= SHADOW_SHARE * side.shape[1]:
            side[:] = 0
    return inner


def _measure(inside: _Inside, around: Surroundings, ownership: Ownership, hairline: Hairline) -> BoxMeasure:
    return BoxMeasure(
        ink=inside.ink,
        ink_mm2=inside.ink_mm2,
        core_mm2=inside.core_mm2,
        stroke_mm=inside.stroke_mm,
        outline=inside.outline,
        line=inside.line,
        touch_mm2=around.touch_mm2,
        sides=around.sides,
        ring=around.ring,
        beside_mm=around.beside_mm,
        label_ring=around.label_ring,
        label_struck=around.label_struck,
        written_mm=around.written_mm,
        ownership=ownership,
        hairline=hairline,
    )


def _prepare_ink(ink: NDArray[np.uint8], lines: Lines) -> _Slip:
    seen = lines.without_streaks(ink)
    return _Slip(seen, _threshold(seen, INK_LEVEL), lines)


def _threshold(ink: NDArray[np.uint8] | cv2.typing.MatLike, level: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.threshold(ink, level * 255, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _measure_inside(slip: _Slip, box: BoxMm, offset: NDArray[np.intp], outline: float) -> _Inside:
    found = BoxMm(box.x + offset[0] / PX_PER_MM, box.y + offset[1] / PX_PER_MM, box.w, box.h)
    within = found.grown(-INSIDE_INSET_MM)
    ink = cut(slip.ink, within)
    drawn = slip.lines.drawn is not None and bool(cut(slip.lines.drawn, found).any())
    return _Inside(
        box_mm=found,
        outline=outline,
        ink=area_mm2(ink) * PX_PER_MM**2 / max(1, ink.size),
        ink_mm2=area_mm2(ink),
        core_mm2=area_mm2(cut(slip.ink, found.grown(-CORE_INSET_MM))),
        stroke_mm=_stroke_mm(slip.strokes(within), round((CORE_INSET_MM - INSIDE_INSET_MM) * PX_PER_MM)),
        line=drawn or _is_line(ink),
    )


def _stroke_mm(strokes: NDArray[np.uint8], rim_px: int) -> float:
    """The longest connected stroke that comes within the rim of `rim_px`: the diameter of the circle around it."""
    core = strokes[rim_px:-rim_px, rim_px:-rim_px]
    if not core.any():
        return 0.0
    _, labels = cv2.connectedComponents(np.ascontiguousarray(strokes), connectivity=8)
    numbers = np.unique(labels[rim_px:-rim_px, rim_px:-rim_px])
    radii = [
        cv2.minEnclosingCircle(np.argwhere(labels == number)[:, ::-1].astype(np.float32))[1]
        for number in numbers
        if number
    ]
    return (2 * max(radii) + 1) / PX_PER_MM


def _is_line(inside: NDArray[np.uint8]) -> bool:
    """Whether the ink is one band from edge to edge: a broken streak, a stroke down through boxes, a fax's bad lines.

    A level stroke through the middle is how some people tick; only a thin one is taken for a fax's lost line.
    """
    ink = inside > 0
    if not ink.any():
        return False
    level, upright = _band(ink), _band(ink.T)
    thin = level is not None and np.ptp(level) < THIN_LINE_MM * PX_PER_MM
    at_edge = level is not None and (level[0] <= EDGE_PX or level[-1] >= len(ink) - 1 - EDGE_PX)
    return upright is not None or bool(thin) or bool(at_edge)


def _band(across: NDArray[np.bool_]) -> NDArray[np.intp] | None:
    """The rows of the one level band that has nearly all the ink, and leaves a good part of the box empty."""
    full = np.flatnonzero(across.mean(axis=1) >= BAND_FULL)
    if not full.size or full.size > BAND_MOST * len(across) or np.ptp(full) > full.size:
        return None
    near = across[max(0, full[0] - EDGE_PX) : full[-1] + 1 + EDGE_PX]
    return full if near.sum() >= BAND_SHARE * across.sum() else None
