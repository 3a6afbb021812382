"""Numbers measured at one checkbox to its state: the judgment, without a pixel."""

from collections.abc import Callable
from dataclasses import dataclass

from ocr.marks.hairline import NO_HAIRLINE, Hairline
from ocr.marks.ownership import OWN, Ownership, foreign_reason
from schemas.log_odds import probability
from schemas.reading import MarkReading, MarkState

# Ink inside the outline, in square millimeters, so that a stroke counts alike in small and large boxes. Of 844 real
# empty boxes (3.3 to 5.2 mm, scanned) 843 hold up to 0.06, of simulated ones on a coarse fax all but four in a thousand
# up to 0.10; of 171 real ticks 168 have 0.37 and more. Ballot scanners (VotingWorks vxsuite #1895) take 5 % of an oval
# as marginal and 8 % as definite, which in a box of 3.3 mm are 0.29 and 0.46.
INK_LITTLE_MM2 = 0.12
INK_DEFINITE_MM2 = 0.40
# Ink that keeps out of the middle belongs to the outline or to something beside; all but 3 of those ticks have 0.1.
CORE_LEAST_MM2 = 0.05
# A mark is a stroke: a pen's dot is up to 0.9 mm across, smeared to 1.5 by a coarse fax; 168 of the ticks are longer
# than 1.8 mm, faint as they may be. Longer and with less ink, it may be rubbed out, or shine through.
STROKE_SPECK_MM = 0.8
STROKE_LEAST_MM = 1.7
# No pen draws a line as thin and straight as a crease, which black and white shows as a broken hairline (0.16 mm): of
# 170 real ticks the thinnest is as broad as 0.30, of 577 on filled slips of another simulator as 0.22.
HAIR_MM = 0.2
# A line that is hardly broader is none of a pen where it goes on beyond the box: those 577 do for 1 mm at most.
THIN_MM, GOES_ON_MM = 0.3, 5.0
# More is a filled box, whatever else runs through it or hides its outline (ballot scanners, as above).
FILLED_INK = 0.50
# Less of the printed outline than this, and it is covered, torn off or elsewhere; photos and pale scans show 0.45.
OUTLINE_LEAST = 0.35
# Ink just outside an empty box's outline: at most 0.05 mm2, on coarse faxes 0.2 at one box in 200; the foot or the arm
# of a tick that follows the outline leaves more.
TOUCH_MM2 = 0.12
# Share of one side's strip (0.65 mm wide, outside the box) that ink covers; real empty boxes have up to 0.02.
BESIDE_SHARE = 0.22
# Of the strip left or right of a mark that is no filled box, ticks that pass it cover up to 0.27 (of 722 real ones one
# has 0.38, of 232 simulated none); a letter that stands beside the one in the box covers 0.3 and more.
LETTER_SHARE = 0.29
BESIDE_STROKE_MM = 1.6  # a hasty tick or cross that missed the box, left of it where nothing is printed
RING_SHARE = 0.55  # rings drawn around boxes pass in 57 % of the directions and more, neighbors' marks in up to 50 %
# Filled boxes spill over at most 16 % of their surroundings, scribbled-out ones 40 % and more (simulated slips, all
# channels).
SCRIBBLED_SHARE = 0.24
SCRIBBLED_INK = 0.65
# Share of the label's width over which something is drawn: a circle or a strike-out spans most of it.
LABEL_SHARE = 0.55
WRITTEN_MM = 4.0  # two letters

_MIDDLE_MM2 = (INK_LITTLE_MM2 + INK_DEFINITE_MM2) / 2
_STEP_MM2 = 0.04  # an empty box's ink on a coarse fax spreads by half of it (simulated slips)


@dataclass(frozen=True)
class BoxMeasure:
    """What was measured at one checkbox; shares run from 0 to 1.

    `ink`: of the inside covered by ink, `ink_mm2` the same in square millimeters, `core_mm2` that of its middle;
    `stroke_mm`: length of the longest stroke, faint ones too, that comes into the middle; `outline`: of the printed
    outline that shows; `line`: a line crosses the box from edge to edge. Around the box: `touch_mm2`, ink close to the
    outline; `sides`, of the strips left, above, right and below that ink covers; `ring`, of the directions in which
    something is drawn; `beside_mm`, the longest stroke left of it; `label_ring`, of the label's width that is drawn
    along both above and below, `label_struck`, that is struck through; `written_mm`, width of the writing in the room
    beside an "Other". `ownership` tells of a box with much ink whether that is its own.
    """

    ink: float
    ink_mm2: float
    core_mm2: float
    stroke_mm: float
    outline: float
    touch_mm2: float = 0.0
    sides: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    ring: float = 0.0
    beside_mm: float = 0.0
    label_ring: float = 0.0
    label_struck: float = 0.0
    written_mm: float = 0.0
    line: bool = False
    ownership: Ownership = OWN
    hairline: Hairline = NO_HAIRLINE

    @property
    def inked(self) -> bool:
        """Whether there is as much ink inside as in a mark."""
        return self.ink_mm2 >= INK_DEFINITE_MM2


