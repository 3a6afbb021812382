"""A label on a slip is found and read where it lies, turned and over whatever it covers; a slip without one is not."""

from datetime import date
from functools import cache

import numpy as np
import pytest

from ocr.ink import relative_ink
from ocr.page import Page
from ocr.patient_label.find import may_be_labeled
from ocr.reader import Reader
from ocr.recognizers.ppocr import PpOcr
from pads.simulate.paper.patient_labels import MAKES, LabelMake, PatientLabel, draw_label, lay
from pads.simulate.printed_slips import numbered_slip
from schemas.acceptance import Policy
from schemas.reading import MarkState, SlipReading
from schemas.studio import Studio
from tests.ocr.paper import Picture, design, page, place, template

TODAY = date(2026, 11, 23)
LINES = ("DOE, JANE Q", "DOB: 03/04/1961  Sex: F", "MRN: 00482135", "Ph: (212) 555-0142", "PROV: SMITH, ALAN MD")
SAID = {"patient_name": "Jane Q Doe", "birth_date": "1961-03-04", "patient_phone": "+12125550142"}


def make(name: str) -> LabelMake:
    return next(make for make in MAKES if make.name == name)


def labeled(label: PatientLabel, at_mm: tuple[float, float], turn_deg: float) -> Page:
    """An empty slip with a label on it, on a page."""
    slip = np.repeat(numbered_slip(design("met-2"), 7, Studio())[..., None], 3, axis=2)
    lay(slip, draw_label(label, np.random.default_rng(1)), at_mm, turn_deg)
    return page(place(np.ascontiguousarray(slip[..., 0])))


@cache
def reader() -> Reader:
    return Reader((template("met-2"),), (PpOcr(),), Policy())


def read(scan: Page) -> SlipReading:
    (reading,) = reader().read_page(scan, "scan.tif", TODAY).read.slips
    return reading


def test_a_label_wider_than_its_room_is_read_and_doubts_only_what_it_covers() -> None:
    """89 x 28 mm, askew: it lies over birth date, next visit and the first boxes, and none of them is guessed."""
    label = PatientLabel(make("large thermal label"), LINES, "", tuple(SAID))
    reading = read(labeled(label, (4.0, 23.6), 2.5))
    assert {name: reading.text[name].value for name in SAID} == SAID
    assert {reading.text[name].reader for name in SAID} == {"label+tesseract+ppocr"}
    doubted = {finding.field for finding in reading.findings if "patient label" in finding.detail}
    assert "next_visit_on" in doubted
    assert not doubted & set(SAID)
    assert reading.marks["low_back_pain"].value is MarkState.AMBIGUOUS
    assert reading.marks["obesity"].value is MarkState.UNCHECKED


@pytest.mark.parametrize(("symbol", "kept"), [("Data Matrix", True), ("Code 128", False)])
def test_a_barcode_tells_who_it_is_or_only_a_number_that_no_field_asks_for(symbol: str, kept: bool) -> None:
    """A chart number is read, and stays on the paper."""
    held = "DOE^JANE^Q|19610304|F|00482135" if kept else "00482135"
    reading = read(labeled(PatientLabel(make(f"chart label with {symbol}"), LINES[:2], held, ()), (4.0, 23.4), -1.0))
    assert ("barcode" in reading.text["patient_name"].reader) is kept
    assert reading.text["patient_name"].value == SAID["patient_name"]
    assert "00482135" not in reading.model_dump_json()


def test_blank_paper_over_boxes_leaves_none_of_them_empty() -> None:
    """A label that was not read, or a note stuck on, hides ticks all the same."""
    reading = read(labeled(PatientLabel(make("small laser label"), (), "", ()), (4.0, 36.0), 0.0))
    assert reading.marks["knee_replacement_left"].value is MarkState.AMBIGUOUS
    assert reading.marks["obesity"].value is MarkState.UNCHECKED
    assert not any("label" in text.reader and text.value for text in reading.text.values())


def test_writing_alone_is_not_searched_for_a_label() -> None:
    """Each slip would take a quarter of a second more."""
    ink: Picture = relative_ink(template("met-2").blank, template("met-2").solid_mm)
    assert not may_be_labeled(ink, template("met-2"))
    assert not may_be_labeled(ink, template("met-1"))
