"""How likely a reading is right: from what was measured on its way, by logistic regression.

The weights of words lie in `data/word_weights.json`, which `scripts/calibrate.py` makes from simulated slips alone;
those in other hands and words, and real handwriting, are kept for checking (docs/accuracy.md).
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

Measures: TypeAlias = Mapping[str, float]
# What is judged: the letters, digits and words of a text, or its commas and points, each after one look or after more.
Part: TypeAlias = Literal["words", "signs", "words_again", "signs_again"]

WEIGHTS = Path(__file__).parent / "data" / "word_weights.json"
CONSTANT = "constant"
# What a wrong comma, point or apostrophe counts beside a wrong letter, which is 1: no person who compares the two texts
# takes "R 16 wks" for another value than "R, 16 wks", but it is not what was written.
SIGN_COUNTS = 0.5


def words_confidence(words: Measures, signs: Measures, *, again: bool) -> float:
    """The probability (0..1) that words with these measures say what was written; a wrong comma is half a mistake.

    The measures are those of `ocr.text.word_evidence`; `again` tells that the lines were looked at more than once.
    """
    parts: tuple[Part, Part] = ("words_again", "signs_again") if again else ("words", "signs")
    right, signed = part_confidence(parts[0], words), part_confidence(parts[1], signs)
    return right * (1 - SIGN_COUNTS * (1 - signed))


def part_confidence(part: Part, measures: Measures) -> float:
    """The probability that this part of a text is right; of commas and points, when all else is."""
    weights = _weights()[part]
    return _probability(weights[CONSTANT] + sum(weights[name] * value for name, value in measures.items()))


@cache
def _weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
