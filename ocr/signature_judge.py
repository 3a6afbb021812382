"""Strokes on the signature line to one of three states: the judgement, without a pixel."""

from collections.abc import Callable
from dataclasses import dataclass

from ocr.strokes import Stroke
from schemas.geometry import BoxMm
from schemas.reading import SignatureReading, SignatureState

# The limits below part 222 real signatures (SigComp 2009, drawn 20 to 45 mm wide on slips, through scan and fax)
# from smudges, ruled lines, streaks, stamps, typed names, stray dates and descenders.
NOTHING_MM2 = 0.8  # specks of a fax, the end of a descender; the shortest signature has 4 mm2
SIGNED_PATH_MM = 12.0
SIGNED_WIDTH_MM = 3.0
SIGNED_HEIGHT_MM = 2.0
# A pen, even a marker, draws up to 1.3 mm; a smudge is thicker.
PEN_MOST_MM = 1.8
BLOT_SOLID, BLOT_MM = 0.72, 0.9  # a smudge in black and white is ragged, but its hull is mostly ink
# A straight stroke's four standard deviations across are 1.15 times its thickness; a ruled line bows a little.
STRAIGHT_RATIO, STRAIGHT_SLACK_MM = 1.3, 0.3
# Machine writing: small, and level to a quarter of a millimetre.
TYPED_HEIGHT_MOST_MM = 4.0
TYPED_LEVEL = 0.72
SMALL_PRINT_WIDTH_MM, SMALL_PRINT_HEIGHT_MM = 30.0, 3.6
# A date from the field to the right: short parts, in the right part of the room.
DATE_FROM_SHARE = 0.55
DATE_PART_PATH_MM = 16.0
DATE_PARTS = 3
CRUMBS_MOST = 0.5  # a thin pen through a coarse fax has up to 0.4


@dataclass(frozen=True)
class SignatureMeasure:
    """What lies in the room to sign.

    `strokes` belong to the room, `neighbours` reach into it or lie beside it; all in mm from the corner of
    the surroundings, in which the room is `room_mm`. `area_mm2` is all ink in the room, specks too; `level`
    the share of its lower edge that lies on one level line, `ink_height_mm` the height of nearly all of it, `crumbs`
    the share of it in parts too small for strokes, and `framed` whether a stamp's outline is there.
    """

    strokes: tuple[Stroke, ...]
    neighbours: tuple[Stroke, ...]
    room_mm: BoxMm
    area_mm2: float
    level: float
    ink_height_mm: float
    crumbs: float
    framed: bool

    @property
    def path_mm(self) -> float:
        return sum(stroke.length_mm for stroke in self.strokes)

    @property
    def width_mm(self) -> float:
        return max(s.right_mm for s in self.strokes) - min(s.left_mm for s in self.strokes) if self.strokes else 0.0


def judge_signature(measure: SignatureMeasure) -> SignatureReading:
    """Present only when no rule finds another explanation for the ink; absent only when there is next to none."""
    if measure.area_mm2 < NOTHING_MM2:
        sure = 1 - 0.4 * measure.area_mm2 / NOTHING_MM2
        return SignatureReading(value=SignatureState.ABSENT, confidence=sure)
    for doubt in DOUBTS:
        if reason := doubt(measure):
            return SignatureReading(value=SignatureState.UNCERTAIN, confidence=0.5, reason=reason)
    sure = min(0.99, 0.75 + 0.24 * (measure.path_mm - SIGNED_PATH_MM) / SIGNED_PATH_MM)
    return SignatureReading(value=SignatureState.PRESENT, confidence=sure)


def _smudge(measure: SignatureMeasure) -> str:
    blots = (s for s in measure.strokes if s.thick_mm > PEN_MOST_MM or (s.solid > BLOT_SOLID and s.thick_mm > BLOT_MM))
    share = sum(blot.length_mm for blot in blots)
    return "the ink looks like a smudge, not like strokes" if share > 0.35 * measure.path_mm else ""


def _frame(measure: SignatureMeasure) -> str:
    return "there is the outline of a stamp" if measure.framed else ""


def _only_straight(measure: SignatureMeasure) -> str:
    bent = sum(s.length_mm for s in measure.strokes if s.bend_mm > STRAIGHT_RATIO * s.thick_mm + STRAIGHT_SLACK_MM)
    return "there are only straight lines" if bent < 0.3 * measure.path_mm else ""


def _typed(measure: SignatureMeasure) -> str:
    level = measure.level >= TYPED_LEVEL and measure.ink_height_mm <= TYPED_HEIGHT_MOST_MM
    small = measure.width_mm >= SMALL_PRINT_WIDTH_MM and measure.ink_height_mm <= SMALL_PRINT_HEIGHT_MM
    return "it looks like a printed or typed name" if level or small else ""


def _date(measure: SignatureMeasure) -> str:
    start = measure.room_mm.x + DATE_FROM_SHARE * measure.room_mm.w
    aside = all(stroke.left_mm >= start for stroke in measure.strokes)
    over_the_end = [s for s in measure.neighbours if s.right_mm > measure.room_mm.right and s.left_mm > start]
    short = all(stroke.length_mm <= DATE_PART_PATH_MM for stroke in measure.strokes)
    many = len(measure.strokes) + len(over_the_end) >= DATE_PARTS
    return "it looks like a date written too far left" if aside and short and many else ""


def _crumbled(measure: SignatureMeasure) -> str:
    return "the ink is broken into specks" if measure.crumbs >= CRUMBS_MOST else ""


def _too_little(measure: SignatureMeasure) -> str:
    enough = (
        measure.path_mm >= SIGNED_PATH_MM
        and measure.width_mm >= SIGNED_WIDTH_MM
        and max(s.height_mm for s in measure.strokes) >= SIGNED_HEIGHT_MM
    )
    return "" if enough else f"there are only {measure.path_mm:.0f} mm of pen path"


DOUBTS: tuple[Callable[[SignatureMeasure], str], ...] = (
    _smudge,
    _crumbled,
    _frame,
    _only_straight,
    _typed,
    _date,
    _too_little,
)
