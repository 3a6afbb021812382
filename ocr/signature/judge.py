"""Strokes on the signature line to one of three states: the judgment, without a pixel."""

from collections.abc import Callable
from dataclasses import dataclass

from ocr.signature.outline import Outline
from ocr.signature.rows import Rows
from ocr.signature.shape import Shape
from ocr.signature.strokes import Stroke
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
SIGNED_HEIGHT_MM = 4.2
SIGNED_WIDTH_MM = 3.0
# Lower writing is a signature when its edges are ragged: machine writing has 0.44 of its upper edge on one line.
LOW_LEAST_MM, LOW_PATH_MM = 2.8, 35.0
RAGGED_SHARE, RAGGED_LEVEL = 0.4, 0.6
SPECK_PATH_MM = 2.0
LONGEST_LEAST_MM = 4.5  # specks join to 4 mm, a fax breaks signatures into strokes of 5 and more
# A marker, drawn over itself, is up to 1.6 mm thick; a smudge is thicker, or ragged with a hull that is mostly ink.
PEN_MOST_MM = 1.8
DENSE_MM, DENSE_SOLID = 1.0, 0.7
BLOT_SOLID, BLOT_WIDE_MM = 0.8, 2.2
SOFT_MM, SOFT_SOLID = 0.7, 0.57
BLOT_LEAST_MM2 = 30.0  # a small dense signature is as solid on a coarse fax; smudges have 37 mm2 and more (90 %)
BLOT_SHARE = 0.35
GRAIN_MOST, GRAINY_SOLID = 1.7, 0.55  # pens leave up to 1.2 a mm2, 2.1 on a coarse fax, but not in solid parts (98 %)
# A straight stroke's four standard deviations across are 1.15 times its thickness; a ruled line bows a little.
STRAIGHT_RATIO, STRAIGHT_SLACK_MM = 1.3, 0.3
# Edges of lines and frames run two ways: more than 0.8 of them; signatures stay below 0.79 (99 %).
TWO_WAYS, TWO_WAYS_LEAST = 0.82, 0.6
BENT_SHARE = 0.3
THROUGH_MM = 14.5  # what is as high as the room with its surroundings came from above and goes on below
# A stamp has a straight line over it with paper below, and fills a rectangle; of signatures 1 % have such a line (a
# bar, an arc over the name), and 1 % fill as much.
OVER_IT_SHARE, OVER_IT_MM, OVER_IT_CLEAR = 0.5, 14.0, 0.9
RECTANGLE = 0.86
# Sides of a frame that meet, two and three: of 555 real signatures, clean, photographed and through a coarse fax, two
# straight strokes at right angles measure 34 mm at most; one has three, of 40 mm.
CORNER_MM, SIDES_MM = 38.0, 45.0
# Machine writing is level to a quarter of a millimeter, below and above; an underlined signature only below.
TYPED_HEIGHT_MOST_MM = 5.0
TYPED_LEVEL, TYPED_TOP_SHARE = 0.72, 0.42
# A date from the field to the right: short, low parts in the right part of the room.
DATE_FROM_SHARE = 0.6
DATE_HEIGHT_MOST_MM, DATE_PART_MOST_MM = 5.6, 12.0
# Print is many small shapes and no long stroke: at least so many shapes, the tallest part and the longest stroke's
# share of the path at most so large. Of 651 real signatures 2 are so, both broken by a coarse fax; of 204 printed names
# that got by the other rules 177, and of the rest all words are read but of 6 that are set in a script face.
PRINT_LIMITS = ((10, 3.2, 0.35), (12, 4.0, 0.25), (16, 4.5, 1.0), (16, 5.8, 0.25))
NO_OUTLINE, NO_ROWS = Outline(), Rows()
# Turned level, so many parts as large as letters, the tallest so low, with nearly all of the ink: of 230 printed names
# turned by up to 25 degrees that a coarse fax or a photo left unread nearly all, of 444 real signatures none.
ROW_SHAPES, ROW_TALL_MM, ROW_SHARE = 10, 3.9, 0.78
CRUMBS_MOST = 0.5  # a thin pen through a coarse fax has up to 0.4


