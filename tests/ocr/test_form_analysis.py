"""What stands on somebody's empty form: boxes square and round, rules, frames and words, however it was scanned."""

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.form_analysis import BlankForm, analyze_blank
from ocr.page import Page
from ocr.recognizers.tesseract import Tesseract
from ocr.recognizers.tesseract_program import TesseractProgram
from pads.simulate.foreign_form import foreign_blank, foreign_design
from tests.ocr.reading_nothing import ReadsNothing

NOTHING_READ = ReadsNothing()


def scanned(turn_deg: float, dpi: int = 300) -> NDArray[np.uint8]:
    form = foreign_blank(dpi)
    high, wide = form.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), turn_deg, 1.0)
    return np.asarray(cv2.warpAffine(form, turn, (wide, high), borderValue=255), np.uint8)


def look(picture: NDArray[np.uint8], dpi: int = 300) -> BlankForm:
    return analyze_blank(Page(1, picture, dpi), dpi, [NOTHING_READ])


@given(turn=st.floats(-2, 2), dpi=st.sampled_from([150, 200, 300, 400]))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_box_is_found_and_nothing_else(turn: float, dpi: int) -> None:
    """An O of a heading is round and hollow too, and so are the holes of a logo."""
    found = look(scanned(turn, dpi), dpi).boxes
    truth = [box.box_mm.center for box in foreign_design().checkboxes]
    assert len(found) == len(truth)
    away = np.linalg.norm(np.array([box.center for box in found])[:, None] - np.array(truth)[None], axis=2)
    assert away.min(axis=0).max() < 0.6  # a turned scan's middle may lie a little off the page's


def test_a_box_is_as_large_as_it_is_printed() -> None:
    """The outline's middle is its edge: inside it ink is counted."""
    found = sorted(look(foreign_blank(300)).boxes, key=lambda box: (box.x, box.y))
    truth = sorted((box.box_mm for box in foreign_design().checkboxes), key=lambda box: (box.x, box.y))
    assert np.abs(np.array(found) - np.array(truth)).max() < 0.15


def test_rules_to_write_on_are_found_and_sides_of_frames_are_none() -> None:
    """Where a frame has four sides, only one of them is below the writing."""
    form = look(foreign_blank(300))
    rooms = [field.box_mm for field in foreign_design().writing if field.name != "diagnosis"]
    for room in rooms:
        assert any(abs(rule.center.y - room.bottom) < 0.3 and abs(rule.x - room.x) < 0.5 for rule in form.rules)
    assert not any(abs(rule.center.y - 57.0) < 1 or abs(rule.center.y - 80.5) < 1 for rule in form.rules)
    assert any(abs(frame.y - 57.25) < 0.5 and abs(frame.bottom - 80.25) < 0.5 for frame in form.frames)


def test_words_are_read_where_they_stand() -> None:
    """Labels make the names; columns must not run together."""
    form = analyze_blank(Page(1, foreign_blank(300), 300), 300, [Tesseract(TesseractProgram(60))])
    read = {words.text: words.box_mm for words in form.words}
    for box in foreign_design().checkboxes:
        assert abs(read[box.label].x - box.box_mm.right - 2.2) < 0.8


@pytest.mark.parametrize("gray", [190, 235])
def test_a_form_on_tinted_paper_is_the_same_form(gray: int) -> None:
    """The picture that slips are compared with is ink on white, whatever the stock."""
    tinted = (foreign_blank(300).astype(np.float32) * gray / 255).astype(np.uint8)
    form = look(tinted)
    assert len(form.boxes) == len(foreign_design().checkboxes)
    assert float(np.median(form.picture)) == 255
