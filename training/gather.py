"""Gather what the network is trained on, and what its confidence is fitted on and checked with, hand by hand."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.cell_digits import NO_DIGIT
from ocr.recognizers.ctc import DIGITS, read_digits
from ocr.recognizers.recognizer import TextRecognizer
from ocr.text.cells.comb import digit_views
from ocr.text.cells.cut_cells import cut_cells
from training.cells import CellPlan, FilledCells, filled_cells
from training.hands import FontHand, Hand, pen_hands
from training.unipen import PenDigit

Part = Literal["train", "fit", "check"]
# Of ten writers seven are trained on, two fit the confidence, one checks it.
WRITERS: dict[int, Part] = {0: "check", 1: "fit", 2: "fit"}
FONTS: dict[Part, tuple[str, ...]] = {
    "train": (
        "patrick-hand",
        "architects-daughter",
        "indie-flower",
        "shadows-into-light",
        "over-the-rainbow",
        "la-belle-aurore",
        "nothing-you-could-do",
        "typed",
        "cousine",
        "special-elite",
    ),
    "fit": ("kalam", "reenie-beanie", "arimo"),
    "check": ("caveat", "homemade-apple", "tinos"),
}
SPOIL_SHARE = 0.08  # of the cells trained on


@dataclass(frozen=True, eq=False)
class Cells:
    """Pictures of cells (N, H, W) and their classes (N,): the ten digits, then NO_DIGIT."""

    pictures: NDArray[np.uint8]
    classes: NDArray[np.int64]


def hands_of(part: Part, digits: Sequence[PenDigit]) -> list[tuple[str, Hand]]:
    """The hands of one part, people and fonts mixed; a person is in one part only, whatever it lends."""
    people = pen_hands(digit for digit in digits if part_of(digit.writer) == part)
    fonts = [(name, FontHand()) for name in FONTS[part]]
    every = max(1, len(people) // (2 * len(fonts)))
    mixed: list[tuple[str, Hand]] = []
    for number, person in enumerate(people.items()):
        mixed.append(person)
        if number % every == 0:
            mixed.append(fonts[number // every % len(fonts)])
    return mixed or list(fonts)


def part_of(writer: str) -> Part:
    """The part that a writer belongs to, by a hash of the name."""
    return WRITERS.get(int(hashlib.md5(writer.encode(), usedforsecurity=False).hexdigest(), 16) % 10, "train")


def gather(part: Part, digits: Sequence[PenDigit], slips: int, seed: int) -> Iterator[FilledCells]:
    """The filled fields of so many slips: any digits to train on, possible telephones and dates to fit and to check."""
    training = part == "train"
    plan = CellPlan(hands_of(part, digits), slips, seed, sensible=not training, spoil_share=SPOIL_SHARE * training)
    yield from filled_cells(plan)


def cells_of(fields: Sequence[FilledCells]) -> Cells:
    """The cells of all fields as pictures with their classes."""
    return Cells(
        np.concatenate([cut_cells(one.ink, one.field) for one in fields]),
        np.array([DIGITS.index(label) if label else NO_DIGIT for one in fields for label in one.labels], np.int64),
    )


def line_views(fields: Sequence[FilledCells], reader: TextRecognizer) -> NDArray[np.float64]:
    """How likely the line reader held each digit in both views, (cells of all fields, 2, 10)."""
    found = []
    for one in fields:
        count = sum(one.field.cells)
        views = digit_views(one.ink.lines[0].picture) if one.ink.lines else ()
        seen = [read_digits(line.spread, count)[1] for line in reader.recognize(views) if line.spread is not None]
        unseen = np.full((count, len(DIGITS)), 1 / len(DIGITS))
        known = [chances for chances in seen if len(chances)]
        found.append(np.stack([*known, *[unseen] * (2 - len(known))], axis=1))
    return np.concatenate(found)
