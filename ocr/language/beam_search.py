"""What a line may say: prefix beam search over a reader's spread, with a prior on what people write.

After Graves et al. (2006) for the sums over alignments and Hannun et al. (2014) for the prior in the search.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import CHARACTERS, END
from ocr.language.ngrams import Prior

# What one more letter is worth for each unit of the prior's weight: else the prior would rather have short texts.
LETTER_BONUS = 2.36
# A reader that is sure of a wrong letter still leaves some 1e-3 to the right one; pruning at 4e-3 costs 0.006 CER.
SYMBOL_LEAST = 1e-4
SYMBOLS_MOST = 10
# Beams below this share of the heaviest are dropped: 3 ms a line instead of 6, and no more errors (209 lines).
BEAMS, BEAM_LEAST = 20, 3e-5
SPACE = CHARACTERS.index(" ")

_Symbols = list[tuple[int, str, float]]


@dataclass
class _Beam:
    """One text so far: the chances that its last step was blank or a letter, and what the prior makes of it."""

    blank: float
    letter: float
    prior: float

    @property
    def weight(self) -> float:
        return (self.blank + self.letter) * self.prior


def search_texts(chances: NDArray[np.float32], prior: Prior, before: str = "", most: int = 6) -> list[str]:
    """The likeliest folded texts of a line, best first.

    `chances` is (steps, alphabet.SIZE), the blank last (see alphabet.folding); `before` is the folded text that the
    line goes on from.
    """
    beams = {"": _Beam(1.0, 0.0, 1.0)}
    for step in chances:
        symbols = _symbols(step)
        beams = _prune(_advance(beams, float(step[END]), symbols, prior, before)) if symbols else _gone_by(beams)
    ended = {text: beam.weight * math.exp(prior.weight * prior.row(before + text)[END]) for text, beam in beams.items()}
    ranked = sorted(ended, key=ended.__getitem__, reverse=True)
    return list(dict.fromkeys(text.strip() for text in ranked))[:most]


def _gone_by(beams: dict[str, _Beam]) -> dict[str, _Beam]:
    """The beams after a step that is blank for sure: most steps are."""
    return {text: _Beam(beam.blank + beam.letter, 0.0, beam.prior) for text, beam in beams.items()}


def _symbols(step: NDArray[np.float32]) -> _Symbols:
    places = np.flatnonzero(step[:END] >= SYMBOL_LEAST)
    if len(places) > SYMBOLS_MOST:
        places = places[np.argsort(-step[places])[:SYMBOLS_MOST]]
    return [(int(place), CHARACTERS[place], float(step[place])) for place in places]


def _advance(beams: dict[str, _Beam], blank: float, symbols: _Symbols, prior: Prior, before: str) -> dict[str, _Beam]:
    fresh: dict[str, _Beam] = {}
    weight, bonus = prior.weight, LETTER_BONUS * prior.weight
    for text, beam in beams.items():
        last, both = text[-1:], beam.blank + beam.letter
        stays, row = 0.0, None
        for place, character, chance in symbols:
            if character == last:
                stays = beam.letter * chance
            if place == SPACE and last in ("", " "):
                continue
            goes = (beam.blank if character == last else both) * chance
            longer = text + character
            if longer in fresh:
                fresh[longer].letter += goes
                continue
            row = prior.row(before + text) if row is None else row
            fresh[longer] = _Beam(0.0, goes, beam.prior * math.exp(weight * row[place] + bonus))
        kept = fresh.setdefault(text, _Beam(0.0, 0.0, beam.prior))
        kept.blank += both * blank
        kept.letter += stays
    return fresh


def _prune(beams: dict[str, _Beam]) -> dict[str, _Beam]:
    """The heaviest beams; both factors scaled, or hundreds of steps would leave nothing of them."""
    ranked = sorted(((beam.weight, text, beam) for text, beam in beams.items()), key=lambda entry: -entry[0])[:BEAMS]
    least = BEAM_LEAST * ranked[0][0]
    kept = [(text, beam) for weight, text, beam in ranked if weight >= least]
    ink = max(beam.blank + beam.letter for _, beam in kept) or 1.0
    prior = max(beam.prior for _, beam in kept) or 1.0
    return {text: _Beam(beam.blank / ink, beam.letter / ink, beam.prior / prior) for text, beam in kept}
