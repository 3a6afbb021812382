"""What lies beside the slips of a page and is like one is shown to a person; specks, headers and desks are not."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.slips.find import find_slips
from ocr.slips.found_slip import RegisteredSlip, UnreadSlip
from ocr.slips.rest_of_page import NOT_FOUND
from tests.ocr.paper import SERIAL, design, page, place, px, slip, templates, together, without_marks

GOOD, SPOILED = (1275, 800), (1275, 2300)


def spoiled() -> NDArray[np.uint8]:
    """A slip of which neither a mark nor the code is left, on a page whose other slip is whole."""
    other = without_marks(slip(serial=SERIAL + 1), range(4))
    left, top, right, bottom = px(design().code_box_mm())
    other[top:bottom, left:right] = 255
    return together([place(slip(), at=GOOD), place(other, 8, at=SPOILED)])


def test_a_slip_that_is_not_found_beside_one_that_is_goes_to_a_person() -> None:
    """Its patient would wait for a call that nobody knows of, while the page counts as read."""
    read, unread = find_slips(page(spoiled()), templates())
    assert isinstance(read, RegisteredSlip)
    assert isinstance(unread, UnreadSlip)
    assert [finding.detail for finding in unread.findings] == [NOT_FOUND]
    assert cv2.pointPolygonTest(unread.corners_px.astype(np.float32), SPOILED, False) > 0
    assert (unread.picture < 128).mean() > 0.01


@pytest.mark.parametrize(
    ("left", "top", "right", "bottom"),
    [(100, 60, 2400, 110), (60, 0, 75, 3300), (300, 2000, 420, 2120)],
    ids=["a fax's header", "a line down the page", "a blot"],
)
def test_what_is_small_or_thin_is_no_slip(left: int, top: int, right: int, bottom: int) -> None:
    """Whoever is asked about each header no longer looks."""
    sheet = place(slip(), at=GOOD)
    sheet[top:bottom, left:right] = 0
    [read] = find_slips(page(sheet), templates())
    assert isinstance(read, RegisteredSlip)


def test_a_desk_around_a_slip_is_none() -> None:
    """Photos show what the paper lies on, and many say that they are of 300 dots an inch."""
    wood = np.random.default_rng(3).normal(120, 25, (3300, 2550)).clip(0, 255).astype(np.uint8)
    height, width = slip().shape
    left, top = (2550 - width) // 2, (3300 - height) // 2
    wood[top : top + height, left : left + width] = slip()
    assert [type(found) for found in find_slips(page(wood), templates())] == [RegisteredSlip]
