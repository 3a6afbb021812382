"""The codes of ICD-10-CM as a searchable list; data/README.md says where they come from."""

import math
import re
import tomllib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.codes.icd10cm import ListedCode, listed_codes

DATA = Path(__file__).parent / "data"
SIDES = frozenset({"right", "left", "bilateral"})
_WORD = re.compile(r"[a-z0-9]+(?:'s)?")


@dataclass(frozen=True, slots=True)
class Code:
    """One code; `needs_more` when it is billed only with further characters, `sides` those that it names."""

    code: str
    description: str
    needs_more: bool
    sides: frozenset[str]


class CodeList:
    """All codes, found by the stems of their words; a rare stem weighs more than a common one.

    Every reading process holds the 43,102 codes: which words a code has is kept once, by word.
    """

    def __init__(self, codes: Iterable[tuple[Code, Sequence[str]]]) -> None:
        """`codes` come with their stems, sides apart, each once."""
        listed: list[Code] = []
        by_word: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for index, (code, words) in enumerate(codes):
            listed.append(code)
            for word in words:
                by_word[word].append(index)
        self.codes, self._by_word = tuple(listed), dict(by_word)
        self._weights = {word: math.log(len(listed) / len(found)) for word, found in by_word.items()}
        self.weights = array("d", bytes(8 * len(listed)))
        for word, found in by_word.items():
            for index in found:
                self.weights[index] += self._weights[word]
        self.by_code = {code.code: code for code in self.codes}

    def weight(self, words: Iterable[str]) -> float:
        """The sum of the weights of `words` (inverse document frequency); words of no description weigh nothing."""
        return sum(self._weights.get(word, 0.0) for word in words)

    def matches(self, words: Iterable[str]) -> dict[int, float]:
        """By index, each code with any of `words`, and the weight of those that it has."""
        weights: dict[int, float] = defaultdict(float)
        for word in words:
            for index in self._by_word.get(word, ()):
                weights[index] += self._weights[word]
        return weights


def stems(text: str) -> list[str]:
    """The words of `text` as they are compared: lower case, without plural and fillers."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in shorthand().fillers]


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "is", "us")) else word


@dataclass(frozen=True)
class Shorthand:
    """How doctors write, by `data/shorthand.toml`: what phrases mean, what names a side, and what tells nothing."""

    means: dict[str, str]
    sides: dict[str, str]
    fillers: frozenset[str]


@cache
def shorthand() -> Shorthand:
    """The table, read once."""
    table = tomllib.loads((DATA / "shorthand.toml").read_text(encoding="utf-8"))
    return Shorthand(table["means"], table["sides"], frozenset(table["fillers"]))


@cache
def code_list() -> CodeList:
    """The list, read once."""
    return CodeList(_code(listed) for listed in listed_codes())


def _code(listed: ListedCode) -> tuple[Code, Sequence[str]]:
    words = dict.fromkeys(stems(listed.description))
    sides = _one_set(tuple(sorted(SIDES.intersection(words))))
    code = Code(listed.code, listed.description, listed.needs_more, sides)
    return code, [word for word in words if word not in SIDES]


@cache
def _one_set(sides: tuple[str, ...]) -> frozenset[str]:
    """The same set for all codes that name these sides."""
    return frozenset(sides)
