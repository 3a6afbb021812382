"""Assign a field's ink to its lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM, px_box
from ocr.text.lines.ink_line import RULE_REACH_PX, InkLine, cut_line
from ocr.text.lines.ink_strokes import TAIL_MOST_MM, InkStrokes, Places, find_strokes
from schemas.geometry import BoxMm
from schemas.pad import CombField, TextField

Picture = NDArray[np.uint8]
Numbers = NDArray[np.int32]
Edges = tuple[int, int, int, int]  # left, top, right, bottom

# Writing leaves its box: ascenders above, descenders below, and the last word runs out to the right. What goes
# on further than this comes from somewhere else.
OVERFLOW_MM = 4.0
OVERFLOW_OWN_MM = 0.6
OVERFLOW_RIGHT_MM = 2.0
# The tail of a letter above reaches less than this into a field; more may be a stroke that crosses its letters.
INTRUSION_MM2 = 2.0
# The next letter of a line is nearer than this, even across the space between two words.
NEXT_LETTER_MM = 3.0
# Where there is room to run on, a wide hand's space between words counts too.
RUN_ON_MM = 6.0
# Dots this small are paper, dust or fax speckle; the point of a ball-pen makes 0.12 mm2. Points of an i,
# commas and full stops are small too, but stand near a letter.
SPECK_MM2 = 0.05
POINT_MM2 = 0.4
POINT_NEAR_MM = 1.8
# On a rule stand letters; only tails hang below it, into the upper third of the next line. So lines are
# parted where there is least ink, from a little above the rule to this share of the pitch below it.
PART_ABOVE, PART_BELOW = 0.1, 0.35
# A comma begins so far above its rule, or on it, is no larger than this, and ends no lower below it: letters of the
# next field stand 6 mm below.
COMMA_BEGINS_MM, COMMA_MOST_MM2, COMMA_BELOW_MM = (-2.0, 0.15), 2.5, 3.2
# The tallest letter of a line stands at least 2.5 mm high (636 fields on 125 slips); fax specks, remains of a rule and
# tails of the line above reach 1.1 mm in 40 of 58 lines that nobody wrote. A fax's streak is taller than a line.
LETTER_LEAST_MM = 1.2
STREAK_LEAST_PITCHES, STREAK_MOST_MM = 1.15, 1.4
# What is taller than this many pitches is letters of two lines that touch: it is cut, not given to one line.
TALLEST_PITCHES = 1.45
# Of an f that is as tall, less than this share stands in the line below; a letter on a streak is taller than any.
TOUCHING_SHARE, CUT_ALWAYS_PITCHES = 0.2, 1.9


@dataclass(frozen=True)
class FieldInk:
    """What is written in a field.

    `dust_mm2` is the ink that is too small or too far from letters to be writing; `torn` tells that a stroke
    from outside, such as a signature, runs through the field and was cut off at its edge, or that a line of the
    field goes on beyond its right end. `goes_on` tells the latter alone, or that another field has the ink too: some of
    the text is missing, or is not meant here. So much dust as `page_dust_mm2` lies on any paper of the slip.
    """

    lines: tuple[InkLine, ...]
    dust_mm2: float
    torn: bool
    goes_on: bool = False
    page_dust_mm2: float = 0.0

    @property
    def own_dust_mm2(self) -> float:
        """The dust that the page alone does not explain."""
        return max(self.dust_mm2 - self.page_dust_mm2, 0.0)

    @property
    def ink_mm2(self) -> float:
        return sum(line.ink_mm2 for line in self.lines)


def field_ink(
    ink: Picture, field: TextField | CombField, room_to_mm: float = 0.0, rules: Picture | None = None
) -> FieldInk:
    """The written lines of `field` on a slip's pen ink (H, W), from top to bottom; empty ones are left out.

    A stroke belongs to the field if most of it lies inside, and to the line in which its middle lies. A line that goes
    on beyond the field's right end is followed up to `room_to_mm` from the slip's left edge, where nothing else is
    asked for. `rules`, (H, W) as `ink`, is what is dark on printed level rules.
    """
    count = field.lines if isinstance(field, TextField) else 1
    around = field.box_mm.grown(OVERFLOW_MM)
    around = around._replace(w=max(around.w, room_to_mm + OVERFLOW_MM - around.x))
    left, top, right, bottom = _clip(px_box(around), ink.shape)
    window = ink[top:bottom, left:right]
    if not window.any():
        return FieldInk((), 0.0, torn=False)
    printed = np.zeros_like(window) if rules is None or isinstance(field, CombField) else rules[top:bottom, left:right]
    window, found, torn, goes_on = _without_intruders(
        window, printed, field.box_mm, (left, top), round(room_to_mm * PX_PER_MM) - left
    )
    writing = _no_dust(found)
    pitch_px = field.box_mm.h * PX_PER_MM / count
    owner, written = _owners(found, writing, _partings(found, field.box_mm, count, top), pitch_px)
    lines = (_line(window, found.pixels[owner == line], printed, (left, top)) for line in written)
    left_out = np.isin(np.arange(-1, count), list(written), invert=True)  # -1 is the owner of what is in no line
    return FieldInk(
        lines=tuple(line for line in lines if line is not None),
        dust_mm2=np.count_nonzero(left_out[owner + 1]) / PX_PER_MM**2,
        torn=torn or goes_on,
        goes_on=goes_on,
    )


def _line(window: Picture, pixels: Places, rules: Picture, origin: tuple[int, int]) -> InkLine | None:
    """The line of these pixels of the window, counted row by row, cut out of the rows that have its ink or its rule."""
    if not pixels.size:
        return None
    width = window.shape[1]
    above, below = (int(pixels[end]) // width + reach for end, reach in ((0, -RULE_REACH_PX), (-1, RULE_REACH_PX + 1)))
    rows = slice(max(above, 0), below)
    ink = np.zeros_like(window[rows])
    ink.ravel()[pixels - rows.start * width] = window.ravel()[pixels]
    return cut_line(ink, rules[rows], (origin[0], origin[1] + rows.start))


def _streaks(found: InkStrokes, pitch_px: float) -> NDArray[np.bool_]:
    """Which strokes are streaks of a fax: taller than any letter, and thin."""
    tall, wide = found.bottom - found.top, found.right - found.left
    return np.asarray((tall > STREAK_LEAST_PITCHES * pitch_px) & (wide <= STREAK_MOST_MM * PX_PER_MM))


def _without_intruders(
    window: Picture, rules: Picture, box: BoxMm, origin: tuple[int, int], room_to_px: int
) -> tuple[Picture, InkStrokes, bool, bool]:
    """The window without strokes that lie outside the field for the most part, those that stay, whether one was cut
    off, and whether the line goes on beyond the field.

    Of an intruder only what reaches well into a written field stays: it may hang together with a letter.
    """
    every = find_strokes(window)
    found = every.hung_over(rules, window)
    own_box = box.grown(OVERFLOW_OWN_MM)
    edges = px_box(own_box._replace(w=own_box.w + OVERFLOW_RIGHT_MM - OVERFLOW_OWN_MM))
    left, top, right, bottom = (max(edge - origin[i % 2], 0) for i, edge in enumerate(edges))
    rows, columns = found.rows, found.columns
    own = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
    inside = np.bincount(found.numbers[own], minlength=len(found.area_mm2))
    inside[0] = window[top:bottom, left:right].size - inside.sum()  # the paper
    inside_mm2 = inside / PX_PER_MM**2
    intrudes = (
        (inside_mm2 * 2 <= found.area_mm2) & ~_commas(found, round(box.bottom * PX_PER_MM) - origin[1], (left, right))
    )[found.host]
    run_on = _runs_on(found, ~intrudes, (left, top, right, bottom), room_to_px)
    intrudes &= ~run_on
    tails = (found.top[found.host] < top) & (found.bottom <= top + (OVERFLOW_OWN_MM + TAIL_MOST_MM) * PX_PER_MM)
    cut = intrudes & (inside_mm2 >= INTRUSION_MM2) & ~tails
    written = (~intrudes[1:] & (found.area_mm2[1:] >= POINT_MM2)).any()
    torn = bool((cut | ~intrudes & _reaches_edge(found))[1:].any())
    goes_on = _goes_on(found, ~intrudes, (left, top, right, bottom))
    intrudes[0] = False  # the paper
    if not intrudes.any():
        return window, found, torn, goes_on
    kept = ~intrudes[found.numbers]
    if is_cut := bool(written and cut.any()):
        kept[own] = (cut | ~intrudes)[found.numbers[own]]
    rest = window.copy()
    rest.ravel()[found.pixels[~kept]] = 0
    strokes = find_strokes(rest) if is_cut else every.only(~intrudes)
    return rest, strokes.hung_over(rules, rest), torn, goes_on


def _commas(found: InkStrokes, rule_px: int, ends_px: tuple[int, int]) -> NDArray[np.bool_]:
    """Which strokes are commas: small, begun just above the rule at row `rule_px`, and for the most part below it."""
    begins = found.top[:, None] - rule_px - np.array(COMMA_BEGINS_MM) * PX_PER_MM
    begun = (begins[:, 0] >= 0) & (begins[:, 1] <= 0)
    ends = found.bottom <= rule_px + COMMA_BELOW_MM * PX_PER_MM
    between = (found.left >= ends_px[0]) & (found.right <= ends_px[1])
    return np.asarray(begun & ends & between & (found.area_mm2 <= COMMA_MOST_MM2))


def _runs_on(found: InkStrokes, inside: NDArray[np.bool_], own: Edges, room_to_px: int) -> NDArray[np.bool_]:
    """Which strokes beyond the right end go on with the field's line, one after the other."""
    _, top, right, bottom = own
    inside = inside.copy()
    inside[0] = False  # the paper
    letters, level = found.area_mm2 >= POINT_MM2, (found.middle > top) & (found.middle < bottom)
    beyond = ~inside & level & (found.right > right) & (found.right <= room_to_px) & (found.area_mm2 >= SPECK_MM2)
    taken = np.zeros_like(beyond)
    while True:
        last, following = np.flatnonzero(letters & (inside | taken)), np.flatnonzero(beyond & ~taken)
        across = found.left[following, None] - found.right[last]
        beside = (found.middle[following, None] > found.top[last]) & (
            found.middle[following, None] < found.bottom[last]
        )
        near = following[(beside & (across <= RUN_ON_MM * PX_PER_MM)).any(axis=1)]
        if not near.size:
            return taken
        taken[near] = True