def judge_mark(box: BoxMeasure) -> MarkReading:
    """The state of a box by absolute limits alone: never by comparison with the other boxes of the slip."""
    ink = min(1.0, max(0.0, box.ink))
    for rule in DOUBTS:
        if reason := rule(box):
            return MarkReading(value=MarkState.AMBIGUOUS, confidence=0.5, ink=ink, reason=reason)
    ticked = probability((min(box.ink_mm2, 10.0) - _MIDDLE_MM2) / _STEP_MM2)
    if box.inked:
        return MarkReading(value=MarkState.CHECKED, confidence=ticked, ink=ink)
    return MarkReading(value=MarkState.UNCHECKED, confidence=1 - ticked, ink=ink)


def _no_outline(box: BoxMeasure) -> str:
    missing = box.outline < OUTLINE_LEAST and box.ink < FILLED_INK
    return f"only {box.outline:.0%} of its printed outline shows" if missing else ""


def _crossed_by_line(box: BoxMeasure) -> str:
    return "a line runs through it" if box.line and box.ink < FILLED_INK else ""


def _scribbled_out(box: BoxMeasure) -> str:
    spilled = sum(box.sides) / len(box.sides)
    return "it looks scribbled out" if box.ink >= SCRIBBLED_INK and spilled >= SCRIBBLED_SHARE else ""


def _only_margin(box: BoxMeasure) -> str:
    inside = box.ink_mm2 >= INK_LITTLE_MM2 and box.core_mm2 < CORE_LEAST_MM2
    outside = box.touch_mm2 >= TOUCH_MM2 and not box.inked
    return "a stroke only touches its edge" if inside or outside else ""


def _dot(box: BoxMeasure) -> str:
    something = box.stroke_mm >= STROKE_SPECK_MM or box.ink_mm2 >= INK_LITTLE_MM2
    short = something and box.stroke_mm < STROKE_LEAST_MM
    return f"a dot of {box.stroke_mm:.1f} mm" if short else ""


def _faint(box: BoxMeasure) -> str:
    pale = box.stroke_mm >= STROKE_LEAST_MM and not box.inked
    return f"a faint mark of {box.stroke_mm:.1f} mm" if pale else ""


def _hairline(box: BoxMeasure) -> str:
    line = box.hairline
    thin = line.breadth_mm < HAIR_MM or (line.breadth_mm < THIN_MM and line.goes_on_mm >= GOES_ON_MM)
    return "its line is as thin and straight as a hair: a crease?" if box.inked and thin else ""


def _ringed(box: BoxMeasure) -> str:
    around = not box.inked and box.ring >= RING_SHARE
    return "something is drawn around it" if around else ""


def _foreign(box: BoxMeasure) -> str:
    return foreign_reason(box.ownership) if box.inked else ""


def _letter_at_side(box: BoxMeasure) -> str:
    standing = max(box.sides[0], box.sides[2]) >= LETTER_SHARE and box.ink < SCRIBBLED_INK
    return "it looks like letters of a note" if box.inked and standing else ""


def _beside(box: BoxMeasure) -> str:
    missed = max(box.sides) >= BESIDE_SHARE or box.beside_mm >= BESIDE_STROKE_MM
    return "a mark stands beside it" if missed and not box.inked else ""


def _label_drawn_over(box: BoxMeasure) -> str:
    struck = not box.inked and box.label_struck >= LABEL_SHARE
    drawn = struck or box.label_ring >= LABEL_SHARE
    return "something is drawn over or around its label" if drawn else ""


def _written_beside(box: BoxMeasure) -> str:
    written = not box.inked and box.written_mm >= WRITTEN_MM
    return "something is written beside it" if written else ""


DOUBTS: tuple[Callable[[BoxMeasure], str], ...] = (
    _no_outline,
    _scribbled_out,
    _label_drawn_over,
    _ringed,
    _crossed_by_line,
    _foreign,
    _letter_at_side,
    _beside,
    _only_margin,
    _dot,
    _faint,
    _hairline,
    _written_beside,
)
