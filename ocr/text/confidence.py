"""How likely a reading is right: from what was measured on its way, by logistic regression.

Fitted on simulated slips alone (1,455 fields), by the regression of `scripts/calibrate.py`, which fits anew on half of
its slips and draws how these weights hold on the others and on real handwriting (docs/accuracy.md).
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
ALONE: tuple[float, ...] = (2.32, 1.76, 1.65, 0.78, -0.10, 0.24, -0.63)
SECONDED: tuple[float, ...] = (1.88, 1.68, 1.24, 0.81, -0.11, 0.19, -0.75, 1.25)


# For the mean confidence of two views that agree on digits in cells: constant, ln(p / (1 - p)).
DIGITS = (2.4, 0.5)


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