def _goes_on(found: InkStrokes, inside: NDArray[np.bool_], own: Edges) -> bool:
    """Whether a letter stands beyond the right end, next to the field's last one: who ran out of room wrote on."""
    _, top, right, bottom = own
    letters = found.area_mm2 >= POINT_MM2
    letters[0] = False  # the paper
    beyond = np.flatnonzero(letters & ~inside & (found.right > right) & (found.middle > top) & (found.middle < bottom))
    last = np.flatnonzero(letters & inside)
    across = found.left[beyond, None] - found.right[last]
    level = (found.middle[beyond, None] > found.top[last]) & (found.middle[beyond, None] < found.bottom[last])
    return bool((level & (across > 0) & (across <= NEXT_LETTER_MM * PX_PER_MM)).any())


def _reaches_edge(found: InkStrokes) -> NDArray[np.bool_]:
    height, width = found.shape
    inner = (found.left > 0) & (found.top > 0) & (found.right < width) & (found.bottom < height)
    return np.asarray(~inner & (found.area_mm2 >= POINT_MM2))


def _no_dust(found: InkStrokes) -> NDArray[np.bool_]:
    """Which strokes are letters, or points that stand near one."""
    letters = np.flatnonzero(found.area_mm2[1:] >= POINT_MM2) + 1
    across = _gap(found.left, found.right, letters)
    down = _gap(found.top, found.bottom, letters)
    near = (np.hypot(across, down) <= POINT_NEAR_MM * PX_PER_MM).any(axis=1)
    return (found.area_mm2 >= SPECK_MM2) & near


