"""How likely a reading is right: from what was measured on its way, by two models whose log-odds are averaged.

One is a logistic regression, `data/word_weights.json`. The other is a generalized additive model (Hastie and Tibshirani
1986), `data/word_shapes.json`, with steps as its shape functions (Lou et al. 2012): a measure may tell much at one
value and nothing at another, where a weight tells the same everywhere. Both lie there by the networks that looked at
the lines. `scripts/calibrate.py` makes them from simulated slips, some in the letters of real people; slips in other
hands and words, and real handwriting, are kept for checking (docs/accuracy.md).
"""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from schemas.log_odds import probability

Measures: TypeAlias = Mapping[str, float]
# What is judged: the letters, digits and words of a text, or its commas and points.
Part: TypeAlias = Literal["words", "signs"]
# What a measure adds to the log-odds: "odds" has one number for all values up to each of "ends", and one beyond.
Shape: TypeAlias = Mapping[Literal["ends", "odds"], Sequence[float]]

DATA = Path(__file__).parent / "data"
WEIGHTS, SHAPES = DATA / "word_weights.json", DATA / "word_shapes.json"
CONSTANT = "constant"
FIRST_LOOK, SECOND_LOOK = "ppocr", "ppocr+ppocr"
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
    odds = weights[CONSTANT] + sum(weights[name] * value for name, value in measures.items())
    shapes = shipped_shapes().get("+".join(looks))
    return probability((odds + _added_up(shapes[part], measures)) / 2 if shapes else odds)


def weights_of(looks: Sequence[str]) -> Mapping[Part, Mapping[str, float]]:
    """The weights for a text at which these networks looked; a network without any of its own has those of PP-OCR."""
    fitted = shipped_weights()
    return fitted.get("+".join(looks)) or fitted[FIRST_LOOK if len(looks) <= 1 else SECOND_LOOK]


@cache
def shipped_weights() -> dict[str, dict[Part, dict[str, float]]]:
    """All weights, by the networks that looked, joined by +; `cache_clear` once the file has others."""
    found: dict[str, dict[Part, dict[str, float]]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


@cache
def shipped_shapes() -> dict[str, dict[Part, dict[str, Shape]]]:
    """All shape functions, by networks as the weights; other networks than the default ones have none."""
    found: dict[str, dict[Part, dict[str, Shape]]] = json.loads(SHAPES.read_text(encoding="utf-8"))
    return found


def _added_up(shapes: Mapping[str, Shape], measures: Measures) -> float:
    constant = shapes[CONSTANT]["odds"][0]
    return constant + sum(
        shapes[name]["odds"][bisect_left(shapes[name]["ends"], value)] for name, value in measures.items()
    )
