"""The codes of ICD-10-CM as a searchable list; data/README.md says where they come from."""

import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.codes.icd10cm import ListedCode, listed_codes

DATA = Path(__file__).parent / "data"
SIDES = frozenset({"right", "left", "bilateral"})
_WORD = re.compile(r"[a-z0-9]+(?:'s)?")


@dataclass(frozen=True)
class Code:
    """One code; `needs_more` when it is billed only with further characters. `words` are its stems, sides apart."""

    code: str
    description: str
    needs_more: bool
    words: frozenset[str]
    sides: frozenset[str]


class CodeList:
    """All codes, found by the stems of their words; a rare stem weighs more than a common one."""

    def __init__(self, codes: Iterable[Code]) -> None:
        self.codes = tuple(codes)
        seen = Counter(word for code in self.codes for word in code.words)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for index, code in enumerate(self.codes):
            for word in code.words:
                self._by_word[word].append(index)
        self._weights = {word: math.log(len(self.codes) / count) for word, count in seen.items()}
        self.weights = tuple(self.weight(code.words) for code in self.codes)
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


def _code(listed: ListedCode) -> Code:
    words = stems(listed.description)
    sides = frozenset(words) & SIDES
    return Code(listed.code, listed.description, listed.needs_more, frozenset(words) - SIDES, sides)
