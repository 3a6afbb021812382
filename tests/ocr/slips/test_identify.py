"""The printed code is read at its known place, however poor the picture."""

import cv2
import numpy as np
import pytest
import segno

from ocr.ink import SlipPicture
from ocr.slips.find import find_slips
from ocr.slips.identify import find_code, read_code
from schemas.code import SlipCode
from schemas.geometry import BoxMm
from tests.ocr.paper import SERIAL, Picture, bilevel_fax, design, page, place, px, slip, templates


def drawn(text: str, module_px: int = 5) -> Picture:
    modules = np.array(list(segno.make(text, error="q", micro=False).matrix_iter(border=4)))
    return np.kron(np.where(modules > 0, 0, 255), np.ones((module_px, module_px))).astype(np.uint8)


@pytest.mark.parametrize("serial", [1, 77, 4_521_987, 9_999_999])
def test_every_serial_survives_a_coarse_fax(serial: int) -> None:
    """The serial tells the office; it must not depend on how the slip came."""
    (found,) = find_slips(page(bilevel_fax(place(slip(serial=serial), 2)), 204), templates())
    assert found.code == SlipCode(design="met", edition=1, serial=serial)


def test_a_streak_through_the_code_costs_no_serial() -> None:
    """What is the same in every code needs not be read."""
    sheet = place(slip(), 0)
    left, _, right, _ = px(design().code_mm)
    x = 1275 - slip().shape[1] // 2 + left + (right - left) // 4
    cv2.line(sheet, (x, 0), (x, sheet.shape[0]), 0, 9)
    (found,) = find_slips(page(bilevel_fax(sheet), 204), templates())
    assert found.code == SlipCode(design="met", edition=1, serial=SERIAL)


def test_codes_of_others_are_ignored() -> None:
    """Letters and labels carry QR codes too."""
    assert find_code(drawn("HTTPS://OTHER.EXAMPLE")) is None
    assert find_code(drawn("MET/1/0000042")) == SlipCode(design="met", edition=1, serial=42)


def test_a_place_without_a_code_gives_none() -> None:
    """An empty square must not be taken for a code."""
    assert read_code(SlipPicture(np.full((400, 400), 240, np.uint8)), [BoxMm(10, 10, 16, 16)]) is None
