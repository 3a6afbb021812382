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
    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    HEART_RATE = "heart_rate"
    GLUCOSE = "glucose"
    SPO2 = "spo2"
    WEIGHT = "weight"
    ACTIVITY = "activity"
    OWN = "own"


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
    # What a cuff, a meter or a scale of a studio shows; the values that its maker's manual says it can show.
    MeasureKind.SYSTOLIC: Scale("Systolic blood pressure at rest", "mmHg", 50, 280),
    MeasureKind.DIASTOLIC: Scale("Diastolic blood pressure at rest", "mmHg", 30, 180),
    MeasureKind.HEART_RATE: Scale("Heart rate at rest", "beats/min", 30, 220),
    MeasureKind.GLUCOSE: Scale("Blood glucose before exercise", "mg/dL", 20, 600),  # meters say LO and HI beyond
    MeasureKind.SPO2: Scale("Oxygen saturation at rest", "%", 50, 100),
    MeasureKind.WEIGHT: Scale("Weight", "lb", 40, 770),
    # Physical activity vital sign: days a week by minutes a day (Coleman et al. 2012); five hours a day are the most.
    MeasureKind.ACTIVITY: Scale("Physical activity", "minutes a week", 0, 2100),
    # A test of the studio's own: `of` names it with its unit.
    MeasureKind.OWN: Scale("Own test", "", -100_000, 100_000, of_what=True),
}


class Limit(NamedTuple):
    """Below or above what a value is the provider's to judge before the next session, and who says so."""

    below: float | None
    above: float | None
    source: str


# Figures of bodies for their own patients: a specialist with medical advice confirms them before use. Read in November
# 2026 were ADA's table, Garvey and the quotation of ACSM; ATS, AHA and Medicare are named from memory of their text.
LIMITS: Mapping[MeasureKind, Limit] = {
    # American Thoracic Society, Guidelines for the Six-Minute Walk Test, 2002 (doi.org/10.1164/rccm.166.1.111):
    # relative contraindication above 180. American Heart Association (heart.org, Low Blood Pressure): low below 90.
    MeasureKind.SYSTOLIC: Limit(90, 180, "ATS 2002, AHA"),
    # ACSM's Guidelines for Exercise Testing and Prescription, 10th ed., on training of heart patients: none above
    # 180/110 at rest (so quoted at acsm-cepa.org, 2017 ACC Guidelines for High Blood Pressure). ATS 2002 says 100.
    MeasureKind.DIASTOLIC: Limit(None, 110, "ACSM"),
    MeasureKind.HEART_RATE: Limit(None, 120, "ATS 2002"),  # the same statement: relative contraindication above 120
    # American Diabetes Association, Physical Activity/Exercise and Diabetes, 2016 (doi.org/10.2337/dc16-1728), table 1:
    # ketones are tested above 250; below 90 who takes insulin eats first, which they know. Hypoglycemia is below 70.
    MeasureKind.GLUCOSE: Limit(70, 250, "ADA"),
    # Garvey et al., Severe Exercise-Induced Hypoxemia, Respiratory Care 2012;57:1154 (rcjournal.com): below 89; and
    # Medicare pays home oxygen at 88 and below (NCD 240.2), so that 88 itself is told.
    MeasureKind.SPO2: Limit(89, None, "AARC 2012"),
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
            if self.kind is MeasureKind.OWN:
                raise ValueError("A test of your own needs its name and unit, such as step test, steps")
            raise ValueError(f"{scale.label} needs the body part and movement, such as knee flexion")
        return self

    @property
    def scale(self) -> Scale:
        """Its label, unit and bounds."""
        return SCALES[self.kind]

    @property
    def beyond(self) -> str:
        """That the value is beyond its safety limit, with figure and source; "" where it is not, or there is none."""
        limit = LIMITS.get(self.kind)
        if limit is None:
            return ""
        if limit.above is not None and self.value > limit.above:
            side, bound = "above", limit.above
        elif limit.below is not None and self.value < limit.below:
            side, bound = "below", limit.below
        else:
            return ""
        scale = self.scale
        return f"{scale.label} {self.value:g} {scale.unit} is {side} {bound:g} {scale.unit} ({limit.source})"

    @property
    def series(self) -> str:
        """The same for all measures that belong on one line of a chart, fit to stand above it."""
        if self.kind is MeasureKind.OWN:
            return f"{self.of}, {self.side}" if self.side else self.of
        where = " ".join(part for part in (self.side or "", self.of) if part)
        return f"{self.scale.label}, {where}" if where else self.scale.label
