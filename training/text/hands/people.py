"""People of UNIPEN as hands: their own lines and words, and any text spelled in their letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pads.simulate.strokes import SUBPIXEL_BITS, Mask
from training.text.hands.rows import Habit, Row, bend, fitting_words
from training.text.hands.strokes import PenSample, PenWriter, pooled_letters
from training.unipen import Stroke

# How often a person who wrote all kinds is asked for a line, for words, and to spell.
LINE_SHARE, WORDS_SHARE = 0.45, 0.3
CAPITALS_OWN = 0.25  # of those shares, where the slip is written in block capitals: lines and words seldom are
# A person's letters are used when there are so many different ones of capitals, or of small letters.
LETTERS_LEAST = 16
GAP, SPACE = (0.06, 0.2), (0.45, 0.75)  # between letters and between words, in heights of a capital
USUAL_ADVANCE = 0.5  # from letter to letter; who writes wider leaves wider spaces
NARROWED_MOST = 0.8
TRIES = 8
STEP = 0.04  # between two points of a smooth stroke, in heights of a capital


@dataclass(frozen=True, eq=False)
class PersonalHand:
    """One person; letters that this one did not write are lent by `others`."""

    own: PenWriter
    others: Mapping[str, Sequence[PenSample]]

    def write(self, wanted: str, width_px: float, habit: Habit, pen_px: float, rng: np.random.Generator) -> Row | None:
        """See LineHand.write."""
        width = width_px / habit.cap_px
        drawn = rng.random() / (CAPITALS_OWN if habit.capitals and self.has_capitals else 1.0)
        if self.own.lines and (drawn < LINE_SHARE or not (self.own.words or self.can_spell)):
            sample = self._line(width, rng)
        elif self.own.words and (drawn < LINE_SHARE + WORDS_SHARE or not self.can_spell):
            sample = self._words(width, habit, rng)
        else:
            sample = self._spelled(wanted, width, habit, rng)
        return _row(sample, habit, pen_px, width, rng) if sample and sample.strokes else None

    def spell(self, wanted: str, width_px: float, habit: Habit, pen_px: float, rng: np.random.Generator) -> Row | None:
        """See LineHand.spell."""
        width = width_px / habit.cap_px
        sample = self._spelled(wanted, width, habit, rng)
        return _row(sample, habit, pen_px, width, rng) if sample and sample.strokes else None

    def write_own(self, width_px: float, habit: Habit, pen_px: float, rng: np.random.Generator) -> Row | None:
        """A line that this person wrote, else words; None when there is none that fits."""
        width = width_px / habit.cap_px
        sample = self._line(width, rng) if self.own.lines else self._words(width, habit, rng)
        return _row(sample, habit, pen_px, width, rng) if sample and sample.strokes else None

    @property
    def can_spell(self) -> bool:
        """Whether this person wrote enough letters to be recognized by them."""
        return self.has_capitals or self.has_small

    @property
    def has_capitals(self) -> bool:
        """See LineHand.has_capitals."""
        return sum(letter.isupper() for letter in self.own.letters) >= LETTERS_LEAST

    @property
    def has_small(self) -> bool:
        return sum(letter.islower() for letter in self.own.letters) >= LETTERS_LEAST

    def _line(self, width: float, rng: np.random.Generator) -> PenSample | None:
        """A line of this person's own that fits."""
        tried = [self.own.lines[int(place)] for place in rng.permutation(len(self.own.lines))[:TRIES]]
        return next((line for line in tried if line.width * NARROWED_MOST <= width), None)

    def _words(self, width: float, habit: Habit, rng: np.random.Generator) -> PenSample | None:
        """Words of this person's own, one after the other, as many as fit or fewer."""
        goal, at = width * rng.uniform(0.45, 1.0), 0.0
        chosen: list[tuple[PenSample, float]] = []
        for place in rng.permutation(len(self.own.words))[:TRIES]:
            word = self.own.words[int(place)]
            if at + word.width <= goal or (not chosen and word.width * NARROWED_MOST <= width):
                chosen.append((word, at))
                wide = max(1.0, word.width / len(word.text) / USUAL_ADVANCE)
                at += word.width + rng.uniform(*SPACE) * habit.space * wide
        return _joined(" ".join(word.text for word, _ in chosen), chosen) if chosen else None

    def _spelled(self, wanted: str, width: float, habit: Habit, rng: np.random.Generator) -> PenSample | None:
        """`wanted`, as far as it fits, in letters of this person."""
        capitals = self.has_capitals and (habit.capitals or not self.has_small)
        text = "".join(
            letter for letter in (wanted.upper() if capitals else wanted) if letter == " " or self._known(letter)
        )
        text = " ".join(text.split())
        if not text:
            return None
        gap, at, ends = rng.uniform(*GAP), 0.0, []
        chosen: list[tuple[PenSample, float]] = []
        for letter in text:
            if letter == " ":
                at += rng.uniform(*SPACE) * habit.space
            else:
                samples = self._known(letter)
                sample = _varied(samples[int(rng.integers(len(samples)))], rng)
                chosen.append((sample, at))
                at += sample.width + gap * rng.uniform(0.2, 1.7)
            ends.append(at)
        text = fitting_words(text, np.array(ends), width)
        return _joined(text, chosen[: len(text.replace(" ", ""))])

    def _known(self, letter: str) -> Sequence[PenSample]:
        return self.own.letters.get(letter) or self.others.get(letter) or ()


