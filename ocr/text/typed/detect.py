"""Whether writing is typed or printed: its letters stand on one level and end at one or two others, as no hand's do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.scale import PX_PER_MM

Picture = NDArray[np.uint8]
Rows = NDArray[np.float64]

# What is as tall as a small letter of 8-point type; lower are points, commas and dashes, which stand anywhere.
LETTER_LEAST_MM = 0.9
LETTER_LEAST_PX = 2
DARK_MOST = 150
# Letters on one level end within two rows of a registered slip's pixels.
LEVEL_MM = 0.13
# A typed line lies askew by no more than the slip does after it was laid over its form.
SLOPES = np.linspace(-0.02, 0.02, 21)
# A line of fewer letters says nothing.
LETTERS_LEAST = 3
# How far accents reach above capitals and tails below the line, in capital heights.
BAND = (0.35, 0.45)
# A slip is typed or it is not, but somebody may add a word by hand: beside a field's own letters the slip counts as
# much as so many more.
SLIP_LETTERS = 20
# Of 3,139 typed fields in 13 faces, from scans, photos and fine faxes, 97 % reach it, of 785 from standard faxes 77 %;
# of 721 fields in eleven handwritings 30 do.
TYPED_LEAST = 0.72
# What is wider than so many times the height of tall letters is two letters or more; where more of the width is so, the
# letters are joined. So are 195 of 334 handwritten fields that were taken for typed, of 303 slips in some 60 fonts and
# hands: words whose letters are joined stand on one level too.
LETTER_WIDEST, JOINED_SHARE = 1.6, 0.4
TALL_QUANTILE = 0.75


@dataclass(frozen=True)
class Levels:
    """How many letters were looked at, and of these how many stand on the line, and end at one of two heights."""

    letters: int = 0
    standing: float = 0.0
    ending: float = 0.0

    def __add__(self, other: "Levels") -> "Levels":
        return Levels(self.letters + other.letters, self.standing + other.standing, self.ending + other.ending)

    @property
    def share(self) -> float:
        """0 to 1: of all feet and heads, those that are level; 0 where there is nothing to go by."""
        return (self.standing + self.ending) / (2 * self.letters) if self.letters else 0.0


def typed_fields(fields: Mapping[str, Sequence[Picture]]) -> frozenset[str]:
    """The names of the fields that are typed, of all fields of a slip with the lines of words in them."""
    found = {name: levels(lines) for name, lines in fields.items()}
    slip = sum(found.values(), Levels())
    return frozenset(name for name, field in found.items() if typed_share(field, slip) >= TYPED_LEAST)


def typed_share(field: Levels, slip: Levels) -> float:
    """How level a field's letters are, 0 to 1, the fewer they are the more judged by those of the whole `slip`."""
    letters = field.letters + SLIP_LETTERS
    return (field.share * field.letters + slip.share * SLIP_LETTERS) / letters


def levels(lines: Sequence[Picture]) -> Levels:
    """The levels of lines (H, W), dark on white, without their printed rules."""
    return sum((_line_levels(line) for line in lines), Levels())


def are_joined(lines: Sequence[Picture]) -> bool:
    """Whether most letters of lines (H, W) touch one another, as a hand joins them and type does not."""
    widths = [width for line in lines for width in _shape_widths(line)]
    joined = sum(width for width, is_wide in widths if is_wide)
    return joined > JOINED_SHARE * sum(width for width, _ in widths)


def _shape_widths(line: Picture) -> list[tuple[float, bool]]:
    """How wide each connected shape of a line is, in pixels, and whether it is too wide for one letter."""
    _, stats, _ = find_parts((line < DARK_MOST).view(np.uint8))
    shapes = stats[1:][stats[1:, cv2.CC_STAT_HEIGHT] >= LETTER_LEAST_MM * PX_PER_MM]
    if not len(shapes):
        return []
    widest = LETTER_WIDEST * float(np.quantile(shapes[:, cv2.CC_STAT_HEIGHT], TALL_QUANTILE))
    return [(float(width), bool(width > widest)) for width in shapes[:, cv2.CC_STAT_WIDTH]]


def typed_band(line: Picture) -> Picture:
    """The rows of a typed line (H, W) that its letters reach: tails of ticks above and of signatures below are cut."""
    heads, feet, ending, standing = _letters(line)
    regular = ending & standing
    if regular.sum() < LETTERS_LEAST:
        return line
    top, bottom = float(heads[regular].min()), float(feet[regular].max())
    above, below = (share * (bottom - top) for share in BAND)
    return line[max(round(top - above), 0) : round(bottom + below)]


def _line_levels(line: Picture) -> Levels:
    heads, _, ending, standing = _letters(line)
    return Levels(len(heads), float(standing.sum()), float(ending.sum())) if len(heads) >= LETTERS_LEAST else Levels()


def _letters(line: Picture) -> tuple[Rows, Rows, NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each letter the rows of head and foot, and whether it ends at one of two levels, and stands on the line."""
    _, stats, _ = find_parts((line < DARK_MOST).view(np.uint8))
    left, top, width, height, _ = np.asarray(stats[1:], np.float64).T
    letters = (height >= LETTER_LEAST_MM * PX_PER_MM) & (width >= LETTER_LEAST_PX)
    middle, feet, heads = (left + width / 2)[letters], (top + height)[letters], top[letters]
    slope = max(SLOPES, key=lambda slope: _on_a_level(feet - slope * middle).sum())
    level_heads = heads - slope * middle
    ending = _on_a_level(level_heads)
    lower = np.flatnonzero(~ending)
    ending[lower[_on_a_level(level_heads[lower])]] = True
    return heads, feet, ending, _on_a_level(feet - slope * middle)


def _on_a_level(rows: Rows) -> NDArray[np.bool_]:
    """Which of `rows` lie on the level on which most do."""
    if not rows.size:
        return np.zeros(0, bool)
    above = rows - rows[:, None]
    inside = (above >= 0) & (above <= LEVEL_MM * PX_PER_MM)
    return np.asarray(inside[int(inside.sum(axis=1).argmax())])
