"""What a studio says about what passes without a person, and the bar that follows from it."""

from pydantic import Field

from schemas.bars import SHIPPED, SHIPPED_BARS, Bars, ValueKind
from schemas.base import Value
from schemas.typed_signature import TypedSignature


class Policy(Value):
    """How sure a reading must be to pass without a person.

    Confidence is the calibrated probability that a text is right. At 0.97, 3 of 941 texts that passed were wrong
    (held-out simulated slips and real lines; docs/accuracy.md). `text_confidence` is the least with which any text
    passes, whatever bars are chosen; None is the shipped bar of each kind. `typed_signature` says what a typed or
    stamped name is in place of a signature: asked about, as good as one, or none.
    """

    text_confidence: float | None = Field(default=None, ge=0, le=1)
    signed_within_days: int = Field(default=365, gt=0)
    next_visit_within_days: int = Field(default=730, gt=0)
    typed_signature: TypedSignature = "ask"
    phone_region: str = Field(default="US", pattern=r"^[A-Z]{2}$")


def bar_for(kind: ValueKind, policy: Policy, bars: Bars = SHIPPED_BARS) -> float:
    """The least confidence (0..1) at which a value of this kind passes: the chosen bar, or the shipped one.

    Never below what the policy says, or, where it says nothing, below the shipped bar.
    """
    least = SHIPPED[kind] if policy.text_confidence is None else policy.text_confidence
    return max(least, bars.chosen.get(kind, SHIPPED[kind]))
