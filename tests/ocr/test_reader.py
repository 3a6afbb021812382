"""A page becomes readings with a verdict, or a reason why there are none."""

from dataclasses import replace
from datetime import date

import cv2
import numpy as np
import pytest

from ocr.feed_streaks import STREAK_NOTE
from ocr.overlay import draw_overlay
from ocr.page import Page
from ocr.reader import MARKS_ONLY_NOTE, Reader, ReadSlip, RefusedSlip
from pads.typeface import font_file
from schemas.acceptance import Policy
from schemas.errors import MachineError
from schemas.reading import Finding, MarkState, SignatureState
from schemas.reasons import FindingCode, SetAsideReason
from tests.ocr.paper import Picture, cross, design, page, place, scribble, slip, templates, together
from tests.ocr.raises_once import QUOTED, RaisesOnce

TODAY = date(2026, 11, 23)


@pytest.fixture
def reader() -> Reader:
    return Reader(templates(), (), Policy(), marks_only=True)


def filled() -> Picture:
    picture = slip()
    cross(picture, design().checkboxes[1].box_mm)
    scribble(picture, design().signature.box_mm)
    return picture


def written(serial: int) -> Picture:
    """A slip with something in a line that a recognizer must be asked about."""
    picture = slip(serial=serial)
    scribble(picture, next(field for field in design().writing if field.name == "patient_name").box_mm)
    return picture


def test_a_slip_becomes_a_reading_with_its_place_and_serial(reader: Reader) -> None:
    """What later steps and people need to find it again."""
    result = reader.read_page(page(place(filled(), 2)), "scan.tif", TODAY)
    (reading,) = result.read.slips
    assert (reading.file, reading.page, reading.slip) == ("scan.tif", 1, 1)
    assert (reading.design, reading.edition, reading.serial) == ("met", 1, 123)
    assert len(reading.corners_px) == 4
    assert reading.marks[design().checkboxes[1].name].value is MarkState.CHECKED
    assert reading.signature is not None
    assert reading.signature.value is SignatureState.PRESENT
    assert reading.model_validate_json(reading.model_dump_json()) == reading


def test_without_text_no_slip_is_accepted(reader: Reader) -> None:
    """A referral needs a name and a phone; marks alone make none."""
    (reading,) = reader.read_page(page(place(filled())), "scan.tif", TODAY).read.slips
    assert reading.verdict == "review"
    assert MARKS_ONLY_NOTE in reading.notes
    assert not reading.text
    assert not reading.findings


def test_doubts_of_the_page_are_inherited_by_its_slips(reader: Reader) -> None:
    """A page that was guessed at makes every slip on it doubtful."""
    doubt = Finding(code=FindingCode.RESOLUTION_GUESSED, detail="The file names no resolution.")
    guessed = Page(4, place(filled()), None, findings=(doubt,))
    (reading,) = reader.read_page(guessed, "scan.tif", TODAY).read.slips
    assert doubt in reading.findings
    assert reading.page == 4


def test_a_line_over_the_slip_asks_whether_it_was_canceled(reader: Reader) -> None:
    """Its boxes and words may all be plain, and yet it says that nothing of it holds."""
    picture = filled()
    high, wide = picture.shape
    cv2.line(
        picture, (round(0.1 * wide), round(0.75 * high)), (round(0.95 * wide), round(0.2 * high)), 50, 6, cv2.LINE_AA
    )
    (reading,) = reader.read_page(page(place(picture)), "scan.tif", TODAY).read.slips
    (asked,) = (finding for finding in reading.findings if finding.code is FindingCode.POSSIBLY_CANCELED)
    assert asked.field is None
    assert "mm long" in asked.detail
    (course,) = asked.courses_mm
    assert abs(course[0].x - course[-1].x) > 0.7 * 107.95
    assert reading.verdict == "review"


@pytest.mark.parametrize("askew", [0.0, 3.5, -4.0, 178.0])
def test_a_speck_on_the_glass_changes_no_box_and_is_told(reader: Reader, askew: float) -> None:
    """Its line runs down the page, whichever way the slip lies there."""
    sheet = place(filled(), askew)
    (clean,) = reader.read_page(page(sheet), "scan.tif", TODAY).read.slips
    middle = round(float(np.mean([x for x, _ in clean.corners_px])))
    for column in range(middle - 350, middle + 400, 150):
        dirty = sheet.copy()
        dirty[:, column : column + 2] = 40
        (reading,) = reader.read_page(page(dirty), "scan.tif", TODAY).read.slips
        assert {name: mark.value for name, mark in reading.marks.items()} == {
            name: mark.value for name, mark in clean.marks.items()
        }
        assert not reading.findings
        assert STREAK_NOTE in reading.notes
        assert STREAK_NOTE not in clean.notes


def test_slips_of_a_page_are_counted_from_where_the_caller_says(reader: Reader) -> None:
    """Two slips of a page are two records."""
    sheet = together([place(filled(), 0, 1, (700, 900)), place(slip(serial=7), 0, 1, (1850, 2400))])
    result = reader.read_page(page(sheet), "scan.tif", TODAY, first_slip=3)
    assert [reading.slip for reading in result.read.slips] == [3, 4]
    assert [slip.reading for slip in result.slips] == list(result.read.slips)


def test_a_blank_page_is_told_from_one_without_a_slip(reader: Reader) -> None:
    """Blank backs need nobody; a cover sheet may be a torn slip."""
    rng = np.random.default_rng(3)
    blank = (245 - rng.normal(0, 4, (2200, 1700))).clip(0, 255).astype(np.uint8)
    cover = blank.copy()
    cv2.putText(cover, "Fax cover sheet", (300, 900), cv2.FONT_HERSHEY_SIMPLEX, 3, 20, 6)
    for picture, reason in ((blank, SetAsideReason.BLANK_PAGE), (cover, SetAsideReason.NO_SLIP_FOUND)):
        aside = reader.read_page(Page(2, picture, 200.0), "scan.tif", TODAY).read.set_aside
        assert aside is not None
        assert aside.reason is reason
        assert aside.message.startswith("Page 2")