@dataclass(frozen=True)
class SignatureMeasure:
    """What lies in the room to sign.

    `strokes` belong to the room, `neighbors` reach into it or lie beside it, long straight lines left out; all in mm
    from the corner of the surroundings, in which the room is `room_mm`. `ink_height_mm` is the height of nearly all of
    the strokes. Straight lines included: `area_mm2` is all ink in the room, specks too; `level` the share of its lower
    edge that lies on one level line, `crumbs` the share of it in parts too small for strokes, `grain` the crumbs
    and pinholes a square millimeter, and `shape` what the strokes of the room look like together. Of the single parts
    of the ink, before strokes are joined, `small_shapes` are as large as letters or short words, and the tallest is
    `tallest_mm`; `rows` are these parts turned so that their rows are level, where there are small shapes; `outline` is
    what a frame around them has of straight sides.
    """

    strokes: tuple[Stroke, ...]
    neighbors: tuple[Stroke, ...]
    room_mm: BoxMm
    area_mm2: float
    ink_height_mm: float
    level: float
    crumbs: float
    grain: float
    shape: Shape
    small_shapes: int = 0
    tallest_mm: float = 0.0
    rows: Rows = NO_ROWS
    outline: Outline = NO_OUTLINE

    @property
    def path_mm(self) -> float:
        return sum(stroke.length_mm for stroke in self.strokes)

    @property
    def longest_share(self) -> float:
        """The longest stroke's share of the pen path."""
        return max((stroke.length_mm for stroke in self.strokes), default=0.0) / max(self.path_mm, 1e-9)

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
    blots = (s for s in measure.strokes if _is_blot(s) or (large and _is_ragged(s)))
    share = sum(blot.length_mm for blot in blots)
    longest = max(measure.strokes, key=lambda stroke: stroke.length_mm, default=None)
    grainy = longest is not None and longest.solid >= GRAINY_SOLID and measure.grain >= GRAIN_MOST
    smudged = grainy or share > BLOT_SHARE * measure.path_mm
    return "the ink looks like a smudge, not like strokes" if smudged else ""


def _is_blot(stroke: Stroke) -> bool:
    return stroke.thick_mm > PEN_MOST_MM or (stroke.thick_mm > DENSE_MM and stroke.solid > DENSE_SOLID)


def _is_ragged(stroke: Stroke) -> bool:
    wide = stroke.bend_mm > BLOT_WIDE_MM
    return wide and (stroke.solid > BLOT_SOLID or (stroke.solid > SOFT_SOLID and stroke.thick_mm > SOFT_MM))


def _stamp(measure: SignatureMeasure) -> str:
    shape = measure.shape
    over = shape.top_share >= OVER_IT_SHARE and shape.top_mm >= OVER_IT_MM and shape.top_clear >= OVER_IT_CLEAR
    framed = measure.outline.sides_mm >= SIDES_MM or measure.outline.corner_mm >= CORNER_MM
    return "there is the outline of a stamp" if over or framed or shape.rectangle >= RECTANGLE else ""


def _only_straight(measure: SignatureMeasure) -> str:
    bent = sum(s.length_mm for s in measure.strokes if s.bend_mm > STRAIGHT_RATIO * s.thick_mm + STRAIGHT_SLACK_MM)
    ways = measure.shape.two_ways
    straight = ways >= TWO_WAYS or (bent <= BENT_SHARE * measure.path_mm and ways >= TWO_WAYS_LEAST)
    through = measure.ink_height_mm >= THROUGH_MM
    return "there are only straight lines" if straight or through else ""


def _typed(measure: SignatureMeasure) -> str:
    level = measure.level >= TYPED_LEVEL and measure.shape.top_share >= TYPED_TOP_SHARE
    low = measure.ink_height_mm <= TYPED_HEIGHT_MOST_MM
    printed = any(
        measure.small_shapes >= shapes and measure.tallest_mm <= tall_mm and measure.longest_share <= longest
        for shapes, tall_mm, longest in PRINT_LIMITS
    )
    rows = measure.rows
    askew = rows.count >= ROW_SHAPES and rows.tallest_mm <= ROW_TALL_MM and rows.letter_share >= ROW_SHARE
    return "it looks like a typed or stamped name" if printed or askew or (level and low) else ""


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
        return f"there are only {measure.path_mm:.0f} mm of pen strokes"
    if max(stroke.length_mm for stroke in measure.strokes) < LONGEST_LEAST_MM:
        return "there are only short strokes"
    little = measure.area_mm2 < SIGNED_AREA_MM2
    return f"there are only {measure.area_mm2:.0f} mm2 of ink in the room" if little else ""


def _too_low(measure: SignatureMeasure) -> str:
    high = measure.ink_height_mm
    ragged = measure.shape.top_share <= RAGGED_SHARE and measure.level <= RAGGED_LEVEL
    written = ragged and high >= LOW_LEAST_MM and measure.path_mm >= LOW_PATH_MM
    doubted = high < SIGNED_HEIGHT_MM and not written
    return f"the writing is only {high:.1f} mm high, like a date or a printed name" if doubted else ""


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
