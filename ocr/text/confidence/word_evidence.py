"""What speaks for the reading of a field of words: measures of its lines, its words and its ink, as numbers."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ocr.language.alphabet import END, PLACE, fold
from ocr.language.beam_search import LETTER_BONUS
from ocr.language.letter_edits import best_sign_edits
from ocr.language.lexicon import Lexicon
from ocr.language.ngrams import Prior
from ocr.language.rescore import Guess, language_of
from ocr.text.confidence.plausible import is_plausible
from ocr.text.confidence.protected_tokens import protected_tokens
from ocr.text.line_decoder import UNRIVALLED, LineReading
from ocr.text.lines.segment_lines import FieldInk
from ocr.text.meaning import meaning, without_end_pause
from ocr.text.recorded import as_recorded
from schemas.names.salutation import CREDENTIALS
from schemas.names.spelling import NAMES

# Beyond these a measure says no more.
NATS_MOST, INK_LEAST, LANGUAGE_LEAST, CHANCE_LEAST, COUNT_MOST = 30.0, -2.5, -8.0, 1e-3, 4
SHORT_LEAST, SHORT_MOST = 2, 4  # letters of what may be anybody's abbreviation
# So many of the likeliest texts with another sign are weighed with what is expected.
SIGN_EDITS_WEIGHED = 12
CAPITALS_SHARE = 0.8  # of a text in block capitals
_WORD = re.compile("[a-z]+")


@dataclass(frozen=True)
class Reading:
    """A field of words as it was read: its name, its lines, what is expected there, and what the ink tells."""

    field: str
    lines: Sequence[LineReading]
    prior: Prior
    lexicon: Lexicon
    ink: FieldInk

    @property
    def value(self) -> str:
        """All lines as one text."""
        return as_recorded(self.field, [line.value for line in self.lines])

    def ends_alike(self, number: int, text: str) -> bool:
        """Whether the folded `text` is that line of the reading but for a pause at the very end."""
        best = self.lines[number].best.text
        return number == len(self.lines) - 1 and without_end_pause(text) == without_end_pause(best)

    def before(self, number: int) -> str:
        """The folded text above that line, which it may continue."""
        return "".join(f"{fold(line.value)} " for line in self.lines[:number])


def facts_kept(lines: Sequence[LineReading]) -> bool:
    """Whether digits, single letters, sides and negations are those that the eye alone saw."""
    return all(protected_tokens(line.plain.text) == protected_tokens(line.best.text) for line in lines)


def word_evidence(read: Reading) -> dict[str, float]:
    """What speaks for the words of a reading, by name; over the lines of a field the weakest counts."""
    return _line_measures(read) | _word_measures(read) | {"clear": _clear(read.lines)} | _ink_measures(read)


def _line_measures(read: Reading) -> dict[str, float]:
    """How far the text is ahead, in nats and in views that say it."""
    lines = read.lines
    margins = [_margins(read, number) for number in range(len(lines))]
    names = ("margin", "lead", "ink_margin", "view_margin")
    measures = {name: _tamed(min(column)) for name, column in zip(names, zip(*margins, strict=True), strict=True)}
    return measures | {
        "ink": max(min(line.best.ink / _length(line.best) for line in lines), INK_LEAST),
        "language": max(min(line.best.language / _length(line.best) for line in lines), LANGUAGE_LEAST),
        "views": min(_agreeing(line) for line in lines),
        "unaided": min(_unaided(line) for line in lines),
    }


def _agreeing(line: LineReading) -> float:
    """The share of views whose own likeliest text means the same."""
    same = [meaning(look.texts[0]) == _said(line) for look in line.looks]
    return sum(same) / len(same)


def _unaided(line: LineReading) -> float:
    """The share of views that show the same letters and digits without any language."""
    same = [_bare(look.plain) == _bare(line.best.text) for look in line.looks]
    return sum(same) / len(same)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _margins(read: Reading, number: int) -> tuple[float, float, float, float]:
    """In nats: ahead of the next text that means something else; of any other; by ink alone; in the worst view."""
    line = read.lines[number]
    lead = _lead_of(line, (guess for guess in line.guesses[1:] if not read.ends_alike(number, guess.text)))
    if not line.rivals:
        return UNRIVALLED, lead, UNRIVALLED, UNRIVALLED
    ink = line.best.ink - max(rival.ink for rival in line.rivals)
    beside = [line.best.score - rival.score - line.best.ink + rival.ink for rival in line.rivals]
    views = np.array(line.best.inks) - np.array([rival.inks for rival in line.rivals]) + np.array(beside)[:, None]
    return line.margin, lead, ink, float(views.min())


def _clear(lines: Sequence[LineReading]) -> float:
    """How clearly the letters stand there: the mean logarithm of their probabilities."""
    chances = [chance for line in lines for chance in line.sure]
    return float(np.log(np.clip(chances, CHANCE_LEAST, 1)).mean()) if chances else math.log(CHANCE_LEAST)


def _word_measures(read: Reading) -> dict[str, float]:
    """What words these are."""
    value, folded = read.value, fold(read.value)
    words = _WORD.findall(folded)
    known = CREDENTIALS if read.field in NAMES else frozenset[str]()
    short = [word for word in words if SHORT_LEAST <= len(word) <= SHORT_MOST and word not in known]
    short = [word for word in short if word not in read.lexicon]
    letters = [letter for letter in value if letter.isalpha()]
    signs = sum(not character.isalnum() and character != " " for character in value)
    return {
        "unknown": _counted(len(read.lexicon.unknown(value))),
        "near_miss": float(read.lexicon.near_miss(value) is not None),
        "short_unknown": _counted(len(short)),
        "plausible": float(is_plausible(read.field, value)),
        "length": math.log(max(len(value), 1)),
        "lines": float(len(read.lines)),
        "name": float(read.field in NAMES),
        "digits": _counted(sum(character.isdigit() for character in value)),
        "signs": _counted(signs),
        "singles": _counted(sum(len(word) == 1 for word in words)),
        "capitals": float(sum(map(str.isupper, letters)) > CAPITALS_SHARE * len(letters)),
    }


def sign_evidence(read: Reading) -> dict[str, float]:
    """What speaks for the commas and points of a reading, by name."""
    value = read.value
    expected = [_expected_signs(read, number) for number in range(len(read.lines))]
    return {
        "lead": _tamed(min(_lead_of_signs(read, number) for number in range(len(read.lines)))),
        "edit_lead": _tamed(min(_lead_of_edits(read, number) for number in range(len(read.lines)))),
        "comma_expected": max(comma for comma, _, _ in expected),
        "point_expected": max(point for _, point, _ in expected),
        "apostrophe_expected": max(apostrophe for _, _, apostrophe in expected),
        "commas": _counted(value.count(",")),
        "points": _counted(sum(value.count(sign) for sign in ".;:'")),
        "words": _counted(value.count(" ")),
        "name": float(read.field in NAMES),
        "clear": _clear(read.lines),
        "dust": min(read.ink.dust_mm2, 20.0),
        "lines": float(len(read.lines)),
    }


def _lead_of_signs(read: Reading, number: int) -> float:
    """How far a line is ahead of the next text that means the same, in nats."""
    line = read.lines[number]
    said = _said(line)
    alike = (guess for guess in line.guesses[1:] if meaning(guess.text) == said)
    return _lead_of(line, (guess for guess in alike if not read.ends_alike(number, guess.text)))


def _lead_of(line: LineReading, others: Iterator[Guess]) -> float:
    """How far a line is ahead of the first of `others`, in nats; UNRIVALLED without one."""
    return line.best.score - next(others, Guess("", 0.0, 0.0, line.best.score - UNRIVALLED)).score


def _lead_of_edits(read: Reading, number: int) -> float:
    """How far a line is ahead of every text that means the same with one other sign, in nats.

    The search keeps a few texts a view: of most that differ in a comma it tells nothing.
    """
    line, before, weight = read.lines[number], read.before(number), read.prior.weight

    def score(text: str, ink: float) -> float:
        return ink + weight * (language_of(text, read.prior, before) + LETTER_BONUS * len(text))

    views = [look.chances for look in line.looks]
    edits = best_sign_edits(line.best.text, views, SIGN_EDITS_WEIGHED, line.edited) if line.best.text else []
    alike = [
        score(edit.text, edit.ink)
        for edit in edits
        if meaning(edit.text) == _said(line) and not read.ends_alike(number, edit.text)
    ]
    return score(line.best.text, line.best.ink) - max(alike) if alike else NATS_MOST


def _expected_signs(read: Reading, number: int) -> tuple[float, float, float]:
    """How much likelier than what stands there a comma, a point and an apostrophe would be, at most, in nats.

    Commas stand before spaces, points after words, apostrophes after the first letter of a name.
    """
    text = read.lines[number].best.text
    before = read.before(number)
    found = [(LANGUAGE_LEAST,) * 3]
    for at in range(1, len(text) + 1):
        row, follows = read.prior.row(before + text[:at]), text[at : at + 1]
        comma, point, apostrophe = (float(row[PLACE[sign]] - row[PLACE.get(follows, END)]) for sign in ",.'")
        ends, begins = text[at - 1].isalnum() and follows in ("", " "), text[at - 2 : at - 1] in ("", " ")
        found.append(
            (
                comma if ends and follows else LANGUAGE_LEAST,
                point if ends else LANGUAGE_LEAST,
                apostrophe if begins and follows.isalpha() and read.field in NAMES else LANGUAGE_LEAST,
            )
        )
    comma, point, apostrophe = (max(column) for column in zip(*found, strict=True))
    return comma, point, apostrophe


def _ink_measures(read: Reading) -> dict[str, float]:
    """What the picture is like."""
    return {"crossed": float(read.ink.torn), "dust": min(read.ink.dust_mm2, 20.0)}


def _said(line: LineReading) -> str:
    return meaning(line.best.text)


def _length(guess: Guess) -> int:
    return max(len(guess.text), 1)


def _tamed(nats: float) -> float:
    """The logarithm of nats, signed: what parts 2 from 4 parts 15 from 30."""
    return math.copysign(math.log1p(min(abs(nats), NATS_MOST)), nats)


def _counted(number: int) -> float:
    return float(min(number, COUNT_MOST))
