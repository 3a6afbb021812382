"""Simulated slips in a studio's record: real pictures of invented people, with the readings that a test asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import cv2
import numpy as np

from pads.catalog import load_all
from pads.simulate.invent import SlipSpec, invent_slip
from pads.simulate.pen.fill import fill
from pads.simulate.picture import gray, shrink
from pads.simulate.printed_slips import numbered_slip
from pads.simulate.truth import Legibility, SlipTruth
from schemas.acceptance import Policy, assess
from schemas.limits import Limits
from schemas.pad import PadDesign
from schemas.reading import (
    Candidate,
    Finding,
    MarkReading,
    MarkState,
    PageRead,
    SignatureReading,
    SignatureState,
    SlipReading,
    TextReading,
)
from schemas.referral import Accepted
from schemas.studio import Studio as Printed
from store.intake import claims, results
from store.intake.results import Recorded
from store.intake.taking_in.take_in import take_in
from tests.web.studio import NOW, Studio

MM_PER_INCH, DPI = 25.4, 200
TODAY, LETTERHEAD = NOW.date(), Printed()
LEASE_S = 60.0


@dataclass(frozen=True)
class Doubts:
    """What of a slip was not read for sure.

    `text`: field to what was read and what else was proposed; `boxes` are ambiguous; `signature` is uncertain;
    `paper` are findings about the picture.
    """

    text: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    boxes: tuple[str, ...] = ()
    signature: bool = False
    paper: tuple[Finding, ...] = ()


@cache
def design_of(name: str = "met") -> PadDesign:
    return next(design for design in load_all() if design.design == name)


def truth_of(serial: int, design: str = "met", on: date = TODAY, **text: str) -> SlipTruth:
    """What that slip, written by the day `on`, says; the same serial always says the same."""
    wish = SlipSpec(legibility=Legibility.NEAT, name=text.get("patient_name"), brief=True)
    truth = invent_slip(design_of(design), serial, on, np.random.default_rng(serial), wish)
    return truth.model_copy(update={"text": {**truth.text, **text}})


def picture_of(truth: SlipTruth, letterhead: Printed = LETTERHEAD) -> bytes:
    """The slip as a registered picture, PNG."""
    design = design_of(truth.design)
    filled = fill(numbered_slip(design, truth.serial, letterhead), design, truth, np.random.default_rng(truth.serial))
    size = round(design.width_mm * DPI / MM_PER_INCH), round(design.height_mm * DPI / MM_PER_INCH)
    return cv2.imencode(".png", shrink(gray(filled), size))[1].tobytes()


def reading_of(truth: SlipTruth, doubts: Doubts = Doubts(), slip: int = 1, on: date = TODAY) -> SlipReading:
    """What the machine read of it: the truth, but for the doubts, as it is judged on that day."""
    design = design_of(truth.design)
    read = SlipReading(
        file="scan",
        page=1,
        slip=slip,
        corners_px=(),
        design=truth.design,
        edition=truth.edition,
        serial=truth.serial,
        residual_mm=0.1,
        marks={name: _mark(bool(state), name in doubts.boxes) for name, state in truth.marks.items()},
        signature=_signature(doubts.signature),
        text={
            field.name: _text(truth.text.get(field.name, ""), doubts.text.get(field.name)) for field in design.writing
        },
        verdict="accepted",
        findings=doubts.paper,
    )
    draft = read.draft()
    assert draft is not None
    verdict = assess(draft, design, Policy(), on)
    if isinstance(verdict, Accepted):
        return read
    return read.model_copy(update={"verdict": "review", "findings": verdict.findings})


def record_slip(studio: Studio, truth: SlipTruth, doubts: Doubts = Doubts(), picture: bytes | None = None) -> Recorded:
    """Have the slip come in as a scan of its own."""
    return record_readings(studio, [reading_of(truth, doubts)], [picture or picture_of(truth)])


def record_readings(studio: Studio, readings: list[SlipReading], pictures: list[bytes]) -> Recorded:
    """Have readings come in as one scan."""
    path = studio.settings.inbox / "scan.pdf"
    path.write_bytes(b"scan " + readings[0].model_dump_json().encode())
    take_in(studio.store, path, Limits())
    claim = claims.next_claim(studio.store, "worker", LEASE_S)
    assert claim is not None
    shown = {(reading.page, reading.slip): png for reading, png in zip(readings, pictures, strict=True)}
    return results.record(studio.store, claim, [PageRead(page=1, slips=tuple(readings))], shown, studio.rules)


def _mark(checked: bool, in_doubt: bool) -> MarkReading:
    if in_doubt:
        return MarkReading(value=MarkState.AMBIGUOUS, confidence=0.5, ink=0.1, reason="it is faint")
    return MarkReading(value=MarkState.CHECKED if checked else MarkState.UNCHECKED, confidence=1.0, ink=0.3 * checked)


def _signature(in_doubt: bool) -> SignatureReading:
    if in_doubt:
        return SignatureReading(value=SignatureState.UNCERTAIN, confidence=0.5, reason="a smudge")
    return SignatureReading(value=SignatureState.PRESENT, confidence=0.99)


def _text(true: str, in_doubt: tuple[str, ...] | None) -> TextReading:
    if in_doubt is None:
        return TextReading(value=true, confidence=0.99, reader="ppocr")
    candidates = tuple(Candidate(value=text, confidence=0.6, reader="tesseract") for text in in_doubt)
    return TextReading(value=in_doubt[0], confidence=0.6, candidates=candidates, reader="ppocr")
