"""Strokes on the signature line to one of three states: the judgement, without a pixel."""

from collections.abc import Callable
from dataclasses import dataclass

from ocr.shapes import Shape
from ocr.strokes import Stroke
from schemas.geometry import BoxMm
from schemas.reading import SignatureReading, SignatureState

# The limits below part real signatures (SigComp 2009, half of the writers; drawn 20 to 45 mm wide on slips, through
# scan, fax and photo) from a drawn set of smudges, ruled lines, streaks, stamps, typed names, stray dates, descenders,
# fax headers, specks, staples and sign-here crosses.
NOTHING_MM2 = 0.8  # specks of a fax, the end of a descender; the shortest signature has 4 mm2
# Of signatures 98 % have more pen path, of specks and staples none; a cross that shows where to sign has up to 25 mm,
# and is up to 7.5 mm wide. 98 % of signatures are taller, typed names are not.
SIGNED_PATH_MM = 20.0
NARROW_MM, NARROW_PATH_MM = 8.0, 26.0
SIGNED_AREA_MM2 = 5.0
SIGNED_HEIGHT_MM = 4.0
SIGNED_WIDTH_MM = 3.0
SPECK_PATH_MM = 2.0
LONGEST_LEAST_MM = 4.5  # specks join to 4 mm, a fax breaks signatures into strokes of 5 and more
# A pen, even a marker, draws up to 1.3 mm; a smudge is thicker, or ragged with a hull that is mostly ink.
PEN_MOST_MM = 1.3
BLOT_SOLID, BLOT_WIDE_MM = 0.8, 2.2
SOFT_MM, SOFT_SOLID = 0.7, 0.57
BLOT_LEAST_MM2 = 30.0  # a small dense signature is as solid on a coarse fax; smudges have 37 mm2 and more (90 %)
BLOT_SHARE = 0.35
# A straight stroke's four standard deviations across are 1.15 times its thickness; a ruled line bows a little.
STRAIGHT_RATIO, STRAIGHT_SLACK_MM = 1.3, 0.3
# Edges of lines and frames run two ways: more than 0.8 of them; signatures stay below 0.79 (99 %).
TWO_WAYS, TWO_WAYS_LEAST = 0.82, 0.6
BENT_SHARE = 0.3
THROUGH_MM = 14.5  # what is as high as the room with its surroundings came from above and goes on below
# A stamp has a straight line over it, 20 mm long or nearly all its width, and fills a rectangle; signatures have
# bars of up to 17 mm (99 %), and fill less than 0.82 (98 %).
OVER_IT_MM, OVER_ALL_SHARE, OVER_ALL_MM = 18.0, 0.78, 14.0
RECTANGLE, RECTANGLE_LEAST, RECTANGLE_TWO_WAYS = 0.86, 0.8, 0.6
# Machine writing is level to a quarter of a millimetre.
TYPED_HEIGHT_MOST_MM = 5.0
TYPED_LEVEL = 0.72
# A date from the field to the right: short, low parts in the right part of the room.
DATE_FROM_SHARE = 0.6
DATE_HEIGHT_MOST_MM, DATE_PART_MOST_MM = 5.6, 12.0
CRUMBS_MOST = 0.5  # a thin pen through a coarse fax has up to 0.4


