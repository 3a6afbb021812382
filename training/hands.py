"""Whose digits go into simulated cells: people of UNIPEN, or a font; and cells that hold no single digit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from pads.simulate.pen.fill import DigitWriter
from pads.simulate.pen.handwriting import Script, write_digit
from pads.simulate.strokes import SUBPIXEL_BITS, Box, Mask, draw_path
from training.unipen import PenDigit, Stroke

# How much of a cell's height people's digits take, and how far they stray from its middle, as shares of the cell.
HEIGHTS, STRAY = (0.5, 0.92), 0.07
WIDEST = 1.05  # of a cell; wider ones are squeezed
LEAN = 0.12
SPOILED = ""  # the label of a cell that holds no single digit


@dataclass(frozen=True)
class PenHand:
    """One person: the digits that this person wrote, and those of others where this one wrote none."""

    own: Mapping[str, Sequence[PenDigit]]
    others: Mapping[str, Sequence[PenDigit]]

    def writer(self, rng: np.random.Generator) -> DigitWriter:
        """Draws this person's digits, all of one size and lean, as on one slip."""
        size, lean = rng.uniform(*HEIGHTS), rng.normal(0, LEAN)

        def write(mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator) -> None:
            known = self.own.get(digit) or self.others[digit]
            strokes = known[int(rng.integers(len(known)))].strokes
            _draw(mask, _placed(strokes, cell, size * rng.normal(1, 0.06), lean, rng), script.pen_px)

        return write


@dataclass(frozen=True)
class FontHand:
    """The font that the rest of the slip is written in."""

    def writer(self, rng: np.random.Generator) -> DigitWriter:
        """Draws digits as the simulator does."""
        return write_digit


Hand = PenHand | FontHand


def pen_hands(digits: Iterable[PenDigit]) -> dict[str, PenHand]:
    """A hand for each writer, by name; what a writer lacks is borrowed from all of them."""
    everybody: dict[str, list[PenDigit]] = defaultdict(list)
    owned: dict[str, dict[str, list[PenDigit]]] = defaultdict(lambda: defaultdict(list))
    for digit in digits:
        everybody[digit.digit].append(digit)
        owned[digit.writer][digit.digit].append(digit)
    return {writer: PenHand(own, everybody) for writer, own in sorted(owned.items())}


@dataclass
class Labeled:
    """A writer of digits that remembers what it wrote, cell by cell; it spoils `spoil_share` of them.

    Letters of codes it writes in the font of the rest of the slip: UNIPEN's people are known here by their digits.
    """

    write: DigitWriter
    spoil_share: float = 0.0
    labels: list[str] = field(default_factory=list)

    def __call__(self, mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator) -> None:
        """See pads.simulate.pen.fill.DigitWriter."""
        if not digit.isdecimal():
            self.labels.append(digit)
            write_digit(mask, digit, cell, script, rng)
            return
        if rng.random() >= self.spoil_share:
            self.labels.append(digit)
            self.write(mask, digit, cell, script, rng)
            return
        self.labels.append(SPOILED)
        SPOILS[int(rng.integers(len(SPOILS)))](self.write, mask, digit, cell, script, rng)


def _two_in_one(
    write: DigitWriter, mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator
) -> None:
    left, top, width, height = cell
    for part, shown in enumerate((digit, str(rng.integers(10)))):
        write(mask, shown, (left + part * width * 0.48, top, width * 0.52, height), script, rng)


def _overwritten(
    write: DigitWriter, mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator
) -> None:
    write(mask, digit, cell, script, rng)
    write(mask, str((int(digit) + int(rng.integers(1, 10))) % 10), cell, script, rng)


def _struck(write: DigitWriter, mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator) -> None:
    left, top, width, height = cell
    write(mask, digit, cell, script, rng)
    turns = int(rng.integers(2, 8))
    xs = np.linspace(-0.1, 1.1, turns) + rng.normal(0, 0.05, turns)
    ys = np.where(np.arange(turns) % 2, rng.uniform(0.1, 0.45), rng.uniform(0.55, 0.9)) + rng.normal(0, 0.05, turns)
    draw_path(mask, np.stack([left + xs * width, top + ys * height], axis=1), script.pen_px, rng)


def _scrap(write: DigitWriter, mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator) -> None:
    """A dot, a dash or a comma."""
    left, top, width, height = cell
    middle = np.array([left + width * rng.uniform(0.3, 0.7), top + height * rng.uniform(0.3, 0.9)])
    reach = rng.uniform(0.02, 0.22, 2) * width * (1, rng.choice([0.1, 1.0]))
    draw_path(mask, np.stack([middle - reach, middle + reach]), script.pen_px * rng.uniform(1, 1.6), rng)


SPOILS = (_two_in_one, _overwritten, _struck, _struck, _scrap)


def _placed(strokes: Sequence[Stroke], cell: Box, size: float, lean: float, rng: np.random.Generator) -> list[Stroke]:
    """The strokes in pixels of the slip: in the cell, near its middle, none wider than the cell."""
    left, top, width, height = cell
    leaning = [stroke @ np.array([[1.0, 0.0], [-lean, 1.0]]) for stroke in strokes]
    points = np.concatenate(leaning)
    low, extent = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-6)
    scale = np.full(2, size * height / extent[1])
    scale[0] = min(scale[0], WIDEST * width / extent[0])
    stray = rng.normal(0, STRAY, 2) * (width, height)
    corner = np.array([left + width / 2, top + height / 2]) - extent * scale / 2 + stray
    return [(stroke - low) * scale + corner for stroke in leaning]


def _draw(mask: Mask, strokes: Iterable[Stroke], pen_px: float) -> None:
    unit = 1 << SUBPIXEL_BITS
    for stroke in strokes:
        points = np.round(stroke * unit).astype(np.int32)
        if len(points) == 1:
            cv2.circle(mask, points[0].tolist(), round(pen_px * unit / 2), 255, -1, cv2.LINE_AA, SUBPIXEL_BITS)
        cv2.polylines(mask, [points.reshape(-1, 1, 2)], False, 255, max(1, round(pen_px)), cv2.LINE_AA, SUBPIXEL_BITS)
