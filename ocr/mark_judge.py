"""Numbers measured at one checkbox to its state: the judgement, without a pixel."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from schemas.reading import MarkReading, MarkState

# Share of a box's inside that ink covers. Field data of ballot scanners (VotingWorks vxsuite #1895): empty
# boxes <= 5.5 %, a single line 18 %, ticks 20 %, crosses 25 %; they take 5 % as marginal, 7-8 % as definite.
MARGINAL_INK = 0.05
DEFINITE_INK = 0.08
FILLED_INK = 0.50
# A mark is a stroke: a dot of a pen is up to 0.8 mm across, the shortest tick of the simulated slips 1.5 mm.
STROKE_LEAST_MM = 1.2
# A little, short ink that keeps out of the middle of the box belongs to something else.
CORE_LEAST = 0.03
EDGE_ONLY_INK, EDGE_ONLY_MM = 0.15, 1.8
# A blunt pencil covers paper at a third of black; paper grain and photo noise stay below 6 % of the box.
FAINT_SHARE = 0.14
# Less of the printed outline than this, and it is covered, torn off or elsewhere.
OUTLINE_LEAST = 0.35
# Share of one side's strip (0.65 mm wide, outside the box) that ink covers.
BESIDE_SHARE = 0.22
BESIDE_STROKE_MM = 1.6  # a hasty tick or cross that missed the box, left of it where nothing is printed
CIRCLED_SHARE = 0.08
# Filled boxes spill over at most 16 % of their surroundings, scribbled-out ones
# 40 % and more (simulated slips, all channels).
SCRIBBLED_SHARE = 0.24
SCRIBBLED_INK = 0.65
# Share of the label's width over which something is drawn: a circle or a strike-out spans most of it.
LABEL_SHARE = 0.55

_MIDDLE_INK = (MARGINAL_INK + DEFINITE_INK) / 2
_INK_STEP = 0.012  # spread of an empty box's ink on a coarse fax (simulated slips)


@dataclass(frozen=True)
class BoxMeasure:
    """What was measured at one checkbox; shares run from 0 to 1.

    `ink`: of the inside covered by ink above the blank; `core`: the same for its middle; `faint`: of the
    inside covered by anything darker than paper; `extent_mm`: length of the longest connected stroke inside;
    `outline`: of the printed outline that shows; `sides`: of the strips left, above, right and below;
    `beside_mm`: length of the longest stroke left of the box; `label`: share of the label's width that is
    struck through, or drawn along above and below; `line`: a line crosses the box from edge to edge.
    """

    ink: float
    core: float
    faint: float
    extent_mm: float
    outline: float
    sides: tuple[float, float, float, float]
    beside_mm: float = 0.0
    label: float = 0.0
    line: bool = False


def judge_mark(box: BoxMeasure) -> MarkReading:
    """The state of a box by absolute limits alone: never by comparison with the other boxes of the slip."""
    ink = min(1.0, max(0.0, box.ink))
    for rule in DOUBTS:
        if reason := rule(box):
            return MarkReading(value=MarkState.AMBIGUOUS, confidence=0.5, ink=ink, reason=reason)
    ticked = 1 / (1 + math.exp(-(ink - _MIDDLE_INK) / _INK_STEP))
    if ink >= DEFINITE_INK:
        return MarkReading(value=MarkState.CHECKED, confidence=ticked, ink=ink)
    return MarkReading(value=MarkState.UNCHECKED, confidence=1 - ticked, ink=ink)


def _no_outline(box: BoxMeasure) -> str:
    missing = box.outline < OUTLINE_LEAST and box.ink < FILLED_INK
    return f"only {box.outline:.0%} of its printed outline shows" if missing else ""


def _crossed_by_line(box: BoxMeasure) -> str:
    return "a line runs through it" if box.line else ""


def _scribbled_out(box: BoxMeasure) -> str:
    spilled = sum(box.sides) / len(box.sides)
    return "it looks scribbled out" if box.ink >= SCRIBBLED_INK and spilled >= SCRIBBLED_SHARE else ""


def _little_ink(box: BoxMeasure) -> str:
    between = MARGINAL_INK <= box.ink < DEFINITE_INK
    return f"{box.ink:.1%} ink, between {MARGINAL_INK:.0%} and {DEFINITE_INK:.0%}" if between else ""


def _dot(box: BoxMeasure) -> str:
    short = box.ink >= DEFINITE_INK and box.extent_mm < STROKE_LEAST_MM
    return f"a dot of {box.extent_mm:.1f} mm" if short else ""


def _only_margin(box: BoxMeasure) -> str:
    little = DEFINITE_INK <= box.ink < EDGE_ONLY_INK and box.extent_mm < EDGE_ONLY_MM
    aside = little and box.core < CORE_LEAST
    return "a stroke only touches its edge" if aside else ""


def _faint(box: BoxMeasure) -> str:
    pale = box.ink < DEFINITE_INK and box.faint >= FAINT_SHARE
    return f"a faint mark on {box.faint:.0%} of it" if pale else ""


def _circled(box: BoxMeasure) -> str:
    around = box.ink < DEFINITE_INK and sum(side >= CIRCLED_SHARE for side in box.sides) >= 3
    return "something is drawn around it" if around else ""


def _beside(box: BoxMeasure) -> str:
    missed = max(box.sides) >= BESIDE_SHARE or box.beside_mm >= BESIDE_STROKE_MM
    beside = box.ink < DEFINITE_INK and missed
    return "a mark stands beside it" if beside else ""


def _label_drawn_over(box: BoxMeasure) -> str:
    drawn = box.ink < DEFINITE_INK and box.label >= LABEL_SHARE
    return "something is drawn over or around its label" if drawn else ""


DOUBTS: tuple[Callable[[BoxMeasure], str], ...] = (
    _no_outline,
    _crossed_by_line,
    _scribbled_out,
    _little_ink,
    _dot,
    _only_margin,
    _faint,
    _circled,
    _beside,
    _label_drawn_over,
)
