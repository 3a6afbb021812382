"""A pad design: one frozen printed edition, as data, which can be printed and read.

What designs are made of lies in schemas.pad_parts, so that the rules (schemas.pad_rules) can know it too; whoever works
with designs finds all of it here.
"""

from pydantic import model_validator

from schemas.pad_parts import (
    ADOPTED_LINE_MIN_MM,
    CELL_MIN_MM,
    CHECKBOX_MIN_MM,
    CODE_MIN_MM,
    CODE_MODULES,
    DATE_NAMES,
    DATE_TENSES,
    FIDUCIAL_IDS,
    FIDUCIAL_INSET_MM,
    FIDUCIAL_MM,
    FIDUCIAL_MODULES,
    LINE_MIN_MM,
    PHONE_NAMES,
    ROLE_GROUPS,
    ROLES,
    SIGNATURE,
    TYPE_MIN_PT,
    BoxGroup,
    Checkbox,
    CombField,
    FieldKind,
    Guides,
    PadField,
    Registration,
    SignatureField,
    TextField,
    UncheckedDesign,
    cell_boxes_mm,
)
from schemas.pad_rules import faults

__all__ = [
    "ADOPTED_LINE_MIN_MM",
    "CELL_MIN_MM",
    "CHECKBOX_MIN_MM",
    "CODE_MIN_MM",
    "CODE_MODULES",
    "DATE_NAMES",
    "DATE_TENSES",
    "FIDUCIAL_IDS",
    "FIDUCIAL_INSET_MM",
    "FIDUCIAL_MM",
    "FIDUCIAL_MODULES",
    "LINE_MIN_MM",
    "PHONE_NAMES",
    "ROLES",
    "ROLE_GROUPS",
    "SIGNATURE",
    "TYPE_MIN_PT",
    "BoxGroup",
    "Checkbox",
    "CombField",
    "FieldKind",
    "Guides",
    "PadDesign",
    "PadField",
    "Registration",
    "SignatureField",
    "TextField",
    "cell_boxes_mm",
]


class PadDesign(UncheckedDesign):
    """One printed edition of a pad; there is none that breaks a rule."""

    @model_validator(mode="after")
    def _is_printable_and_readable(self) -> "PadDesign":
        problems = faults(self)
        if problems:
            raise ValueError("; ".join(problems))
        return self
