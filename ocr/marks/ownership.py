"""Whether the ink in a box is the box's own, or part of a stamp, a note, a loop or a line: without a pixel."""

from collections.abc import Callable
from dataclasses import dataclass

# All limits were chosen on 361 boxes that simulated stamps, notes, loops, rings and lines cross and 844 real and
# simulated ticks: 330 of the former have one of these signs of foreign ink, of the latter 7 (6 of them on crops where
# print beside the box cannot be told from pen). Real ticks are those of survey pages and of small crops.
# A tick's longest arm reaches up to 12.1 mm (survey pages), its second 4.4, and 1.75 beside an arm of 5.8 or more.
ARM_MOST_MM, SECOND_ARM_MM = 12.7, 4.6
LONG_ARM_MM, BESIDE_LONG_ARM_MM = 6.0, 2.1
# At least 0.40 of a real tick lies within 1.8 mm of its box.
NEAR_SHARE = 0.38
# A slash goes on up to 4.2 mm beyond the box at its shorter end.
RUNS_ON_MM = 4.6
# Only what strays as little from a line is a stroke that a long one may be the end of; real ones have up to 9.6 mm.
STRAIGHT_MM, RUNS_FAR_MM = 0.27, 10.5
# Beyond what its arms need, a tick has no ink outside its box; letters have.
BULK_MM2 = 1.2
# Letters stand in a row. The pieces into which print cuts an arm may look like one more, but are little ink.
ROW_TWO_MM2, ROW_ONE_MM2 = 1.5, 2.6
# What real forms have within 8 mm of a tick that is no mark of another box: up to 6.1 mm2.
AROUND_MM2 = 6.4
# A tick, a cross and a hook have two strokes on any level; of 722 real ticks 6 have three on 0.25 mm and more.
WRITING_MM = 0.25


@dataclass(frozen=True)
class Ownership:
    """What tells whose the ink in a checked box is.

    `near`: share of its shape that lies close to the box; `arms_mm`: how far the two longest parts outside reach;
    `bulk_mm2`: ink of the parts outside beyond what strokes of their length have; `strays_mm`: how far the ink inside
    strays from a straight line, and `runs_on_mm` how far that line goes on at both ends, the longer one first; `row`:
    shapes of like height beside it on one line; `around_mm2`: other ink around that is no mark of another box;
    `writing_mm`: over how much of the box's height a level line through it meets three strokes or more.
    """

    near: float = 1.0
    arms_mm: tuple[float, float] = (0.0, 0.0)
    bulk_mm2: float = 0.0
    strays_mm: float = 9.9
    runs_on_mm: tuple[float, float] = (0.0, 0.0)
    row: int = 0
    around_mm2: float = 0.0
    writing_mm: float = 0.0


OWN = Ownership()


def foreign_reason(ink: Ownership) -> str:
    """Why the ink in a box may not be its own; nothing when it is."""
    return next((reason for rule in RULES if (reason := rule(ink))), "")


def _line(ink: Ownership) -> str:
    both = ink.runs_on_mm[1] >= RUNS_ON_MM or ink.arms_mm[1] >= SECOND_ARM_MM
    far = ink.strays_mm <= STRAIGHT_MM and ink.runs_on_mm[0] >= RUNS_FAR_MM
    return "a line or loop that runs on beyond it crosses it" if both or far else ""


def _larger(ink: Ownership) -> str:
    longest, second = ink.arms_mm
    long = longest >= ARM_MOST_MM or (longest >= LONG_ARM_MM and second >= BESIDE_LONG_ARM_MM)
    larger = long or ink.near < NEAR_SHARE or ink.bulk_mm2 >= BULK_MM2
    return "its ink belongs to something larger: a stamp or a note?" if larger else ""


def _row(ink: Ownership) -> str:
    row = (ink.row >= 2 and ink.around_mm2 >= ROW_TWO_MM2) or (ink.row == 1 and ink.around_mm2 >= ROW_ONE_MM2)
    return "its ink stands in a row with more beside it: a stamp or a note?" if row else ""


def _crowded(ink: Ownership) -> str:
    return "much else is stamped or written around it" if ink.around_mm2 >= AROUND_MM2 else ""


def _written(ink: Ownership) -> str:
    return "it looks like letters of a note" if ink.writing_mm >= WRITING_MM else ""


RULES: tuple[Callable[[Ownership], str], ...] = (_line, _larger, _row, _crowded, _written)
