"""Handwriting fonts as hands: every letter a little different, touching here and there, on a line that drifts."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pads.simulate.pen.fonts import HANDWRITING_FOLDER, TYPED_FOLDER
from pads.simulate.strokes import Mask
from training.text.hands.rows import Habit, Row, bend, fitting_words, inked_width

# Kept for tests, here and elsewhere: whoever reads well what these write has not seen them.
KEPT_FOR_TESTS = frozenset(
    [
        "annie-use-your-telescope", "bad-script", "beth-ellen", "calligraffitti", "cedarville-cursive",
        "coming-soon", "covered-by-your-grace", "crafty-girls", "dawning-of-a-new-day", "delicious-handrawn",
        "gaegu", "give-you-glory", "gloria-hallelujah", "gochi-hand", "handlee", "just-me-again-down-here", "kristi",
        "liu-jian-mao-cao", "loved-by-the-king", "mansalva", "marck-script", "ms-madi", "nanum-pen-script", "neucha",
        "oooh-baby", "poor-story", "rock-salt", "sacramento", "schoolbell", "sedgwick-ave", "short-stack",
        "square-peg", "sue-ellen-francisco", "swanky-and-moo-moo", "the-girl-next-door", "waiting-for-the-sunrise",
        "zeyada",
    ]
)  # fmt: skip
NEEDED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,/-'&()"
# The file of a @fontsource package that has Latin letters at their usual weight, and the endings of single files.
PACKAGED = "*-latin-400-normal.woff2"
SINGLE = ("*.ttf", "*.otf")
# What is typed is smaller than what is written by hand, and seldom in capitals.
TYPED_CAP, TYPED_CAPITALS = 0.75, 0.3
PROBE_PX, INKED = 100, 100
SQUEEZED_MOST = 0.75
# In heights of a capital: fonts drawn thicker are no pen, and letters thickened by more close up.
THICKEST, THICKENED_MOST = 0.17, 0.06
# Lettering that no pen writes: too narrow, blots, outlines, flourishes.
LEFT_OUT = frozenset(["amatic-sc", "finger-paint", "fredericka-the-great", "monsieur-la-doulaise"])
# Five letters of a hand that joins them are one or two strokes.
JOINED_LETTERS, JOINED_MOST = "nmnau", 2


class KeptForTestsError(ValueError):
    """A font that may not be trained on."""


@dataclass(frozen=True)
class LetteredHand:
    """A handwriting font, and another one that lends it a letter now and then."""

    file: Path
    second: Path | None = None

    @property
    def has_capitals(self) -> bool:
        """See LineHand.has_capitals: whoever joins letters does not write them."""
        return not _is_joined(self.file)

    def write(self, wanted: str, width_px: float, habit: Habit, pen_px: float, rng: np.random.Generator) -> Row | None:
        """See LineHand.write."""
        text = wanted.upper() if habit.capitals and self.has_capitals else wanted
        track = rng.normal(-0.01, 0.045) * habit.cap_px
        ends = _letter_ends(self.file, text, habit, track)
        text = fitting_words(text, ends, width_px)
        margin, height = int(habit.cap_px * 1.6), int(habit.cap_px * 4.2)
        baseline = habit.cap_px * 2.6
        picture = Image.new("L", (int(ends[len(text) - 1]) + 2 * margin + 2, height))
        self._letters(picture, text, ends, (margin, baseline), habit, rng)
        drawn_px = _stroke(self.file) * habit.cap_px
        ink = _with_pen(np.asarray(picture), pen_px, drawn_px, habit.cap_px)
        narrow = _squeezed(bend(ink, baseline, habit, habit.cap_px, rng), width_px)
        return Row(text, narrow, baseline) if narrow is not None else None

    spell = write

    def _letters(
        self,
        picture: Image.Image,
        text: str,
        ends: NDArray[np.float64],
        at: tuple[float, float],
        habit: Habit,
        rng: np.random.Generator,
    ) -> None:
        """Letter by letter, each a little off its place and its size, some of another hand."""
        draw = ImageDraw.Draw(picture)
        wobble = abs(rng.normal(0.015, 0.03)) * habit.cap_px
        lent = rng.uniform(0.05, 0.4) if self.second is not None and rng.random() < 0.3 else 0.0
        for letter, end in zip(text, ends, strict=False):
            file = self.second if self.second is not None and rng.random() < lent else self.file
            font = _face(file, max(round(habit.cap_px + rng.normal(0, 1.2) * wobble), 8))
            x = at[0] + end - font.getlength(letter) + rng.normal(0, 0.6) * wobble
            draw.text((x, at[1] + rng.normal(0, 1.0) * wobble), letter, fill=255, font=font, anchor="ls")


@dataclass(frozen=True)
class TypedHand:
    """A typed face: every letter alike, on a level line."""

    file: Path

    @property
    def has_capitals(self) -> bool:
        """See LineHand.has_capitals."""
        return True

    def write(self, wanted: str, width_px: float, habit: Habit, pen_px: float, rng: np.random.Generator) -> Row | None:
        """See LineHand.write; no pen makes it thicker."""
        text = wanted.upper() if habit.capitals and rng.random() < TYPED_CAPITALS else wanted
        cap_px = TYPED_CAP * habit.cap_px
        font = _face(self.file, round(cap_px))
        text = fitting_words(text, np.array([font.getlength(text[:end]) for end in range(1, len(text) + 1)]), width_px)
        picture = Image.new("L", (round(font.getlength(text) + 2 * cap_px), round(4 * cap_px)))
        ImageDraw.Draw(picture).text((cap_px, 2.5 * cap_px), text, fill=255, font=font, anchor="ls")
        narrow = _squeezed(np.asarray(picture, np.uint8), width_px)
        return Row(text, narrow, 2.5 * cap_px) if narrow is not None else None

    spell = write


def typed_hands() -> dict[str, TypedHand]:
    """The typed faces that refpad has."""
    return {file.stem: TypedHand(file) for file in sorted(TYPED_FOLDER.glob("*.ttf"))}


def find_fonts(folder: Path | None) -> dict[str, Path]:
    """The fonts to train on by name: refpad's own handwritings, and those in `folder` that hold NEEDED.

    `folder` has @fontsource packages or font files. Raises FileNotFoundError when it has none, and KeptForTestsError
    when one of them is kept for tests.
    """
    own = {file.stem: file for file in sorted(HANDWRITING_FOLDER.glob("*.ttf"))}
    others = dict(_fonts_in(folder)) if folder else {}
    if folder and not others:
        raise FileNotFoundError(f"{folder} has no fonts: name the folder with the packages of training/text/fonts.txt.")
    kept = sorted(KEPT_FOR_TESTS & set(others))
    if kept:
        raise KeptForTestsError(f"The fonts {', '.join(kept)} are kept for tests: take them out of {folder}.")
    return {name: file for name, file in sorted((own | others).items()) if _serves(name, file)}


def _fonts_in(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob(PACKAGED)):
        yield file.name.removesuffix(PACKAGED.removeprefix("*")), file
    for pattern in SINGLE:
        yield from ((file.stem, file) for file in sorted(folder.rglob(pattern)))


def font_hands(fonts: Mapping[str, Path]) -> dict[str, LetteredHand]:
    """A hand for each font; those that do not join letters lend each other some, each to the next by a hash."""
    order = sorted(fonts, key=lambda name: hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())
    apart = [name for name in order if not _is_joined(fonts[name])]
    lenders = dict(zip(apart, [*apart[1:], *apart[:1]], strict=True)) if len(apart) > 1 else {}
    return {name: LetteredHand(fonts[name], fonts[lenders[name]] if name in lenders else None) for name in order}


def _serves(name: str, file: Path) -> bool:
    return name not in LEFT_OUT and _has_letters(file) and _stroke(file) <= THICKEST


def _has_letters(file: Path) -> bool:
    """Whether the font draws every letter needed, none as the box that stands for a missing one."""
    font = ImageFont.truetype(str(file), 40)
    missing = bytes(font.getmask("\uf8ff"))
    return all(any(mask := bytes(font.getmask(letter))) and mask != missing for letter in NEEDED)


def _squeezed(ink: Mask, width_px: float) -> Mask | None:
    """The row no wider than `width_px`; None when that would squeeze it too much, or nothing is written."""
    wide = inked_width(ink)
    if wide == 0 or width_px / wide < SQUEEZED_MOST:
        return None
    if wide <= width_px:
        return ink
    size = (round(ink.shape[1] * width_px / wide), ink.shape[0])
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)


def _letter_ends(file: Path, text: str, habit: Habit, track: float) -> NDArray[np.float64]:
    """Where each letter ends, from the start of the first: pairs keep the distance that the font gives them."""
    font = _face(file, round(habit.cap_px))
    alone = np.array([font.getlength(letter) for letter in text])
    pairs = np.array([font.getlength(text[at : at + 2]) for at in range(len(text) - 1)])
    kern = np.append(0.0, pairs - alone[:-1] - alone[1:]) if len(text) > 1 else np.zeros(1)
    wider = np.array([alone[at] * (habit.space - 1) if letter == " " else 0.0 for at, letter in enumerate(text)])
    return np.cumsum(alone + kern + wider + track)


def _with_pen(ink: Mask, pen_px: float, drawn_px: float, cap_px: float) -> Mask:
    """The letters as thick as the pen, where the font draws thinner ones."""
    more = round(min(pen_px - drawn_px, THICKENED_MOST * cap_px))
    if more < 1:
        return ink
    nib = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 + more, 1 + more))
    return np.asarray(cv2.dilate(ink, nib), np.uint8)


@cache
def _is_joined(file: Path) -> bool:
    font = ImageFont.truetype(str(file), PROBE_PX)
    picture = Image.new("L", (round(font.getlength(JOINED_LETTERS)) + 2 * PROBE_PX, 3 * PROBE_PX))
    ImageDraw.Draw(picture).text((PROBE_PX, PROBE_PX), JOINED_LETTERS, fill=255, font=font)
    count, _ = cv2.connectedComponents((np.asarray(picture) > INKED).astype(np.uint8))
    return count - 1 <= JOINED_MOST


@cache
def _stroke(file: Path) -> float:
    """How thick the font draws, in heights of its H."""
    font = ImageFont.truetype(str(file), PROBE_PX)
    picture = Image.new("L", (round(font.getlength("HnoeatRsL")) + 4 * PROBE_PX, 3 * PROBE_PX))
    ImageDraw.Draw(picture).text((2 * PROBE_PX, PROBE_PX), "HnoeatRsL", fill=255, font=font)
    depth = cv2.distanceTransform((np.asarray(picture) > 127).astype(np.uint8), cv2.DIST_L2, 5)
    middle = (depth > 1) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))
    return 2 * float(np.median(depth[middle])) / _cap(font) if middle.any() else 0.05


@cache
def _face(file: Path, cap_px: int) -> ImageFont.FreeTypeFont:
    """The font at the size that makes a capital H `cap_px` tall."""
    probe = ImageFont.truetype(str(file), PROBE_PX)
    return ImageFont.truetype(str(file), max(4.0, PROBE_PX * cap_px / _cap(probe)))


def _cap(font: ImageFont.FreeTypeFont) -> float:
    _, top, _, bottom = font.getbbox("H")
    return max(bottom - top, 1)
