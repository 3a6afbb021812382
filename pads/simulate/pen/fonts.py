"""The handwritings at hand: free fonts, and how each is written with."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import ImageFont

from pads.simulate.truth import Legibility
from pads.typeface import FILES, FOLDER

HAND_FOLDER = Path(__file__).parents[2] / "fonts" / "hand"
TYPED = "typed"


@dataclass(frozen=True)
class Hand:
    """A handwriting: `cap_mm` is how tall its capitals are written; in parts of that height, `wobble` is how far
    a letter strays and `stroke` how thick the font draws (measured: a pen of a given width thickens it to its own).
    """

    name: str
    legibility: Legibility
    cap_mm: float
    wobble: float
    stroke: float

    @property
    def file(self) -> Path:
        if self.name == TYPED:
            return FOLDER / f"{FILES['regular']}.ttf"
        return HAND_FOLDER / f"{self.name}.ttf"


# How well each reads was judged by eye on a page of diagnoses; heights as people write on 6 to 7 mm rules; strokes
# are twice the median distance from a letter's middle line to its edge, over the height of its H.
HANDS = (
    Hand(TYPED, Legibility.TYPED, 2.9, 0.0, 0.130),
    Hand("patrick-hand", Legibility.NEAT, 3.4, 0.015, 0.119),
    Hand("kalam", Legibility.NEAT, 3.2, 0.015, 0.117),
    Hand("architects-daughter", Legibility.NEAT, 3.0, 0.02, 0.096),
    Hand("indie-flower", Legibility.NEAT, 3.3, 0.025, 0.088),
    Hand("shadows-into-light", Legibility.FAIR, 3.5, 0.03, 0.075),
    Hand("caveat", Legibility.FAIR, 3.4, 0.03, 0.073),
    Hand("over-the-rainbow", Legibility.FAIR, 3.4, 0.04, 0.069),
    Hand("la-belle-aurore", Legibility.FAIR, 3.4, 0.03, 0.079),
    Hand("nothing-you-could-do", Legibility.MESSY, 3.1, 0.06, 0.063),
    Hand("reenie-beanie", Legibility.MESSY, 3.6, 0.06, 0.083),
    Hand("homemade-apple", Legibility.MESSY, 2.9, 0.03, 0.068),
)
# Offices fill slips in by hand; a typed one is rare.
SHARES = {Legibility.TYPED: 0.05, Legibility.NEAT: 0.35, Legibility.FAIR: 0.35, Legibility.MESSY: 0.25}


def pick_hand(rng: np.random.Generator, legibility: Legibility | None = None) -> Hand:
    """A hand at random, of the asked legibility or by `SHARES`."""
    kinds = list(SHARES)
    drawn = kinds[int(rng.choice(len(kinds), p=list(SHARES.values())))]
    choices = [hand for hand in HANDS if hand.legibility is (legibility or drawn)]
    return choices[int(rng.integers(len(choices)))]


def hand_named(name: str) -> Hand:
    return next(hand for hand in HANDS if hand.name == name)


@cache
def face(hand: Hand, cap_px: int) -> ImageFont.FreeTypeFont:
    """The hand's font at the size that makes a capital H `cap_px` tall."""
    probe = ImageFont.truetype(str(hand.file), 200)
    top, bottom = probe.getbbox("H")[1], probe.getbbox("H")[3]
    return ImageFont.truetype(str(hand.file), max(4.0, 200 * cap_px / (bottom - top)))
