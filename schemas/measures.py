"""What is measured in a studio: units, and the values that a test can give.

Pain is not among them: following it is the provider's part, and a studio that reports it leaves its own.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from schemas.base import Value
from schemas.referral import Line


class MeasureKind(StrEnum):
    RANGE_OF_MOTION = "range_of_motion"
    MANUAL_MUSCLE_TEST = "manual_muscle_test"
    GRIP = "grip"
    CHAIR_STANDS_30_S = "chair_stands_30_s"
    FIVE_CHAIR_STANDS = "five_chair_stands"
    TIMED_UP_AND_GO = "timed_up_and_go"
    SIX_MINUTE_WALK = "six_minute_walk"
    GAIT_SPEED = "gait_speed"
    SINGLE_LEG_STANCE = "single_leg_stance"
    BERG_BALANCE = "berg_balance"
    PLANK = "plank"


class Scale(NamedTuple):
    """A test: its name in a letter, its unit, the least and the most it can give.

    `of_what` says that a body part and motion belong to it.
    """

    label: str
    unit: str
    least: float
    most: float
    of_what: bool = False


# The bounds are those of the test or its instrument: what lies outside was typed wrong.
SCALES: Mapping[MeasureKind, Scale] = {
    # Goniometry counts extension beyond neutral as negative (AAOS, Joint Motion, 1965).
    MeasureKind.RANGE_OF_MOTION: Scale("Range of motion", "degrees", -40, 200, of_what=True),
    MeasureKind.MANUAL_MUSCLE_TEST: Scale("Muscle test", "of 5", 0, 5, of_what=True),  # MRC scale, 0 to 5
    MeasureKind.GRIP: Scale("Grip strength", "kg", 0, 90),  # a Jamar dynamometer's scale ends at 90 kg
    MeasureKind.CHAIR_STANDS_30_S: Scale("Chair stands in 30 s", "stands", 0, 60),  # Jones, Rikli, Beam 1999
    MeasureKind.FIVE_CHAIR_STANDS: Scale("Five chair stands", "s", 2, 180),  # Csuka, McCarty 1985
    MeasureKind.TIMED_UP_AND_GO: Scale("Timed up and go", "s", 3, 300),  # Podsiadlo, Richardson 1991
    MeasureKind.SIX_MINUTE_WALK: Scale("Six-minute walk", "m", 0, 1000),  # ATS statement, 2002
    MeasureKind.GAIT_SPEED: Scale("Gait speed", "m/s", 0, 3),  # Bohannon 1997; 3 m/s is a run
    MeasureKind.SINGLE_LEG_STANCE: Scale("Single-leg stance", "s", 0, 120),  # Springer et al. 2007 stop at 45 s
    MeasureKind.BERG_BALANCE: Scale("Berg balance scale", "of 56", 0, 56),  # Berg et al. 1992
    MeasureKind.PLANK: Scale("Plank hold", "s", 0, 600),
}


class Measure(Value):
    """One measured value. `of` names body part and motion ("knee flexion") where the test asks for it.

    `unit` may be left out; another than the test's own is refused, as pounds in place of kilograms would be
    believed. `on` is the day it was measured, when that is not the day of the entry.
    """

    kind: MeasureKind
    value: float
    unit: str = ""
    of: Line = Field(default="", max_length=40)
    side: Literal["left", "right"] | None = None
    on: date | None = None

    @field_validator("kind", mode="before")
    @classmethod
    def _no_pain(cls, kind: object) -> object:
        if isinstance(kind, str) and "pain" in kind.lower():
            raise ValueError("pain is the provider's to follow, measure what the patient can do")
        return kind

    @model_validator(mode="after")
    def _on_its_scale(self) -> Self:
        scale = SCALES[self.kind]
        if self.unit not in ("", scale.unit):
            raise ValueError(f"{scale.label} is measured in {scale.unit}, convert it first")
        if not scale.least <= self.value <= scale.most:
            raise ValueError(f"{scale.label} gives {scale.least:g} to {scale.most:g} {scale.unit}, check the value")
        if scale.of_what and not self.of:
            raise ValueError(f"{scale.label} needs the body part and movement, such as knee flexion")
        return self

    @property
    def scale(self) -> Scale:
        """Its label, unit and bounds."""
        return SCALES[self.kind]

    @property
    def series(self) -> str:
        """The same for all measures that belong on one line of a chart, fit to stand above it."""
        where = " ".join(part for part in (self.side or "", self.of) if part)
        return f"{self.scale.label}, {where}" if where else self.scale.label
