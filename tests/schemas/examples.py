"""A small pad and a slip of it without a doubt, for tests to spoil one thing at a time."""

from datetime import date

from schemas.acceptance import PERSON, Policy, assess
from schemas.geometry import BoxMm, PointMm
from schemas.pad import Checkbox, CombField, FieldKind, PadDesign, SignatureField, TextField
from schemas.reading import MarkReading, MarkState, ReferralDraft, SignatureReading, SignatureState, TextReading
from schemas.referral import Accepted, NeedsReview

Reading = TextReading | MarkReading | SignatureReading

RECEIVED_ON = date(2026, 3, 3)

TEXT = {
    "patient_name": "Ada Quill",
    "patient_phone": "(212) 555-0142",
    "provider_name": "Dr. B. Fenn",
    "diagnosis": "s/p L TKA 9/14",
    "goals": "stairs",
    "precautions": "no kneeling",
    "signed_on": "03/02/26",
    "next_visit_on": "04/20/26",
    "other_condition": "",
}
MARKS = {
    "back_pain": MarkState.CHECKED,
    "arthritis": MarkState.UNCHECKED,
    "other": MarkState.UNCHECKED,
    "post_rehab": MarkState.CHECKED,
}


def design() -> PadDesign:
    """A landscape half sheet with four boxes, one of them an "Other ____", and every field a referral has."""

    def box(name: str, label: str, group: str, y: float, write_in: str | None = None) -> Checkbox:
        return Checkbox.model_validate(
            {"name": name, "label": label, "group": group, "box_mm": BoxMm(12, y, 4, 4), "write_in": write_in}
        )

    def line(name: str, label: str, y: float, lines: int = 1) -> TextField:
        return TextField(name=name, label=label, box_mm=BoxMm(70, y, 100, 8 * lines), lines=lines)

    def comb(name: str, label: str, kind: FieldKind, y: float, *cells: int) -> CombField:
        return CombField.model_validate(
            {"name": name, "label": label, "kind": kind, "box_mm": BoxMm(12, y, 55, 7), "cells": cells}
        )

    return PadDesign(
        design="tst",
        edition=1,
        title="Exercise referral",
        width_mm=200,
        height_mm=140,
        studio_mm=BoxMm(20, 4, 80, 14),
        code_mm=BoxMm(150, 4, 22, 22),
        serial_at_mm=PointMm(150, 30),
        fields=(
            box("back_pain", "Back pain", "condition", 30),
            box("arthritis", "Arthritis", "condition", 36),
            box("other", "Other", "condition", 42, write_in="other_condition"),
            box("post_rehab", "Post-rehab", "service", 52),
            TextField(name="other_condition", label="Other", box_mm=BoxMm(30, 41, 35, 7), label_side="none"),
            line("patient_name", "Patient", 32),
            line("provider_name", "Provider", 42),
            line("diagnosis", "Diagnosis", 52, lines=2),
            line("goals", "Goals", 70, lines=2),
            line("precautions", "Precautions", 88),
            comb("patient_phone", "Phone", FieldKind.PHONE, 70, 3, 3, 4),
            comb("signed_on", "Date", FieldKind.DATE, 80, 2, 2, 2),
            comb("next_visit_on", "Next visit", FieldKind.DATE, 90, 2, 2, 2),
            SignatureField(
                kind=FieldKind.SIGNATURE, name="signature", label="Signature", box_mm=BoxMm(70, 100, 90, 14)
            ),
        ),
    )


def text(value: str, confidence: float = 0.99, reader: str = "ppocr") -> TextReading:
    return TextReading(value=value, confidence=confidence, reader=reader)


def typed(value: str) -> TextReading:
    """What a person has typed or confirmed."""
    return text(value, confidence=1.0, reader=PERSON)


def mark(state: MarkState, reason: str = "") -> MarkReading:
    return MarkReading(value=state, confidence=0.99, ink=0.2, reason=reason)


def signature(state: SignatureState, reason: str = "", words: str = "") -> SignatureReading:
    return SignatureReading(value=state, confidence=0.99, reason=reason, words=words)


def draft(**changes: Reading | None) -> ReferralDraft:
    """The slip without a doubt, with some readings replaced, or left out (None)."""
    readings: dict[str, Reading | None] = {name: text(value) for name, value in TEXT.items()}
    readings |= {name: mark(state) for name, state in MARKS.items()}
    readings |= {"signature": signature(SignatureState.PRESENT)} | changes
    signed = readings["signature"]
    assert isinstance(signed, SignatureReading)
    return ReferralDraft(
        design="tst",
        edition=1,
        serial=123,
        marks={name: each for name, each in readings.items() if isinstance(each, MarkReading)},
        signature=signed,
        text={name: each for name, each in readings.items() if isinstance(each, TextReading)},
    )


def verdict(judged: ReferralDraft, policy: Policy | None = None) -> Accepted | NeedsReview:
    """`assess` on the day the example slip arrived."""
    return assess(judged, design(), policy or Policy(), RECEIVED_ON)
