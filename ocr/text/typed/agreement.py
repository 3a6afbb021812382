"""Whether two readers of typed words say the same, what it is then, and how sure that is."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr.text.confidence.judge import Opinion
from ocr.text.confidence.plausible import is_plausible
from ocr.text.line_decoder import LineReading
from schemas.log_odds import probability
from schemas.names.salutation import SMALL_PARTICLES
from schemas.names.spelling import NAMES

# What readers of print write for the plain sign, or for a capital I and for a rule under a space.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "—": "-", "–": "-", "|": "I", "_": " "})  # noqa: RUF001
# Signs that have one shape in many typefaces.
_ALIKE = str.maketrans({**dict.fromkeys("Ii1|]![", "l"), **dict.fromkeys("O0", "o")})
_SMALL_L_FIRST = re.compile(r"l[a-z]")
MARGIN_MOST = 25.0
_LEAST_SURE = 0.01

# With strokes drawn through the letters of 1,400 typed lines, as signatures and ticks leave them, 482 agreements would
# fit best with -0.3; with this weight 148 of them reach 0.97, of which 1 is wrong.
CROSSED = -1.2
# For each of `measures`. Fitted on 1,584 agreements over 1,960 typed fields in five faces, through five channels. Of
# 1,697 fields in eight other faces, with other words, 1,098 reach 0.97, of which 3 are wrong (0.3 %, 0.1 to 0.8 %): one
# letter, a comma, and a space.
AGREED: tuple[float, ...] = (0.34, 1.30, 0.65, 0.38, -1.58, -2.89, CROSSED)


@dataclass(frozen=True)
class Agreement:
    """What two readers agree on.

    `sure` is what the second one said of its least certain word (0..1); `alike` tells that they differ in signs of one
    shape, l and I and 1, O and 0; `spaced`, that they differ in spaces.
    """

    value: str
    sure: float
    alike: bool = False
    spaced: bool = False


def find_agreement(field: str, value: str, others: Sequence[Opinion]) -> Agreement | None:
    """What the first reader's `value` and one of the second reader's opinions have in common; None if they differ."""
    mine = as_typed(field, value)
    texts = [(as_typed(field, other.value), other.confidence) for other in others]
    for alike, spaced in ((False, False), (False, True), (True, False)):
        key = _key(mine, alike=alike, spaced=spaced)
        same = [(text, sure) for text, sure in texts if _key(text, alike=alike, spaced=spaced) == key]
        if same and any(map(str.isalnum, mine)):
            said = [text for text, _ in same]
            chosen = said[0] if spaced else _likelier(field, [mine, *said] if alike or mine in said else [*said, mine])
            return Agreement(chosen, max(sure for _, sure in same), alike, spaced)
    return None


def as_typed(field: str, text: str) -> str:
    """`text` with the signs that keyboards have; in a name, a word with a small l first begins with a capital I."""
    words = text.translate(_PLAIN).split()
    if field in NAMES:
        words = [
            f"I{word[1:]}" if _SMALL_L_FIRST.match(word) and word not in SMALL_PARTICLES else word for word in words
        ]
    return " ".join(words)


def measures(
    field: str, agreed: Agreement, lines: Sequence[LineReading], *, facts_kept: bool, crossed: bool = False
) -> tuple[float, ...]:
    """What speaks for an agreement on the text of `field`, as the regression takes it.

    Constant, ln(1 + margin to the next text with other signs), whether the language kept the numbers and sides that the
    eye saw, log-odds of the second reader's own confidence, alike, spaced, whether a stroke from outside crosses it.
    """
    sure = min(max(agreed.sure, _LEAST_SURE), 1 - _LEAST_SURE)
    return (
        1.0,
        math.log1p(min(_margin(field, line) for line in lines)),
        float(facts_kept),
        math.log(sure / (1 - sure)),
        float(agreed.alike),
        float(agreed.spaced),
        float(crossed),
    )


def agreement_confidence(seen: Sequence[float]) -> float:
    """The probability (0..1) that typed words on which two readers agree are right; `seen` is from `measures`."""
    return probability(sum(weight * value for weight, value in zip(AGREED, seen, strict=True)))


def _margin(field: str, line: LineReading) -> float:
    """By how much the best guess beats the next that differs in more than spaces, in nats."""
    keys = [_key(as_typed(field, guess.text), alike=False, spaced=True) for guess in line.guesses]
    rivals = (guess for guess, key in zip(line.guesses, keys, strict=True) if key != keys[0])
    rival = next(rivals, None)
    return MARGIN_MOST if rival is None else min(max(line.best.score - rival.score, 0.0), MARGIN_MOST)


def _likelier(field: str, texts: Sequence[str]) -> str:
    return next((text for text in texts if is_plausible(field, text)), texts[0])


def _key(text: str, *, alike: bool, spaced: bool) -> str:
    plain = (text.translate(_ALIKE) if alike else text).casefold()
    return plain.replace(" ", "") if spaced else plain
