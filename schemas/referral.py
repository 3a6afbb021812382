"""The accepted record. Different from a draft on purpose: every value here is validated."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from annotated_types import MaxLen
from pydantic import BeforeValidator, Field

from schemas.answers import AnswerValue
from schemas.base import Value, is_empty
from schemas.reading import Finding, SignatureState
from schemas.text import clean

Line = Annotated[str, BeforeValidator(clean)]


class SignatureKind(StrEnum):
    """How a slip is signed: by hand, or with a typed, stamped or printed name that was taken for it."""

    HANDWRITTEN = "handwritten"
    TYPED = "typed"


# What a signature is on record as; one that is absent is none.
SIGNED: Mapping[SignatureState, SignatureKind] = MappingProxyType(
    {SignatureState.PRESENT: SignatureKind.HANDWRITTEN, SignatureState.TYPED: SignatureKind.TYPED}
)


class Referral(Value):
    """One accepted referral slip. The phone is E.164; ticked boxes are named as in the pad design.

    `answers` is what else its pad asks, by the names that this edition of the design gives: see schemas.answers. What
    only some pads ask for is left out of the record of a slip whose pad does not.
    """

    design: str
    edition: int
    serial: int | None
    patient_name: Line = Field(min_length=2, max_length=120)
    patient_phone: str = Field(pattern=r"^\+[1-9]\d{6,14}$")
    provider_name: Line = Field(default="", max_length=120)
    diagnosis: Line = Field(default="", max_length=500)
    goals: Line = Field(default="", max_length=1000)
    precautions: Line = Field(default="", max_length=500)
    conditions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    other_condition: Line = Field(default="", max_length=200)
    other_service: Line = Field(default="", max_length=200)
    signature: SignatureKind = SignatureKind.HANDWRITTEN
    signed_on: date
    next_visit_on: date | None = None
    birth_date: date | None = Field(default=None, exclude_if=is_empty)
    answers: dict[str, AnswerValue] = Field(default_factory=dict, exclude_if=is_empty)


class Accepted(Value):
    """The verdict on a draft nothing is doubtful about."""

    referral: Referral


class NeedsReview(Value):
    """The verdict on a draft a person must look at; never without a finding."""

    findings: tuple[Finding, ...] = Field(min_length=1)


VERBATIM = (
    "patient_name",
    "provider_name",
    "diagnosis",
    "goals",
    "precautions",
    "other_condition",
    "other_service",
)


def text_limit(name: str) -> int:
    """The most characters that a verbatim field of a referral holds."""
    return next(int(m.max_length) for m in Referral.model_fields[name].metadata if isinstance(m, MaxLen))