def person_hands(writers: Mapping[str, PenWriter]) -> dict[str, PersonalHand]:
    """A hand for each writer; they lend letters to each other."""
    pool = pooled_letters(writers)
    hands = {name: PersonalHand(writer, pool) for name, writer in writers.items()}
    return {name: hand for name, hand in hands.items() if hand.own.lines or hand.own.words or hand.can_spell}


def _varied(letter: PenSample, rng: np.random.Generator) -> PenSample:
    """The same letter a little larger, higher and wider."""
    size, lift = rng.normal(1, 0.05, 2), (0.0, rng.normal(0, 0.025))
    return PenSample(letter.text, tuple((stroke * size + lift).astype(np.float32) for stroke in letter.strokes))


def _joined(text: str, parts: Sequence[tuple[PenSample, float]]) -> PenSample:
    return PenSample(text, tuple(stroke + np.array((at, 0.0)) for part, at in parts for stroke in part.strokes))


def _row(sample: PenSample, habit: Habit, pen_px: float, width: float, rng: np.random.Generator) -> Row | None:
    """The strokes drawn with a pen, a little narrower where they would not fit."""
    narrowed = min(width / max(sample.width, 1e-6), 1.0)
    if narrowed < NARROWED_MOST:
        return None
    cap_px = habit.cap_px
    margin, baseline = int(1.6 * cap_px), 2.6 * cap_px
    ink = np.zeros((int(4.2 * cap_px), int(sample.width * narrowed * cap_px) + 2 * margin), np.uint8)
    for stroke in sample.strokes:
        _draw(ink, _smooth(stroke) * (cap_px * narrowed, cap_px) + (margin, baseline), pen_px * rng.normal(1, 0.04))
    return Row(sample.text, bend(ink, baseline, habit, cap_px, rng), baseline)


def _smooth(stroke: Stroke) -> Stroke:
    """The stroke without the steps of its tablet, whose points may lie as far apart as a tenth of a letter."""
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    lengths = np.concatenate([[0.0], np.cumsum(steps)])
    if lengths[-1] < 3 * STEP:
        return stroke
    at = np.linspace(0, lengths[-1], max(int(lengths[-1] / STEP), 4))
    even = np.stack([np.interp(at, lengths, stroke[:, axis]) for axis in (0, 1)], axis=1)
    inner = (even[:-2] + 2 * even[1:-1] + even[2:]) / 4
    return np.concatenate([even[:1], inner, even[-1:]])


def _draw(ink: Mask, stroke: Stroke, pen_px: float) -> None:
    unit = 1 << SUBPIXEL_BITS
    points = np.round(stroke * unit).astype(np.int32)
    if np.ptp(points, axis=0).max() < pen_px * unit / 2:
        center = points.mean(axis=0).round().astype(int).tolist()
        cv2.circle(ink, center, round(pen_px * unit * 0.6), 255, -1, cv2.LINE_AA, SUBPIXEL_BITS)
    cv2.polylines(ink, [points.reshape(-1, 1, 2)], False, 255, max(1, round(pen_px)), cv2.LINE_AA, SUBPIXEL_BITS)
