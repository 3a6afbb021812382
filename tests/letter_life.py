"""Referrals of the pad met-1, read by nobody: for tests of what comes after."""

from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.followup import FollowUpState
from schemas.limits import Limits
from schemas.pad import PadDesign
from schemas.reading import (
    Finding,
    MarkReading,
    MarkState,
    PageRead,
    SignatureReading,
    SignatureState,
    SlipReading,
    TextReading,
)
from schemas.reasons import FindingCode
from store.database import Store
from store.followups.actions import settle
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.intake import claims, results
from store.intake.taking_in.take_in import take_in
from store.review.settle import WaitingSlip, waiting_items
from tests.fake_reader import picture

WRITTEN = {
    "patient_name": "Ada Quill",
    "patient_phone": "(212) 555-0142",
    "provider_name": "Dr. B. Fenn",
    "diagnosis": "s/p L TKA 9/14",
    "goals": "climb stairs",
    "precautions": "no kneeling",
    "signed_on": "2026-03-02",
}


def accepted(store: Store, settings: Settings, serial: int, **written: str) -> None:
    """One more referral, accepted today."""
    _recorded(store, settings, _slip(settings, serial, SignatureState.PRESENT, written))


def in_doubt(store: Store, settings: Settings, serial: int, png: bytes | None = None) -> int:
    """One more slip, whose signature is in doubt, with a picture to look at where one is given; its number."""
    _recorded(store, settings, _slip(settings, serial, SignatureState.UNCERTAIN, {}), png)
    item = next(
        each for each in waiting_items(store) if isinstance(each, WaitingSlip) and each.reading.serial == serial
    )
    return item.number


def end_all(store: Store, settings: Settings) -> None:
    """Everything that is to be done for patients is skipped, and what comes of that."""
    while tasks := [task.id for task in list_follow_ups(store, FollowUpQuery()).follow_ups if task.patient_name]:
        for number in tasks:
            settle(store, rules_of(settings), number, FollowUpState.SKIPPED, "kim", "moved away")


def _recorded(store: Store, settings: Settings, slip: SlipReading, png: bytes | None = None) -> None:
    scan = settings.folder / "scan.pdf"
    scan.write_bytes(f"scan {slip.serial}".encode())
    take_in(store, scan, Limits())
    claim = claims.next_claim(store, "worker", 60)
    assert claim is not None
    pictures = {(1, 1): png or picture(slip)}
    results.record(store, claim, [PageRead(page=1, slips=(slip,))], pictures, rules_of(settings))


def _slip(settings: Settings, serial: int, signed: SignatureState, written: dict[str, str]) -> SlipReading:
    pad = rules_of(settings).design_of("met", 1)
    assert isinstance(pad, PadDesign)
    said = WRITTEN | written
    ticked = {"back_pain", "post_rehab"}
    detail = "It is not certain that someone signed."
    doubt = Finding(code=FindingCode.SIGNATURE_UNCERTAIN, field="signature", detail=detail)
    return SlipReading(
        file="scan",
        page=1,
        slip=1,
        corners_px=(),
        design="met",
        edition=1,
        serial=serial,
        residual_mm=0.1,
        marks={
            box.name: MarkReading(
                value=MarkState.CHECKED if box.name in ticked else MarkState.UNCHECKED, confidence=1, ink=0.3
            )
            for box in pad.checkboxes
        },
        signature=SignatureReading(value=signed, confidence=1, reason=""),
        text={
            field.name: TextReading(value=said.get(field.name, ""), confidence=1, reader="ppocr")
            for field in pad.writing
        },
        verdict="accepted",
        findings=() if signed is SignatureState.PRESENT else (doubt,),
    )
