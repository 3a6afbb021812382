"""The fields that every referral has a place for, by name; what else a pad asks is its answers (schemas.answers)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from schemas.dates import Tense


class FieldKind(StrEnum):
    CHECKBOX = "checkbox"
    TEXT = "text"
    PHONE = "phone"
    DATE = "date"
    NUMBER = "number"
    ICD10 = "icd10"
    NPI = "npi"
    SIGNATURE = "signature"


TEXT_NAMES = ("patient_name", "diagnosis", "goals", "precautions", "provider_name")
PHONE_NAMES = ("patient_phone",)
# The dates that every referral may have, and on which side of the day of arrival each lies.
DATE_TENSES: Mapping[str, Tense] = MappingProxyType(
    {"signed_on": "past", "next_visit_on": "future", "birth_date": "birth"}
)
DATE_NAMES = tuple(DATE_TENSES)
SIGNATURE = "signature"
ROLE_GROUPS = frozenset(("condition", "service"))
ROLE_KINDS: Mapping[str, FieldKind] = MappingProxyType(
    {
        **dict.fromkeys(TEXT_NAMES, FieldKind.TEXT),
        **dict.fromkeys(PHONE_NAMES, FieldKind.PHONE),
        **dict.fromkeys(DATE_NAMES, FieldKind.DATE),
        SIGNATURE: FieldKind.SIGNATURE,
        "other_condition": FieldKind.TEXT,
        "other_service": FieldKind.TEXT,
    }
)
ROLES = frozenset(ROLE_KINDS)