@dataclass(frozen=True)
class SignatureMeasure:
    """What lies in the room to sign.

    `strokes` belong to the room, `neighbours` reach into it or lie beside it, long straight lines left out; all in mm
    from the corner of the surroundings, in which the room is `room_mm`. `ink_height_mm` is the height of nearly all of
    the strokes. Straight lines included: `area_mm2` is all ink in the room, specks too; `level` the share of its lower
    edge that lies on one level line, `crumbs` the share of it in parts too small for strokes, and `shape` what the
    strokes of the room look like together.
    """

    strokes: tuple[Stroke, ...]
    neighbours: tuple[Stroke, ...]
    room_mm: BoxMm
    area_mm2: float
    ink_height_mm: float
    level: float
    crumbs: float
    shape: Shape

    @property
    def path_mm(self) -> float:
        return sum(stroke.length_mm for stroke in self.strokes)

    @property
    def main(self) -> tuple[Stroke, ...]:
        """The strokes that are no specks."""
        return tuple(stroke for stroke in self.strokes if stroke.length_mm >= SPECK_PATH_MM)

    @property
    def width_mm(self) -> float:
        return max(s.right_mm for s in self.main) - min(s.left_mm for s in self.main) if self.main else 0.0


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
    large = measure.area_mm2 >= BLOT_LEAST_MM2
    blots = (s for s in measure.strokes if s.thick_mm > PEN_MOST_MM or (large and _is_ragged(s)))
    share = sum(blot.length_mm for blot in blots)
    return "the ink looks like a smudge, not like strokes" if share > BLOT_SHARE * measure.path_mm else ""


def _is_ragged(stroke: Stroke) -> bool:
    wide = stroke.bend_mm > BLOT_WIDE_MM
    return wide and (stroke.solid > BLOT_SOLID or (stroke.solid > SOFT_SOLID and stroke.thick_mm > SOFT_MM))


def _stamp(measure: SignatureMeasure) -> str:
    shape = measure.shape
    over = shape.top_mm >= OVER_IT_MM or (shape.top_share >= OVER_ALL_SHARE and shape.top_mm >= OVER_ALL_MM)
    nearly = shape.rectangle >= RECTANGLE_LEAST and shape.two_ways >= RECTANGLE_TWO_WAYS
    return "there is the outline of a stamp" if over or nearly or shape.rectangle >= RECTANGLE else ""


def _only_straight(measure: SignatureMeasure) -> str:
    bent = sum(s.length_mm for s in measure.strokes if s.bend_mm > STRAIGHT_RATIO * s.thick_mm + STRAIGHT_SLACK_MM)
    ways = measure.shape.two_ways
    straight = ways >= TWO_WAYS or (bent <= BENT_SHARE * measure.path_mm and ways >= TWO_WAYS_LEAST)
    through = measure.ink_height_mm >= THROUGH_MM
    return "there are only straight lines" if straight or through else ""


def _typed(measure: SignatureMeasure) -> str:
    level = measure.level >= TYPED_LEVEL and measure.ink_height_mm <= TYPED_HEIGHT_MOST_MM
    return "it looks like a printed or typed name" if level else ""


def _date(measure: SignatureMeasure) -> str:
    start = measure.room_mm.x + DATE_FROM_SHARE * measure.room_mm.w
    aside = all(stroke.left_mm >= start for stroke in measure.main)
    small = all(stroke.width_mm <= DATE_PART_MOST_MM for stroke in measure.main)
    low = measure.ink_height_mm <= DATE_HEIGHT_MOST_MM
    return "it looks like a date written too far left" if aside and small and low else ""


def _crumbled(measure: SignatureMeasure) -> str:
    return "the ink is broken into specks" if measure.crumbs >= CRUMBS_MOST else ""


def _too_little(measure: SignatureMeasure) -> str:
    least = NARROW_PATH_MM if measure.width_mm < NARROW_MM else SIGNED_PATH_MM
    if measure.path_mm < least or measure.width_mm < SIGNED_WIDTH_MM:
        return f"there are only {measure.path_mm:.0f} mm of pen path"
    if max(stroke.length_mm for stroke in measure.strokes) < LONGEST_LEAST_MM:
        return "there are only short strokes"
    little = measure.area_mm2 < SIGNED_AREA_MM2
    return f"there are only {measure.area_mm2:.0f} mm2 of ink in the room" if little else ""


def _too_low(measure: SignatureMeasure) -> str:
    high = measure.ink_height_mm
    return "" if high >= SIGNED_HEIGHT_MM else f"the writing is only {high:.1f} mm high, like a date or a printed name"


DOUBTS: tuple[Callable[[SignatureMeasure], str], ...] = (
    _smudge,
    _crumbled,
    _stamp,
    _only_straight,
    _typed,
    _date,
    _too_little,
    _too_low,
)
