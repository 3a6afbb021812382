"""What a reader saw where a name stands: letters alone, and a stroke that begins a word is a capital I."""

import re

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.ctc import read_greedily, symbol_runs
from ocr.recognizers.recognizer import RecognizedLine, Spread
from ocr.text.confidence.plausible import without_accents
from schemas.names.salutation import SMALL_PARTICLES

# The letter that each digit or bar is in a name.
LETTERS = {"0": "O", "1": "I", "|": "I", "2": "Z", "3": "Z", "4": "A", "5": "S", "6": "G", "7": "T", "8": "B", "9": "G"}
# A stroke that begins a word is a capital I or an L that lost its foot: "ian" and "lena" are told by the language, of a
# letter by itself nothing tells but that it has no foot.
STROKE, CAPITAL = "l", "I"
BEGINS_SHARE, ALONE_SHARE = 0.5, 0.95
# Small letters that are their capitals but for their size: nobody tells "weiss" from "Weiss" by the W alone.
_BEGINS_SMALL = re.compile(r"(?<![^\W\d_])[cosuvwxz][^\W\d_]*")
CAPITALS_SHARE = 0.8  # of a text in block capitals
_LETTERS = re.compile(r"[^\W\d_]+")
_AFTER_INITIALS = frozenset(". ,")


def as_name(line: RecognizedLine) -> RecognizedLine:
    """The line as it reads where a name stands; one without a spread stays as it is."""
    if line.spread is None:
        return line
    spread = name_spread(line.spread)
    text, characters = read_greedily(spread)
    return RecognizedLine(text, line.confidence, characters, spread)


def with_capitals(text: str) -> str:
    """A name with a capital where a word begins with a letter whose small form looks alike; "van" and "von" stay."""
    return _BEGINS_SMALL.sub(
        lambda word: word[0] if word[0] in SMALL_PARTICLES else word[0][0].upper() + word[0][1:], text
    )


def in_capitals_of(written: str, other: str) -> str:
    """`other` in the capitals of the writer of `written`: whole words, first letters, and block capitals.

    A letter that the reader did not see has no size, nor accent, of its own.
    """
    letters = [letter for letter in written if letter.isalpha()]
    if len(letters) > 1 and sum(map(str.isupper, letters)) > CAPITALS_SHARE * len(letters):
        return without_accents(other).upper()
    known = {word.casefold(): word for word in _LETTERS.findall(written)}
    plain = _LETTERS.sub(lambda word: known.get(word[0].casefold()) or _plain_capitals(word[0]), without_accents(other))
    mine, its = written.split(), plain.split()
    if len(mine) != len(its):
        return plain
    return " ".join(new[:1].upper() + new[1:] if old[:1].isupper() else new for old, new in zip(mine, its, strict=True))


def _plain_capitals(letters: str) -> str:
    """Letters all large, or all small but for the first: "freE" is neither."""
    large = sum(map(str.isupper, letters)) > len(letters) / 2
    return letters.upper() if large else letters[0] + letters[1:].lower()


def name_spread(spread: Spread) -> Spread:
    """The spread of a line with a name: what the reader gave to digits goes to the letters that look like them."""
    chances = spread.probabilities.copy()
    column = {symbol: number for number, symbol in enumerate(spread.symbols) if number}
    runs = [run for run in symbol_runs(chances.argmax(axis=1)) if run[0]]
    said = [spread.symbols[symbol] for symbol, _, _ in runs]
    for number in range(len(runs)):
        start = runs[number - 1][2] if number else 0
        end = runs[number + 1][1] if number + 1 < len(runs) else len(chances)
        part, before = chances[start:end], said[number - 1] if number else " "
        _move_digits(part, column, small=before.islower())
        if before in " -" and STROKE in column and CAPITAL in column:
            alone = number + 1 == len(runs) or said[number + 1] in _AFTER_INITIALS
            _move(part, column[STROKE], column[CAPITAL], ALONE_SHARE if alone else BEGINS_SHARE)
    return Spread(spread.symbols, chances)


def _move_digits(part: NDArray[np.float32], column: dict[str, int], *, small: bool) -> None:
    for digit, capital in LETTERS.items():
        letter = capital.lower() if small else capital
        if digit in column and letter in column:
            _move(part, column[digit], column[letter], 1.0)


def _move(part: NDArray[np.float32], source: int, target: int, share: float) -> None:
    moved = share * part[:, source]
    part[:, target] += moved
    part[:, source] -= moved