def _gap(low: Numbers, high: Numbers, letters: NDArray[np.intp]) -> Numbers:
    """Pixels between each stroke and each letter in one direction, 0 where they overlap: (strokes, letters)."""
    apart = np.maximum(low[:, None] - high[letters], low[letters] - high[:, None])
    return np.asarray(np.maximum(apart, 0), np.int32)


def _partings(found: InkStrokes, box: BoxMm, count: int, top_px: int) -> list[int]:
    """Rows of the window that part its lines, count - 1 of them."""
    pitch = box.h * PX_PER_MM / count
    amount = np.bincount(found.rows, minlength=found.shape[0])
    rules = [box.y * PX_PER_MM + pitch * line - top_px for line in range(1, count)]
    return [_emptiest(amount, round(rule - PART_ABOVE * pitch), round(rule + PART_BELOW * pitch)) for rule in rules]


def _emptiest(amount: NDArray[np.int_], first: int, last: int) -> int:
    """The middle of the rows with least ink between `first` and `last`."""
    between = amount[first : last + 1]
    least = np.flatnonzero(between == between.min())
    return first + int(least[len(least) // 2])


def _owners(
    found: InkStrokes, mine: NDArray[np.bool_], partings: list[int], pitch_px: float
) -> tuple[Numbers, Sequence[int]]:
    """The line that each pixel of ink belongs to, -1 for none, and the lines that hold a letter; all when none does.

    What reaches over two lines, with a fair share of it in each, is letters that touch: it is cut where the lines part.
    """
    count = len(partings) + 1
    by_middle = np.searchsorted(partings, found.middle)
    by_row = np.searchsorted(partings, found.rows, side="right")
    mine = mine & ~_streaks(found, pitch_px)
    mine[0] = False  # the paper
    shares = np.bincount(by_row * len(mine) + found.numbers, minlength=count * len(mine)).reshape(count, len(mine))
    in_line = shares >= TOUCHING_SHARE * shares.sum(axis=0)
    tall = found.bottom - found.top
    touching = (in_line.sum(axis=0) > 1) | (tall > CUT_ALWAYS_PITCHES * pitch_px)
    cut = mine & (tall > TALLEST_PITCHES * pitch_px) & touching
    letters = mine & (tall >= LETTER_LEAST_MM * PX_PER_MM)
    written = set(by_middle[letters & ~cut].tolist()) | set(np.flatnonzero(in_line[:, cut].any(axis=1)).tolist())
    owner = np.where(mine, by_middle, -1).astype(np.int32)[found.numbers]
    if cut.any():
        owner = np.where(cut[found.numbers], by_row, owner).astype(np.int32)
    return owner, sorted(written) or range(count)


def _clip(edges: Edges, shape: tuple[int, ...]) -> Edges:
    left, top, right, bottom = edges
    return max(left, 0), max(top, 0), min(right, shape[1]), min(bottom, shape[0])