def test_a_blurred_picture_asks_for_another_with_the_figure(reader: Reader) -> None:
    """The person with the phone can still take a second one."""
    blurred = cv2.GaussianBlur(place(filled()), (0, 0), 5)
    (reading,) = reader.read_page(page(np.asarray(blurred, np.uint8)), "photo.jpg", TODAY).read.slips
    (finding,) = [one for one in reading.findings if one.code is FindingCode.IMAGE_BLURRED]
    assert "mm" in finding.detail


def test_a_small_picture_asks_for_another_with_the_figure(reader: Reader) -> None:
    """A thumbnail of a slip shows its boxes, but no letters."""
    small = cv2.resize(place(filled()), None, fx=0.27, fy=0.27, interpolation=cv2.INTER_AREA)
    (reading,) = reader.read_page(Page(1, np.asarray(small, np.uint8), None), "photo.jpg", TODAY).read.slips
    (finding,) = [one for one in reading.findings if one.code is FindingCode.IMAGE_TOO_SMALL]
    assert "81" in finding.detail


def test_a_slip_that_cannot_be_read_says_why_and_holds_no_value(reader: Reader) -> None:
    """A value read beside its place would be worse than none; whatever the reason, a person reads the slip instead."""
    covered = slip()
    covered[300:-190] = 255
    others = tuple(template for template in templates() if template.design.design == "post")
    unknown = Reader(others, (), Policy(), marks_only=True)
    for ours, picture in ((reader, place(covered)), (unknown, place(slip()))):
        result = ours.read_page(page(picture), "scan.tif", TODAY)
        (read,) = result.slips
        assert isinstance(read, RefusedSlip)
        assert read.reading in result.read.slips
        assert read.reading.findings
        assert read.reading.verdict == "review"
        told = read.reading
        assert (told.marks, told.signature, told.text, told.suggestions) == ({}, None, {}, ())


@pytest.mark.parametrize("at", [1, 2])
def test_an_unforeseen_error_costs_one_slip_alone(at: int) -> None:
    """The slips beside it are read; its own is shown to a person, who is told nothing that the error quotes."""
    reader = Reader(templates(), (RaisesOnce(at=at),), Policy())
    sheet = together([place(written(1), 0, 1, (700, 900)), place(written(2), 0, 1, (1850, 2400))])
    result = reader.read_page(page(sheet), "scan.tif", TODAY)
    failed, other = (result.slips[at - 1], result.slips[2 - at])
    assert isinstance(failed, RefusedSlip)
    assert isinstance(other, ReadSlip)
    assert (failed.reading.design, failed.reading.serial, failed.reading.verdict) == ("met", at, "review")
    assert FindingCode.INTERNAL_ERROR in {finding.code for finding in failed.reading.findings}
    assert FindingCode.INTERNAL_ERROR not in {finding.code for finding in other.reading.findings}
    assert failed.found.picture.size > 0
    assert QUOTED not in failed.reading.model_dump_json()


@pytest.mark.parametrize("error", [MachineError("No room on the disk."), MemoryError()])
def test_what_no_other_slip_would_survive_is_not_hidden(error: Exception) -> None:
    """A machine that lacks a part would make every slip of every file one for a person."""
    with pytest.raises(type(error)):
        Reader(templates(), (RaisesOnce(error),), Policy()).read_page(page(place(written(1))), "scan.tif", TODAY)


def test_an_unforeseen_error_at_a_page_costs_that_page_alone(reader: Reader) -> None:
    """It is set aside, so that a person sees it; the next page is read."""
    no_page = Page(2, np.zeros((0, 0), np.uint8), 300.0)
    aside = reader.read_page(no_page, "scan.tif", TODAY).read.set_aside
    assert aside is not None
    assert (aside.reason, aside.page) == (SetAsideReason.INTERNAL_ERROR, 2)
    assert aside.message.startswith("Page 2: ")
    assert reader.read_page(page(place(filled())), "scan.tif", TODAY).slips


def test_every_stage_is_timed(reader: Reader) -> None:
    """The bench shows where the time goes."""
    result = reader.read_page(page(place(filled())), "scan.tif", TODAY)
    assert set(result.seconds) == {"find", "marks", "signature", "judge"}


def test_the_overlay_shows_the_slip_beside_its_readings(reader: Reader) -> None:
    """Whoever doubts a decision sees it on the paper, in colors that all can tell apart."""
    (read,) = reader.read_page(page(place(filled())), "scan.tif", TODAY).slips
    picture = draw_overlay(read.found.picture, read.reading, read.found.template, font_file("regular"))
    assert picture.shape[0] >= read.found.picture.shape[0]
    assert picture.shape[1] > read.found.picture.shape[1]
    assert picture.shape[2] == 3
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50


def test_the_overlay_has_the_letters_of_other_languages(reader: Reader) -> None:
    """Pads ask in Spanish too: each accented letter of a label was the same empty box."""
    (read,) = reader.read_page(page(place(filled())), "scan.tif", TODAY).slips
    template = read.found.template
    assert template is not None

    def drawn(label: str) -> bytes:
        fields = tuple(field.model_copy(update={"label": label}) for field in template.design.fields)
        named = replace(template, design=template.design.model_copy(update={"fields": fields}))
        return draw_overlay(read.found.picture, read.reading, named, font_file("regular")).tobytes()

    assert len({drawn(label) for label in ("é", "ñ", "ß", "ł")}) == 4
