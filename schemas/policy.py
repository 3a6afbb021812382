"""What a studio says about what passes without a person, and the bar that follows from it."""

from typing import Annotated, TypeAlias

from phonenumbers import SUPPORTED_REGIONS
from pydantic import Field, field_validator

from schemas.bars import SHIPPED, SHIPPED_BARS, Bars, ValueKind
from schemas.base import Value
from schemas.errors import UsageError
from schemas.typed_signature import TypedSignature

ONE_WRONG_IN = 300  # what is aimed at until the owner says otherwise
ROUNDING = 1e-9
DAYS_MOST = 36_500  # a hundred years: calendars end, and with a larger number no slip could be judged
OneIn: TypeAlias = Annotated[int, Field(ge=20, le=100_000)]


class OneInOf(Value):
    """Targets of single kinds; None is the target of all."""

    number: OneIn | None = None
    date: OneIn | None = None
    phrase: OneIn | None = None
    name: OneIn | None = None
    known_name: OneIn | None = None


class Policy(Value):
    """How sure a reading must be to pass without a person.

    Confidence is the calibrated probability that a text is right. At 0.97, 32 of 2417 texts that passed were wrong
    (held-out simulated slips and real lines; docs/accuracy.md). `text_confidence` is the least with which any text
    passes, whatever bars are chosen; None is the shipped bar of each kind. Of the values that pass, no more than one in
    `one_wrong_in` may be wrong; `one_wrong_in_of` is the same for single kinds. `typed_signature` says what a typed or
    stamped name is in place of a signature: asked about, as good as one, or none.
    """

    text_confidence: float | None = Field(default=None, ge=0, le=1)
    one_wrong_in: OneIn = ONE_WRONG_IN
    one_wrong_in_of: OneInOf = OneInOf()
    signed_within_days: int = Field(default=365, gt=0, le=DAYS_MOST)
    next_visit_within_days: int = Field(default=730, gt=0, le=DAYS_MOST)
    typed_signature: TypedSignature = "ask"
    phone_region: str = Field(default="US", pattern=r"^[A-Z]{2}$")

    @field_validator("phone_region")
    @classmethod
    def region_has_numbers(cls, value: str) -> str:
        """The region; raises UsageError for one without telephone numbers: every number would be doubted."""
        if value not in SUPPORTED_REGIONS:
            raise UsageError(
                f'No telephone numbers of "{value}" are known: write a country\'s two letters, such as US, '
                "in policy.phone_region (REFPAD_POLICY__PHONE_REGION)."
            )
        return value

    def target(self, kind: ValueKind) -> float:
        """How much (0..1) of what passes of a kind may be wrong."""
        return 1 / (getattr(self.one_wrong_in_of, kind.value, None) or self.one_wrong_in)

    def least(self, kind: ValueKind) -> float:
        """The least confidence with which a value of this kind may ever pass."""
        return SHIPPED[kind] if self.text_confidence is None else self.text_confidence


def bar_for(kind: ValueKind, policy: Policy, bars: Bars = SHIPPED_BARS) -> float:
    """The least confidence (0..1) at which a value of this kind passes: the chosen bar, or the one to begin with.

    Never below what the policy says, or, where it says nothing, below the shipped bar.
    """
    return max(policy.least(kind), bars.chosen.get(kind, start_bar(kind, policy.target(kind))))


def start_bar(kind: ValueKind, target: float) -> float:
    """The bar before there is evidence of the studio's own: the shipped one, or as much nearer to 1 as the target is
    stricter than what the shipped bar gives."""
    stricter = target * ONE_WRONG_IN
    return SHIPPED[kind] if stricter >= 1 - ROUNDING else 1 - (1 - SHIPPED[kind]) * stricter
