"""A slip in a bundle: measured and drawn anew, and nothing of whom it is about."""

import json
from datetime import date
from pathlib import Path

from refpad.ops.support.redaction import Redaction
from refpad.ops.support.slip import doubts, measured, slip_parts
from refpad.settings import Settings
from schemas.geometry import MM_PER_INCH
from schemas.reading import Candidate, Finding, MarkReading, MarkState, PageChannel, SignatureState, SlipReading
from schemas.reasons import FindingCode
from store.support import SupportSlip
from tests.pads.simulate.stand_in.test_answers import MET, invented, reading_of
from tests.refpad.ops.support.test_bundle import WORD
from tests.schemas.examples import signature

CAME = date(2026, 11, 20)
DOUBTED = "arthritis"


def slip() -> SupportSlip:
    """One of somebody of that name, typed, with a tick beside a box; half of it in a sentence that quotes it."""
    read = reading_of(invented(MET, 1))
    candidate = Candidate(value=f"Grant {WORD}", confidence=0.4, reader="ppocr")
    said = {"value": f"Pat {WORD}", "reader": "tesseract", "candidates": (candidate,), "known": f"{WORD} on record"}
    text = {name: one.model_copy(update={"reader": "tesseract"}) for name, one in read.text.items()}
    beside = MarkReading(value=MarkState.AMBIGUOUS, confidence=0.5, ink=0.0, reason="a mark stands beside it")
    wide, high = MET.width_mm / MM_PER_INCH * 300, MET.height_mm / MM_PER_INCH * 300
    changes: dict[str, object] = {
        "file": f"{WORD}.pdf",
        "corners_px": ((20, 20), (20 + wide, 20), (20 + wide, 20 + high), (20, 20 + high)),
        "channel": PageChannel.SCAN,
        "marks": read.marks | {DOUBTED: beside},
        "text": text | {"patient_name": text["patient_name"].model_copy(update=said)},
        "signature": signature(SignatureState.PRESENT, words=f"Dr. {WORD}"),
        "findings": (
            Finding(code=FindingCode.MARK_AMBIGUOUS, field=DOUBTED, detail=f"{WORD}'s box is not clear."),
            Finding(code=FindingCode.POSSIBLE_DUPLICATE, detail=f"It looks like another slip of {WORD}."),
        ),
        "notes": (f"{WORD}.pdf was repaired",),
    }
    reading = SlipReading.model_validate(read.model_copy(update=changes).model_dump())
    return SupportSlip(reading=reading, received_on=CAME, slips_on_page=1)


def test_the_stand_in_is_doubted_alike_and_names_nobody(tmp_path: Path) -> None:
    """The canary is in every text of the reading; no picture is given, so that no pixel of it can be in there."""
    parts = slip_parts(Settings(folder=tmp_path), Redaction(), slip(), seed=1)
    told = json.loads(json.dumps(parts["slip/stand-in.json"], default=str))
    assert told["seen_again"] == [["mark_ambiguous", DOUBTED]]
    assert told["not_seen_again"] == []
    scan = parts[f"slip/{told['file']}"]
    assert isinstance(scan, bytes)
    assert scan.startswith(b"%PDF")
    assert WORD.lower() not in f"{parts}".lower()
    figures = json.loads(json.dumps(parts["slip/measured.json"], default=str))
    assert figures["boxes"][DOUBTED]["reason"] == "a mark stands beside it"
    assert figures["text"]["patient_name"]["letters"] == len(f"Pat {WORD}")
    assert figures["text"]["patient_name"]["candidates"][0]["confidence"] == 0.4


def test_of_a_pad_of_the_studios_own_no_field_is_named_and_no_stand_in_drawn(tmp_path: Path) -> None:
    """Its fields and labels are somebody's own words: "Dr. Quillfeather's program"."""
    of_own = slip()
    marks = {f"{WORD.lower()}_program": mark for mark in of_own.reading.marks.values()}
    read = of_own.reading.model_copy(update={"design": WORD.lower()[:8], "marks": marks})
    parts = slip_parts(Settings(folder=tmp_path), Redaction(), of_own.model_copy(update={"reading": read}), seed=1)
    assert set(parts) == {"slip/measured.json", "slip/stand-in.json"}
    assert WORD.lower()[:8] not in f"{parts}".lower()


def test_only_doubts_that_paper_shows_are_looked_for() -> None:
    """That a slip came twice is not seen on it."""
    assert doubts(slip().reading) == {("mark_ambiguous", DOUBTED)}
    assert doubts(None) == set()
    assert measured(slip(), Redaction(), is_shipped=True)["pad"] == "met-1"
