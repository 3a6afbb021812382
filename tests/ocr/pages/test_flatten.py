"""Light that changes over a page is taken out of it, and faint print is made as dark as fresh print."""

import numpy as np
import pytest

from ocr.pages.flatten import RAISED_BLACK, darkness_of_page, raise_contrast
from tests.ocr.paper import Picture, place, slip


def lit(picture: Picture, contrast: float) -> Picture:
    """Faint print under a light that falls off to one side."""
    light = np.linspace(1, 0.5, picture.shape[1], dtype=np.float32)
    return ((255 - (255 - picture.astype(np.float32)) * contrast) * light).astype(np.uint8)


def test_darkness_knows_no_light() -> None:
    """Paper is 0 on both sides of the page, and print equally dark."""
    sheet = place(slip())
    dark = darkness_of_page(lit(sheet, 0.5))
    assert np.abs(dark[sheet == 255]).mean() < 2
    assert np.percentile(dark[sheet == 0], 50) == pytest.approx(127, abs=4)


@pytest.mark.parametrize("soften_px", [0.0, 1.0])
def test_faint_print_is_raised_to_black(soften_px: float) -> None:
    """Whatever reads it then, reads it as any other."""
    sheet = place(slip())
    raised = raise_contrast(lit(sheet, 0.2), 0.2, soften_px)
    assert np.percentile(raised[sheet == 0], 25) == pytest.approx(255 * (1 - RAISED_BLACK), abs=15)
    assert np.percentile(raised[sheet == 255], 50) > 245


def test_a_fine_page_keeps_its_size() -> None:
    """It is looked at coarser, which costs no memory."""
    assert raise_contrast(np.full((4000, 3001), 240, np.uint8), 0.1, 1.0).shape == (4000, 3001)
