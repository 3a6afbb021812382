"""What a line may say: prefix beam search over a reader's spread, with a prior on what people write.

After Graves et al. (2006) for the sums over alignments and Hannun et al. (2014) for the prior in the search.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import CHARACTERS, END, PLACE
from ocr.language.ngrams import ROW_MOST, Next, Prior

# What one more letter is worth for each unit of the prior's weight: else the prior would rather have short texts.
LETTER_BONUS = 2.36
# A reader that is sure of a wrong letter still leaves some 1e-3 to the right one; pruning at 4e-3 costs 0.006 CER.
SYMBOL_LEAST, SYMBOLS_MOST = 1e-4, 10
# Beams below this share of the heaviest are dropped: 3 ms a line instead of 6, and no more errors (209 lines).
BEAM_LEAST, BEAMS_MOST = 3e-5, 20
SPACE = PLACE[" "]
_NONE = -1


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


class _Text:
    """A text that the line may begin with, and what was found out about it: at most steps the same is asked again.

    It is `shorter` and one letter, that at `place`, which does `more` to its share by the prior; `follows` is what is
    expected next, and `longer` are the texts with one letter more. In step `step` it was the beam number `rank`.
    """

    __slots__ = ("follows", "longer", "more", "place", "rank", "shorter", "step", "written")

    def __init__(self, shorter: "_Text | None" = None, place: int = _NONE, more: float = 1.0) -> None:
        self.written: str = shorter.written + CHARACTERS[place] if shorter else ""
        self.shorter, self.place, self.more = shorter, place, more
        self.follows: Next | None = None
        self.longer: dict[int, _Text] = {}
        self.step = self.rank = _NONE


# A symbol of a step: its number there, its place in the alphabet, and its chance.
_Symbol: TypeAlias = tuple[int, int, float]
# A text with the chances that its last step was blank or a letter, and what the prior makes of it.
_Beam: TypeAlias = tuple[_Text, float, float, float]
# The same after a step, behind how heavy it is (less than 0, to be sorted by) and its turn among equals.
_Weighed: TypeAlias = tuple[float, int, _Text, float, float, float]


def search_texts(
    chances: NDArray[np.float32], prior: Prior, before: str = "", most: int = 6, breadth: Breadth = WIDE
) -> list[str]:
    """The likeliest folded texts of a line, best first.

    `chances` is (steps, alphabet.SIZE), the blank last (see alphabet.folding); `before` is the folded text that the
    line goes on from.
    """
    search, beams = _Search(prior, before, breadth), [(_Text(), 1.0, 0.0, 1.0)]
    for number, (blank, symbols) in enumerate(_steps(chances, breadth)):
        beams = search.advanced(beams, number, blank, symbols) if symbols else _gone_by(beams)
    search.forget()
    ended = {text.written: (blank + letter) * share * search.ends(text) for text, blank, letter, share in beams}
    ranked = sorted(ended, key=ended.__getitem__, reverse=True)
    return list(dict.fromkeys(text.strip() for text in ranked))[:most]


def _gone_by(beams: Sequence[_Beam]) -> list[_Beam]:
    """The beams after a step that is blank for sure: most steps are."""
    return [(text, blank + letter, 0.0, share) for text, blank, letter, share in beams]


def _steps(chances: NDArray[np.float32], breadth: Breadth) -> Iterator[tuple[float, list[_Symbol]]]:
    """Of each step the chance that it is blank, and the likeliest symbols; none of a step that is blank for sure."""
    steps, places = np.nonzero(chances[:, :END] >= breadth.symbol_least)
    ends = np.searchsorted(steps, np.arange(len(chances)), side="right").tolist()
    listed, seen, start = places.tolist(), chances[steps, places].tolist(), 0
    for step, blank, end in zip(chances, chances[:, END].tolist(), ends, strict=True):
        if end - start > breadth.symbols_most:
            some = places[start:end]
            some = some[np.argsort(-step[some])[: breadth.symbols_most]]
            yield blank, list(zip(range(len(some)), some.tolist(), step[some].tolist(), strict=True))
        else:
            yield blank, list(zip(range(end - start), listed[start:end], seen[start:end], strict=True))
        start = end


class _Search:
    """The search for a line's texts by what `prior` expects after `before`."""

    def __init__(self, prior: Prior, before: str, breadth: Breadth) -> None:
        self._prior, self._before, self._breadth = prior, before, breadth
        self._weight, self._bonus = prior.weight, LETTER_BONUS * prior.weight
        self._made: list[_Text] = []
        self._more_most = math.exp(prior.weight * ROW_MOST + self._bonus)

    def ends(self, text: _Text) -> float:
        """What it does to the share of a text that it ends there."""
        return math.exp(self._weight * self._follows(text).row.item(END))

    def forget(self) -> None:
        """Part all texts from those of which they are longer: else they stay until Python looks for such circles."""
        for text in self._made:
            text.shorter = None

    def advanced(self, beams: Sequence[_Beam], number: int, blank: float, symbols: list[_Symbol]) -> list[_Beam]:
        """The heaviest beams after the step of that number."""
        for rank, (text, _, _, _) in enumerate(beams):
            text.step, text.rank = number, rank
        same = _same(beams, blank, symbols)
        heaviest = -min(weighed[0] for weighed in same)
        longer, heaviest = self._longer(beams, sorted(symbols, key=itemgetter(2), reverse=True), heaviest)
        least = -self._breadth.beam_least * heaviest
        heavy = sorted(weighed for weighed in (*same, *longer) if weighed[0] <= least)
        return _scaled(heavy[: self._breadth.beams_most])

    def _longer(
        self, beams: Sequence[_Beam], likeliest: Sequence[_Symbol], heaviest: float
    ) -> tuple[list[_Weighed], float]:
        """Texts with one letter more that were no beams, and how heavy the heaviest text is.

        Most would be dropped: they are left out as soon as they are sure to be lighter than what is kept, given that
        `heaviest` is one of the others.
        """
        found, turns, share_least = list[_Weighed](), len(likeliest) + 1, self._breadth.beam_least
        least, made = share_least * heaviest, self._made
        for rank, (text, off, on, share) in enumerate(beams):
            both = off + on
            if (most := both * (share * self._more_most)) * likeliest[0][2] < least:
                continue
            last, longer, grows = text.place, text.longer, (text.follows or self._follows(text)).grows
            for turn, place, chance in likeliest:
                if most * chance < least:
                    break
                if place == SPACE and last in (_NONE, SPACE):
                    continue
                goes = (off if place == last else both) * chance
                more = grows.get(place) or self._grows(text, place)
                weight = goes * (share * more)
                if weight < least:
                    continue
                if (one := longer.get(place)) is None:
                    one = longer[place] = _Text(text, place, more)
                    made.append(one)
                elif one.step == text.step:
                    continue
                found.append((-weight, rank * turns + turn, one, 0.0, goes, share * more))
                if weight > heaviest:
                    heaviest, least = weight, share_least * weight
        return found, heaviest

    def _grows(self, text: _Text, place: int) -> float:
        follows = self._follows(text)
        more = follows.grows[place] = math.exp(self._weight * follows.row.item(place) + self._bonus)
        return more

    def _follows(self, text: _Text) -> Next:
        if text.follows is None:
            text.follows = self._prior.after(self._before + text.written)
        return text.follows


