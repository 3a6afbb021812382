"""Whoever is shown a page without a slip is told what it is; blank pages and backs are shown to nobody."""

import cv2
import numpy as np
import pytest

from ocr.page import Page
from ocr.slips.page_without_slip import why_no_slip
from ocr.slips.search import search_page
from schemas.reading import PageSetAside
from schemas.reasons import SetAsideReason
from tests.ocr.paper import Picture, place, slip, templates

NEEDS_NOBODY = {SetAsideReason.BLANK_PAGE, SetAsideReason.BACK_OF_SLIP}


def told(picture: Picture) -> PageSetAside:
    result = search_page(Page(3, picture, 300.0), templates())
    assert not result.slips
    return why_no_slip(result, "scan.pdf")


def behind(contrast: float) -> Picture:
    mirrored = np.ascontiguousarray(place(slip(), 2)[:, ::-1])
    soft = cv2.GaussianBlur(mirrored, (0, 0), 3).astype(np.float32)
    noise = np.random.default_rng(1).normal(0, 2, soft.shape)
    return (251 - (255 - soft) * contrast + noise).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("contrast", [0.08, 0.25, 0.4])
def test_a_back_through_which_its_front_shines_needs_nobody(contrast: float) -> None:
    """Every second page of a thin pad; the sentence names the front."""
    aside = told(behind(contrast))
    assert aside.reason is SetAsideReason.BACK_OF_SLIP
    assert aside.message.startswith("Page 3 is the back of slip 0000123, whose print shines through at ")
    assert aside.message.endswith("%; nothing to do.")


@pytest.mark.parametrize(("place_px", "shade"), [((300, 2950), 150), ((1100, 1700), 60)])
def test_a_note_on_a_back_is_shown(place_px: tuple[int, int], shade: int) -> None:
    """In pencil beside what shines through, or in ink across it."""
    back = behind(0.2)
    cv2.putText(back, "call after 5 pm", place_px, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 2, shade, 4, cv2.LINE_AA)
    aside = told(back)
    assert aside.reason is SetAsideReason.NO_SLIP_FOUND
    assert "something more is on it" in aside.message


def test_a_mirrored_page_is_called_mirrored() -> None:
    """A person can mend a scanner's setting, but not guess it from "cut off at the edge"."""
    aside = told(behind(0.9))
    assert aside.reason is SetAsideReason.MIRRORED
    assert "shows slip 0000123 mirrored" in aside.message
    assert "set to mirror" in aside.message


def test_a_black_page_says_that_it_is_black() -> None:
    """The lid was open: nobody wants to hear of paper that was not there, nor to believe that it was blank."""
    aside = told(np.zeros((3300, 2550), np.uint8))
    assert aside.reason is SetAsideReason.BLANK_PAGE
    assert "black all over" in aside.message


@pytest.mark.parametrize(
    ("blur_px", "contrast", "why"), [(14, 1.0, "out of focus"), (14, 0.1, "darker than the paper")]
)
def test_a_slip_that_nobody_can_make_out_is_shown_with_the_figure(blur_px: float, contrast: float, why: str) -> None:
    """It is not blank, and "no slip" alone would send people looking for another fault."""
    soft = cv2.GaussianBlur(place(slip(), 2), (0, 0), blur_px).astype(np.float32)
    aside = told((255 - (255 - soft) * contrast).astype(np.uint8))
    assert aside.reason is SetAsideReason.NO_SLIP_FOUND
    assert why in aside.message


def test_what_needs_nobody_is_a_closed_list() -> None:
    """Whatever else a page is, a person hears of it."""
    assert {reason for reason in SetAsideReason if reason.needs_nobody} == NEEDS_NOBODY
