"""A code that lies mirrored is told from one that lies as it was printed, although both are read."""

import cv2
import numpy as np
import pytest

from ocr.slips.code_direction import is_mirrored
from pads.symbols import code_modules
from schemas.code import SlipCode
from tests.ocr.paper import Picture

MODULE_PX = 9


def drawn(serial: int) -> Picture:
    modules = code_modules(SlipCode(design="met", edition=1, serial=serial))
    return np.kron(np.where(np.pad(modules, 4), 0, 255), np.ones((MODULE_PX, MODULE_PX))).astype(np.uint8)


@pytest.mark.parametrize("serial", [1, 77, 700_550, 4_521_987, 9_999_999])
def test_the_format_tells_which_way_round_a_code_lies(serial: int) -> None:
    """At any turn of the page, soft and noisy."""
    code = drawn(serial)
    near, far = 4 * MODULE_PX, code.shape[0] - 4 * MODULE_PX
    upright = np.array([(near, near), (far, near), (far, far), (near, far)], np.float64)
    noise = np.random.default_rng(serial).normal(0, 20, code.shape)
    soft = (cv2.GaussianBlur(code, (0, 0), 3) + noise).clip(0, 255).astype(np.uint8)
    for picture in (code, soft):
        assert not is_mirrored(picture, upright)
        # The barcode reader names the corner between two others with finders first, and goes on clockwise.
        assert is_mirrored(np.ascontiguousarray(picture.T), upright)


def test_a_damaged_bit_does_no_harm() -> None:
    """A speck lies where it likes."""
    code = drawn(42)
    near, far = 4 * MODULE_PX, code.shape[0] - 4 * MODULE_PX
    upright = np.array([(near, near), (far, near), (far, far), (near, far)], np.float64)
    middle = near + 8 * MODULE_PX + MODULE_PX // 2
    cv2.circle(code, (middle, near + 2 * MODULE_PX + MODULE_PX // 2), MODULE_PX // 2, 0, -1)
    assert not is_mirrored(code, upright)
    assert is_mirrored(np.ascontiguousarray(code.T), upright)