def _same(beams: Sequence[_Beam], blank: float, symbols: Sequence[_Symbol]) -> list[_Weighed]:
    """The beams that say the same after the step, with what comes to one from the beam of one letter less."""
    found, turns, seen = list[_Weighed](), len(symbols) + 1, {place: (turn, chance) for turn, place, chance in symbols}
    for rank, (text, off, on, share) in enumerate(beams):
        stays, at = 0.0, rank * turns + turns - 1
        if (symbol := seen.get(text.place)) is not None and (shorter := text.shorter) is not None:
            turn, chance = symbol
            stays = on * chance
            if shorter.step == text.step:
                _, its_off, its_on, its_share = beams[shorter.rank]
                stays += (its_off if shorter.place == text.place else its_off + its_on) * chance
                if shorter.rank < rank:  # it comes first there
                    share, at = its_share * text.more, shorter.rank * turns + turn
        off = (off + on) * blank
        found.append((-((off + stays) * share), at, text, off, stays, share))
    return found


def _scaled(beams: Sequence[_Weighed]) -> list[_Beam]:
    """Both factors scaled, or hundreds of steps would leave nothing of them."""
    ink = max([blank + letter for _, _, _, blank, letter, _ in beams]) or 1.0
    most = max([share for _, _, _, _, _, share in beams]) or 1.0
    return [(text, blank / ink, letter / ink, share / most) for _, _, text, blank, letter, share in beams]
