"""Forms of others are found by their look, laid in their place, and taken for nothing that they are not."""

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.page import Page
from ocr.slips.find import find_slips
from ocr.slips.found_slip import FoundSlip, RegisteredSlip, UnreadSlip
from ocr.template import Template
from pads.simulate.foreign_form import foreign_blank, foreign_design
from schemas.reasons import FindingCode
from tests.ocr.paper import LETTER_PX, PX_PER_MM, bilevel_fax, page, place, slip, templates, together

FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Picture = NDArray[np.uint8]


@cache
def lake() -> Template:
    return Template(foreign_design(), foreign_blank(200))


def known() -> tuple[Template, ...]:
    return (*templates(), lake())


def filled() -> Picture:
    """The form with some writing over it."""
    form = foreign_blank(300).copy()
    for y in (37.0, 48.0, 70.0, 77.0, 146.0):
        cv2.putText(
            form, "Some words by hand", (round(42 * PX_PER_MM), round(y * PX_PER_MM)), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
            1.6, 60, 4, cv2.LINE_AA,
        )  # fmt: skip
    return form


def only(found: tuple[FoundSlip, ...]) -> FoundSlip:
    assert len(found) == 1
    return found[0]


@example(angle=180.0, scale=1.0)
@given(angle=st.floats(-180, 180), scale=st.floats(0.9, 1.05))
@FEW
def test_a_form_is_found_at_any_turn_and_print_scale(angle: float, scale: float) -> None:
    """It has no mark that says which way is up; its print does."""
    high, wide = LETTER_PX[1], LETTER_PX[0]
    size = round(np.hypot(high, wide))
    picture = filled()
    turn = cv2.getRotationMatrix2D((picture.shape[1] / 2, picture.shape[0] / 2), angle, scale)
    turn[:, 2] += size / 2 - np.array([picture.shape[1] / 2, picture.shape[0] / 2])
    sheet = cv2.warpAffine(picture, turn, (size, size), borderValue=250)
    found = only(find_slips(page(np.asarray(sheet, np.uint8)), known()))
    assert isinstance(found, RegisteredSlip)
    assert found.template is lake()
    mm = np.array([field.box_mm.center for field in foreign_design().fields])
    truth = (mm * PX_PER_MM - 0.5) @ turn[:, :2].T + turn[:, 2]
    assert np.linalg.norm(found.transform.px(mm) - truth, axis=1).max() / PX_PER_MM < 0.3
    assert found.findings == ()


def test_a_form_survives_a_coarse_fax() -> None:
    """Half of its dots are gone, and the rest are black or white."""
    found = only(find_slips(page(bilevel_fax(place(filled(), 1.5)), 204), known()))
    assert isinstance(found, RegisteredSlip)
    assert found.residual_mm < 0.2


def test_several_forms_on_a_page_are_told_apart() -> None:
    """Each leaves its features behind for the next."""
    small = np.asarray(cv2.resize(filled(), None, fx=0.95, fy=0.95, interpolation=cv2.INTER_AREA), np.uint8)
    sheet = np.full((3300, 3600), 250, np.uint8)
    sheet[300 : 300 + small.shape[0], 100 : 100 + small.shape[1]] = small
    sheet[400 : 400 + small.shape[0], 1900 : 1900 + small.shape[1]] = small[::-1, ::-1]
    found = find_slips(page(sheet), known())
    assert [isinstance(slip, RegisteredSlip) for slip in found] == [True, True]


def test_slips_of_refpads_own_keep_their_way() -> None:
    """Where corner marks show a slip, nobody looks for other forms: refpad's own slips pay nothing for them."""
    sheet = place(slip(), 2)
    assert only(find_slips(page(sheet), known())).code is not None
    assert find_slips(page(sheet), known())[0].corners_px == pytest.approx(
        find_slips(page(sheet), templates())[0].corners_px
    )


def test_other_pages_are_no_forms() -> None:
    """Letters, lists and statements share words and boxes with any form."""
    other = np.full((3300, 2550), 250, np.uint8)
    for y in range(200, 3000, 90):
        cv2.putText(other, "Patient name  Diagnosis  Balance and gait", (200, y), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 30, 4)
        cv2.rectangle(other, (2100, y), (2142, y + 42), 20, 5)
    assert find_slips(page(other), known()) == ()


def test_a_mirrored_form_is_not_found() -> None:
    """As it shines through thin paper from behind."""
    assert find_slips(page(np.ascontiguousarray(place(filled())[:, ::-1])), known()) == ()


def test_a_form_with_its_lower_part_covered_is_refused() -> None:
    """Where the signature would be, another sheet lies."""
    covered = filled()
    cv2.rectangle(covered, (0, round(150 * PX_PER_MM)), (covered.shape[1], covered.shape[0]), 252, -1)
    found = only(find_slips(page(place(covered)), known()))
    assert isinstance(found, UnreadSlip)
    assert {finding.code for finding in found.findings} == {FindingCode.REGISTRATION_RESIDUAL}


def test_two_editions_that_look_alike_are_left_to_a_person() -> None:
    """Their fields may mean different things; nobody prints a code on them that would tell."""
    again = Template(foreign_design("pond"), foreign_blank(200))
    found = only(find_slips(page(place(filled())), (*known(), again)))
    assert isinstance(found, UnreadSlip)
    assert found.template is None
    (finding,) = found.findings
    assert finding.code is FindingCode.UNKNOWN_DESIGN
    assert "lake-1" in finding.detail
    assert "pond-1" in finding.detail


def test_a_photo_of_a_form_is_laid_flat() -> None:
    """Phones see paper askew."""
    picture = filled()
    high, wide = picture.shape
    flat = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    seen = np.array([(300, 250), (1800, 320), (1920, 2750), (180, 2600)], np.float32)
    photo = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(flat, seen), (2200, 3000), borderValue=110)
    found = only(find_slips(Page(1, np.asarray(photo, np.uint8), None), known()))
    assert isinstance(found, RegisteredSlip)
    assert np.abs(found.corners_px - seen).max() < 5


def test_a_form_and_a_stranger_share_a_page() -> None:
    """What is around a form does not keep it from being found."""
    note = np.full(LETTER_PX[::-1], 255, np.uint8)
    for y in range(2900, 3200, 80):
        cv2.putText(note, "Please call before noon, thank you", (300, y), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 40, 3)
    sheet = together([place(filled(), 0.7, 1.0, (1275, 1350)), note])
    assert isinstance(only(find_slips(page(sheet), known())), RegisteredSlip)
