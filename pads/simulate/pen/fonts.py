"""The handwritings and typed faces used: free fonts, with the size and thickness that each is drawn at."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pads.simulate.truth import Legibility
from pads.typeface import FILES, FOLDER

HANDWRITING_FOLDER = Path(__file__).parents[2] / "fonts" / "hand"
TYPED_FOLDER = Path(__file__).parents[2] / "fonts" / "typed"
TYPED = "typed"  # in the pad's own face
FONT_ENDING = ".ttf"
# How a handwriting font is written with of which no more is known than its file.
OTHER_CAP_MM, OTHER_WOBBLE = 3.3, 0.025


@dataclass(frozen=True)
class Handwriting:
    """A handwriting or typed face: `cap_mm` is how tall its capitals are; in parts of that, `wobble` is how far a
    letter strays and `stroke` how thick the font draws (measured: a pen of a given width thickens it to its own).
    Hands that are no part of refpad have the path of their font's file for a name.
    """

    name: str
    legibility: Legibility
    cap_mm: float
    wobble: float
    stroke: float

    @property
    def file(self) -> Path:
        if self.name.endswith(FONT_ENDING):
            return Path(self.name)
        if self.name == TYPED:
            return FOLDER / f"{FILES['regular']}.ttf"
        folder = TYPED_FOLDER if self.legibility is Legibility.TYPED else HANDWRITING_FOLDER
        return folder / f"{self.name}.ttf"


# How well each reads was judged by eye on a page of diagnoses; heights as people write on 6 to 7 mm rules, and as 10 to
# 12 points are typed; strokes are twice the median distance from a letter's middle line to its edge, over the height of
# its H.
HANDWRITINGS = (
    Handwriting(TYPED, Legibility.TYPED, 2.9, 0.0, 0.130),
    Handwriting("arimo", Legibility.TYPED, 2.8, 0.0, 0.130),
    Handwriting("cousine", Legibility.TYPED, 2.4, 0.0, 0.133),
    Handwriting("special-elite", Legibility.TYPED, 2.5, 0.0, 0.101),
    Handwriting("tinos", Legibility.TYPED, 2.6, 0.0, 0.122),
    Handwriting("patrick-hand", Legibility.NEAT, 3.4, 0.015, 0.119),
    Handwriting("kalam", Legibility.NEAT, 3.2, 0.015, 0.117),
    Handwriting("architects-daughter", Legibility.NEAT, 3.0, 0.02, 0.096),
    Handwriting("indie-flower", Legibility.NEAT, 3.3, 0.025, 0.088),
    Handwriting("shadows-into-light", Legibility.FAIR, 3.5, 0.03, 0.075),
    Handwriting("caveat", Legibility.FAIR, 3.4, 0.03, 0.073),
    Handwriting("over-the-rainbow", Legibility.FAIR, 3.4, 0.04, 0.069),
    Handwriting("la-belle-aurore", Legibility.FAIR, 3.4, 0.03, 0.079),
    Handwriting("nothing-you-could-do", Legibility.MESSY, 3.1, 0.06, 0.063),
    Handwriting("reenie-beanie", Legibility.MESSY, 3.6, 0.06, 0.083),
    Handwriting("homemade-apple", Legibility.MESSY, 2.9, 0.03, 0.068),
)
# Offices fill in slips with a pen; a typed one is rare.
SHARES = {Legibility.TYPED: 0.05, Legibility.NEAT: 0.35, Legibility.FAIR: 0.35, Legibility.MESSY: 0.25}


def pick_handwriting(
    rng: np.random.Generator, legibility: Legibility | None = None, name: str | None = None
) -> Handwriting:
    """The handwriting of that name, or a random one, of the given legibility or by `SHARES`."""
    kinds = list(SHARES)
    drawn = kinds[int(rng.choice(len(kinds), p=list(SHARES.values())))]
    if name is not None:
        return handwriting_named(name)
    choices = [handwriting for handwriting in HANDWRITINGS if handwriting.legibility is (legibility or drawn)]
    return choices[int(rng.integers(len(choices)))]


def handwriting_named(name: str) -> Handwriting:
    """The handwriting of that name, or of the font in that file."""
    if name.endswith(FONT_ENDING):
        return _handwriting_in(name)
    return next(handwriting for handwriting in HANDWRITINGS if handwriting.name == name)


@cache
def _handwriting_in(path: str) -> Handwriting:
    font = ImageFont.truetype(path, 200)
    picture = Image.new("L", (round(font.getlength("HnoeatRsL")) + 400, 600))
    ImageDraw.Draw(picture).text((200, 200), "HnoeatRsL", fill=255, font=font)
    depth = cv2.distanceTransform((np.asarray(picture) > 127).astype(np.uint8), cv2.DIST_L2, 5)
    middle = (depth > 1) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))
    _, top, _, bottom = font.getbbox("H")
    stroke = 2 * float(np.median(depth[middle])) / (bottom - top)
    return Handwriting(path, Legibility.FAIR, OTHER_CAP_MM, OTHER_WOBBLE, stroke)


@cache
def face(handwriting: Handwriting, cap_px: int) -> ImageFont.FreeTypeFont:
    """The handwriting's font at the size that makes a capital H `cap_px` tall."""
    probe = ImageFont.truetype(str(handwriting.file), 200)
    top, bottom = probe.getbbox("H")[1], probe.getbbox("H")[3]
    return ImageFont.truetype(str(handwriting.file), max(4.0, 200 * cap_px / (bottom - top)))
