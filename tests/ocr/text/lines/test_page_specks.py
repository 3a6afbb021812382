"""Specks that a fax strews all over a page are told from what is left of writing in one place."""

from datetime import date

import numpy as np
import pytest

from ocr.scale import px_box
from ocr.text.lines.page_specks import page_dust_mm2, speck_share
from ocr.text.lines.remove_print import slip_ink
from ocr.text.read_fields import read_text
from schemas.geometry import BoxMm
from tests.ocr.paper import Picture, template

TODAY = date(2026, 11, 23)
NAMES = ("met-1", "post-1")
WHOLE = BoxMm(0, 0, 200, 200)


def specked(picture: Picture, share: float, within: BoxMm = WHOLE, seed: int = 1) -> Picture:
    """The picture with single dark dots on a share of its pixels."""
    left, top, right, bottom = px_box(within)
    made = picture.copy()
    part = made[top:bottom, left:right]
    part[np.random.default_rng(seed).random(part.shape) < share] = 20
    return made


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0.004, 0.01])
def test_specks_all_over_the_paper_are_measured_beside_what_is_asked_for(share: float, name: str) -> None:
    """Where people write, dust may be writing."""
    form = template(name)
    found = speck_share(slip_ink(specked(form.blank, share), form).pen, form)
    assert 0.6 * share < found < 1.3 * share


@pytest.mark.parametrize("within", [BoxMm(0, 0, 50, 200), BoxMm(0, 0, 200, 50)])
def test_specks_on_a_part_of_the_slip_are_not_the_whole_page_s(within: BoxMm) -> None:
    """What lies elsewhere says nothing of the field in the clean part."""
    form = template("met-1")
    assert speck_share(slip_ink(specked(form.blank, 0.02, within), form).pen, form) < 0.001


def test_clean_paper_has_none() -> None:
    """Most slips are scanned."""
    form = template("met-1")
    assert speck_share(slip_ink(form.blank, form).pen, form) == 0.0
    assert page_dust_mm2(BoxMm(5, 5, 50, 10), 0.0, form) == 0.0


def test_a_larger_field_has_more_of_them() -> None:
    """A limit for every field alike doubted those of two lines."""
    small, large = (page_dust_mm2(BoxMm(60, 20, wide, 8), 0.01, template("met-1")) for wide in (10, 40))
    assert 0 < small < large <= 0.01 * 42 * 10


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_field_on_a_specked_fax_is_empty_for_sure(name: str) -> None:
    """Nobody needs to look at nothing because the telephone line was bad."""
    form = template(name)
    readings = read_text(specked(form.blank, 0.008), form, [], TODAY, "US").readings
    sure = [reading for reading in readings.values() if reading.value == "" and reading.confidence == 1.0]
    assert len(sure) == len(readings)


@pytest.mark.parametrize("base", [0.0, 0.008])
def test_specks_in_one_field_alone_may_be_writing_that_the_fax_broke(base: float) -> None:
    """A pale word that arrives as specks is no empty field."""
    form = template("met-1")
    box = next(field.box_mm for field in form.design.writing if field.name == "precautions")
    faded = specked(specked(form.blank, base), 6.0 / (box.w * box.h), box, seed=2)
    reading = read_text(faded, form, [], TODAY, "US").readings["precautions"]
    assert reading.value == ""
    assert reading.confidence < 1.0
