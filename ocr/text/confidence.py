"""How likely a reading is right: from what was measured on its way, by logistic regression.

Fitted by `scripts/calibrate.py` on simulated slips alone (681 fields of words, 852 of digits); the other half of the
slips and real handwriting are kept for checking (docs/accuracy.md).
"""

import math
from dataclasses import dataclass

MARGIN_MOST, INK_LEAST, LANGUAGE_LEAST, MOVED_MOST = 30.0, -1.5, -6.0, 15.0


@dataclass(frozen=True)
class Evidence:
    """What speaks for a field's reading; over its lines the weakest counts.

    `margin`: by how much the best guess beat the next (nats); `ink`, `language`: logarithms of probabilities a letter;
    `moved`: how much ink the prior overruled (nats); `facts_kept`: digits, single letters, sides and negations are
    those that the eye alone saw; `likeness`: how like a second reader's text is (0..1), None when none was asked.
    """

    margin: float
    ink: float
    language: float
    moved: float
    facts_kept: bool
    letters: int
    likeness: float | None = None


# For each kind of evidence: constant, ln(1 + margin), ink, language, moved, facts kept, ln(letters); then likeness.
ALONE: tuple[float, ...] = (0.48, 2.33, 1.05, 0.54, -0.10, 0.53, -0.59)
SECONDED: tuple[float, ...] = (-0.10, 2.18, 0.62, 0.54, -0.10, 0.46, -0.90, 2.18)


# For the mean confidence of two views that agree on digits in cells: constant, ln(p / (1 - p)).
DIGITS = (1.32, 0.8)


def confidence(evidence: Evidence) -> float:
    """The probability (0..1) that words with this evidence are right to the letter, case aside."""
    weights = ALONE if evidence.likeness is None else SECONDED
    return _probability(sum(weight * value for weight, value in zip(weights, measures(evidence), strict=True)))


def measures(evidence: Evidence) -> tuple[float, ...]:
    """The evidence as the regression takes it."""
    seen = (
        1.0,
        math.log1p(min(max(evidence.margin, 0.0), MARGIN_MOST)),
        max(evidence.ink, INK_LEAST),
        max(evidence.language, LANGUAGE_LEAST),
        min(evidence.moved, MOVED_MOST),
        float(evidence.facts_kept),
        math.log(max(evidence.letters, 1)),
    )
    return seen if evidence.likeness is None else (*seen, evidence.likeness)


def digits_confidence(together: float) -> float:
    """The probability that digits are right on which two views agree, `together` (0..1) sure on average."""
    inside = min(max(together, 1e-4), 1 - 1e-4)
    return _probability(DIGITS[0] + DIGITS[1] * math.log(inside / (1 - inside)))


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
