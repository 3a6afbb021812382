"""How likely a reading is right: from what was measured on its way, by logistic regression.

The weights of words lie in `data/word_weights.json`, by the networks that looked at the lines. `scripts/calibrate.py`
makes them from simulated slips alone; those in other hands and words, and real handwriting, are kept for checking
(docs/accuracy.md).
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

Measures: TypeAlias = Mapping[str, float]
# What is judged: the letters, digits and words of a text, or its commas and points.
Part: TypeAlias = Literal["words", "signs"]

WEIGHTS = Path(__file__).parent / "data" / "word_weights.json"
CONSTANT = "constant"
FIRST_LOOK, SECOND_LOOK, LOOKS_MOST = "ppocr", "ppocr+ppocr", 2
# What a wrong comma, point or apostrophe counts beside a wrong letter, which is 1: no person who compares the two texts
# takes "R 16 wks" for another value than "R, 16 wks", but it is not what was written.
SIGN_COUNTS = 0.5


def words_confidence(words: Measures, signs: Measures, *, looks: Sequence[str]) -> float:
    """The probability (0..1) that words with these measures say what was written; a wrong comma is half a mistake.

    The measures are those of `ocr.text.confidence.word_evidence`; `looks` are the networks that looked at the lines, in
    their order.
    """
    right, signed = part_confidence("words", words, looks), part_confidence("signs", signs, looks)
    return right * (1 - SIGN_COUNTS * (1 - signed))


def part_confidence(part: Part, measures: Measures, looks: Sequence[str]) -> float:
    """The probability that this part of a text is right; of commas and points, when all else is."""
    weights = weights_of(looks)[part]
    return _probability(weights[CONSTANT] + sum(weights[name] * value for name, value in measures.items()))


def weights_of(looks: Sequence[str]) -> Mapping[Part, Mapping[str, float]]:
    """The weights for a text at which these networks looked; a network without any of its own has those of PP-OCR."""
    fitted = shipped_weights()
    return fitted.get("+".join(looks)) or fitted[FIRST_LOOK if len(looks) < LOOKS_MOST else SECOND_LOOK]


@cache
def shipped_weights() -> dict[str, dict[Part, dict[str, float]]]:
    """All weights, by the networks that looked, joined by +; `cache_clear` once the file has others."""
    found: dict[str, dict[Part, dict[str, float]]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
