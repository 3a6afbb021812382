"""What a line may say: prefix beam search over a reader's spread, with a prior on what people write.

After Graves et al. (2006) for the sums over alignments and Hannun et al. (2014) for the prior in the search.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import CHARACTERS, END
from ocr.language.ngrams import Prior, Row

# What one more letter is worth for each unit of the prior's weight: else the prior would rather have short texts.
LETTER_BONUS = 2.36
# A reader that is sure of a wrong letter still leaves some 1e-3 to the right one; pruning at 4e-3 costs 0.006 CER.
SYMBOL_LEAST, SYMBOLS_MOST = 1e-4, 10
# Beams below this share of the heaviest are dropped: 3 ms a line instead of 6, and no more errors (209 lines).
BEAM_LEAST, BEAMS_MOST = 3e-5, 20
SPACE = CHARACTERS.index(" ")

_Symbols = list[tuple[int, str, float]]
# One text so far: the chances that its last step was blank or a letter, and what the prior makes of it.
_Beam = list[float]
_BLANK, _LETTER, _PRIOR = range(3)


@dataclass(frozen=True)
class Breadth:
    """How much a search looks at: the symbols of a step, and the texts that it goes on from.

    `*_least` are shares: of all chances of the step, and of the heaviest text.
    """

    symbol_least: float = SYMBOL_LEAST
    symbols_most: int = SYMBOLS_MOST
    beam_least: float = BEAM_LEAST
    beams_most: int = BEAMS_MOST


WIDE = Breadth()


class _Expected(dict[str, Row]):
    """What the prior expects after a text; at most steps the same texts are asked for again.

    `grown` is what the last letter of a text has done to its share by the prior.
    """

    def __init__(self, prior: Prior, before: str) -> None:
        super().__init__()
        self._prior, self._before, self.weight = prior, before, prior.weight
        self.grown: dict[str, float] = {}

    def __missing__(self, text: str) -> Row:
        found = self[text] = self._prior.row(self._before + text)
        return found


def search_texts(
    chances: NDArray[np.float32], prior: Prior, before: str = "", most: int = 6, breadth: Breadth = WIDE
) -> list[str]:
    """The likeliest folded texts of a line, best first.

    `chances` is (steps, alphabet.SIZE), the blank last (see alphabet.folding); `before` is the folded text that the
    line goes on from.
    """
    beams, expected = {"": [1.0, 0.0, 1.0]}, _Expected(prior, before)
    for blank, symbols in _steps(chances, breadth):
        beams = _prune(_advance(beams, blank, symbols, expected), breadth) if symbols else _gone_by(beams)
    ended = {
        text: (beam[_BLANK] + beam[_LETTER]) * beam[_PRIOR] * math.exp(prior.weight * expected[text].item(END))
        for text, beam in beams.items()
    }
    ranked = sorted(ended, key=ended.__getitem__, reverse=True)
    return list(dict.fromkeys(text.strip() for text in ranked))[:most]


def _gone_by(beams: dict[str, _Beam]) -> dict[str, _Beam]:
    """The beams after a step that is blank for sure: most steps are."""
    return {text: [blank + letter, 0.0, prior] for text, (blank, letter, prior) in beams.items()}


def _steps(chances: NDArray[np.float32], breadth: Breadth) -> Iterator[tuple[float, _Symbols]]:
    """Of each step the chance that it is blank, and the likeliest symbols; none of a step that is blank for sure."""
    steps, places = np.nonzero(chances[:, :END] >= breadth.symbol_least)
    ends = np.searchsorted(steps, np.arange(len(chances)), side="right")
    start = 0
    for step, end in zip(chances, ends.tolist(), strict=True):
        some = places[start:end]
        if len(some) > breadth.symbols_most:
            some = some[np.argsort(-step[some])[: breadth.symbols_most]]
        yield float(step[END]), [(place, CHARACTERS[place], float(step[place])) for place in some.tolist()]
        start = end


def _advance(beams: dict[str, _Beam], blank: float, symbols: _Symbols, expected: _Expected) -> dict[str, _Beam]:
    fresh: dict[str, _Beam] = {}
    weight, bonus, grown = expected.weight, LETTER_BONUS * expected.weight, expected.grown
    for text, (off, on, prior) in beams.items():
        last, both, stays = text[-1:], off + on, 0.0
        for place, character, chance in symbols:
            goes = both * chance
            if character == last:
                stays, goes = on * chance, off * chance
            if place == SPACE and last in ("", " "):
                continue
            longer = text + character
            if (known := fresh.get(longer)) is not None:
                known[_LETTER] += goes
                continue
            if (more := grown.get(longer)) is None:
                more = grown[longer] = math.exp(weight * expected[text].item(place) + bonus)
            fresh[longer] = [0.0, goes, prior * more]
        kept = fresh.setdefault(text, [0.0, 0.0, prior])
        kept[_BLANK] += both * blank
        kept[_LETTER] += stays
    return fresh


def _prune(beams: dict[str, _Beam], breadth: Breadth) -> dict[str, _Beam]:
    """The heaviest beams; both factors scaled, or hundreds of steps would leave nothing of them."""
    weights = [(blank + letter) * prior for blank, letter, prior in beams.values()]
    least = breadth.beam_least * max(weights)
    heavy = [entry for entry in zip(weights, beams.items(), strict=True) if entry[0] >= least]
    heavy.sort(key=itemgetter(0), reverse=True)
    kept = [entry for _, entry in heavy[: breadth.beams_most]]
    ink = max(blank + letter for _, (blank, letter, _) in kept) or 1.0
    most = max(prior for _, (_, _, prior) in kept) or 1.0
    return {text: [blank / ink, letter / ink, prior / most] for text, (blank, letter, prior) in kept}
