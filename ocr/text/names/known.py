"""A name on record is believed where the ink bears it out letter by letter; who is nearly called so is a stranger."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ocr.language.alphabet import fold
from ocr.language.beam_search import LETTER_BONUS
from ocr.language.letter_edits import Edit, best_edits
from ocr.language.ngrams import Prior
from ocr.language.rescore import language_of
from ocr.text.confidence.probability import SIGN_COUNTS
from ocr.text.line_decoder import LineReading
from ocr.text.meaning import meaning
from ocr.text.names.spellings import patient_spellings, provider_spellings
from schemas.log_odds import probability
from schemas.names.known_people import KnownName

SPELLINGS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "provider_name": provider_spellings,
    "patient_name": patient_spellings,
}
# The name on the slip is among the 30 spellings that are most like the text read without help.
NEAREST, EDITS_WEIGHED = 30, 8
# Further than this behind the likeliest text by the ink, in nats, no name is even offered.
BEHIND_MOST = 15.0
# Beyond these, in nats, a measure says no more.
NATS_MOST = 12.0
CAPITALS_SHARE = 0.8
# People write their name as they did before: of its spellings the one on record counts so many nats more.
HABIT = 3.0
# So far ahead of every text with another letter a name must be, in nats: where it is read so without help, and likelier
# than this, and anywhere else. Of 3,750 strangers, each with six people on record who are nearly called so, the first
# alone takes 1 for one of them, and no limit 4.
AHEAD_LEAST, AHEAD_ALONE_LEAST, LIKELY_ODDS = 3.0, 5.0, math.log(0.7 / 0.3)
# And no further behind the likeliest text.
BEHIND_BELIEVED = 8.0
SURE_LEAST = 0.001
# For each of `Match.words` and of `Match.signs`, from `scripts/calibrate_known.py`; strangers with a name near a known
# one count five times there.
WORDS: tuple[float, ...] = (-4.08, -0.17, 0.45, 0.48, 1.87, 1.57)
SIGNS: tuple[float, ...] = (0.25, 0.37, -0.20, 0.55)


@dataclass(frozen=True)
class Match:
    """The name on record that a line says most likely, as the slip spells it, and what speaks for it.

    `words` is what speaks for its letters, `signs` for its commas and points. `like_record` tells that its signs are
    those on record, if its letters are: where they are not, one of both is wrong.
    """

    text: str
    known: KnownName
    words: tuple[float, ...]
    signs: tuple[float, ...]
    like_record: bool = True

    @property
    def confidence(self) -> float:
        """The probability (0..1) that the line says this name; a wrong comma is half a mistake."""
        return match_confidence(self, WORDS, SIGNS)


def match_confidence(match: Match, words: Sequence[float], signs: Sequence[float]) -> float:
    """The confidence of a match with these weights."""
    _, behind, _, letters, _, odds = match.words
    enough = AHEAD_LEAST if odds >= LIKELY_ODDS else AHEAD_ALONE_LEAST
    if letters < enough or behind < -BEHIND_BELIEVED or not match.like_record:
        return 0.0
    return _chance(words, match.words) * (1 - SIGN_COUNTS * (1 - _chance(signs, match.signs)))


@dataclass(frozen=True)
class _Spelled:
    """One spelling of a known name, and the logarithm of its probability by the ink, the mean over all views."""

    text: str
    known: KnownName
    ink: float

    @property
    def folded(self) -> str:
        return fold(self.text)


def find_match(field: str, line: LineReading, sure: float, people: Sequence[KnownName], prior: Prior) -> Match | None:
    """Who of `people` a line names; None when nobody is near.

    `sure` is the confidence of the reading without help, `prior` what is expected where a name stands.
    """
    ranked = _ranked(field, line, people)
    if not ranked or max(guess.ink for guess in line.guesses) - ranked[0].ink > BEHIND_MOST:
        return None
    best = ranked[0]
    words, signs = _measures(best, ranked[1:], line, sure, prior)
    like_record = best.text == best.known.name or _letters(best.text) != _letters(best.known.name)
    return Match(_as_written(best, line), best.known, words, signs, like_record)


def _ranked(field: str, line: LineReading, people: Sequence[KnownName]) -> list[_Spelled]:
    """The spellings most like the text that was read, likeliest by the ink first."""
    every = [(text, known) for known in people for text, _ in _spelled(field, known.name)]
    letters = [letters for known in people for _, letters in _spelled(field, known.name)]
    near = process.extract(_letters(line.best.text), letters, scorer=Levenshtein.normalized_distance, limit=NEAREST)
    chosen = [every[number] for _, _, number in near]
    texts = [fold(text) for text, _ in chosen]
    inks = line.inks_of(texts)
    spelled = [_Spelled(text, known, ink) for (text, known), ink in zip(chosen, inks, strict=True)]
    return sorted(spelled, key=lambda one: -one.ink - (HABIT if one.text == one.known.name else 0.0))


@lru_cache(maxsize=20_000)
def _spelled(field: str, name: str) -> tuple[tuple[str, str], ...]:
    """Each way in which the name may stand in the field, and its letters alone."""
    return tuple((text, _letters(text)) for text in SPELLINGS[field](name))


def _measures(
    best: _Spelled, others: Sequence[_Spelled], line: LineReading, sure: float, prior: Prior
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """What speaks for its letters, and for its signs: constants, how far it is ahead in nats, and the reading.

    Ahead by the ink of the likeliest text, and of the next known name; with what is expected of names, of the likeliest
    text with one other letter, and with one other sign. Of the reading without help whether it means the same, and if
    so the log-odds of its confidence.
    """
    text, said = best.folded, meaning(best.folded)
    letters, signs = best_edits(text, [look.chances for look in line.looks], EDITS_WEIGHED)
    rivals = (best.ink - other.ink for other in others if meaning(other.folded) != said)
    behind, same = _tamed(best.ink - max(guess.ink for guess in line.guesses)), meaning(line.best.text) == said
    believed = min(max(sure, SURE_LEAST), 1 - SURE_LEAST)
    odds = math.log(believed / (1 - believed)) if same else 0.0
    ahead = _tamed(min(rivals, default=NATS_MOST))
    words = (1.0, behind, ahead, _tamed(_ahead(best, letters, prior)), float(same), odds)
    return words, (1.0, _tamed(_ahead(best, signs, prior)), behind, odds)


def _ahead(best: _Spelled, edits: Sequence[Edit], prior: Prior) -> float:
    """By how much the name beats the likeliest of texts with one edit, ink and language together."""
    mine = _expected(best.folded, prior)
    return min((best.ink + mine - edit.ink - _expected(edit.text, prior) for edit in edits), default=NATS_MOST)


def _expected(text: str, prior: Prior) -> float:
    return prior.weight * (language_of(text, prior, "") + LETTER_BONUS * len(text))


def _as_written(best: _Spelled, line: LineReading) -> str:
    """In block capitals where the slip has them, else as the record has it."""
    letters = [letter for letter in line.value if letter.isalpha()]
    capitals = sum(map(str.isupper, letters)) > CAPITALS_SHARE * len(letters)
    return best.text.upper() if capitals else best.text


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _tamed(nats: float) -> float:
    return min(max(nats, -NATS_MOST), NATS_MOST)


def _chance(weights: Sequence[float], seen: Sequence[float]) -> float:
    return probability(sum(weight * value for weight, value in zip(weights, seen, strict=True)))
