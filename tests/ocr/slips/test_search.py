"""A slip is found however faint or out of focus; one that lies mirrored is no slip, whatever shines through."""

import cv2
import numpy as np
import pytest

from ocr.slips.found_slip import RegisteredSlip, UnreadSlip
from ocr.slips.search import Searched, search_page
from schemas.reasons import FindingCode
from tests.ocr.paper import SERIAL, Picture, page, place, slip, templates


def searched(picture: Picture) -> Searched:
    noise = np.random.default_rng(1).normal(0, 1.5, picture.shape)
    return search_page(page((picture.astype(np.float32) - 3 + noise).clip(0, 255).astype(np.uint8)), templates())


def paler(picture: Picture, contrast: float) -> Picture:
    return (255 - (255 - picture.astype(np.float32)) * contrast).astype(np.uint8)


def shining_through(contrast: float, soft_px: float = 3.0) -> Picture:
    """The page from behind."""
    behind = np.ascontiguousarray(place(slip(), 2)[:, ::-1])
    return paler(np.asarray(cv2.GaussianBlur(behind, (0, 0), soft_px), np.uint8), contrast)


@pytest.mark.parametrize("contrast", [0.3, 0.12, 0.04])
def test_a_faint_slip_is_found_and_says_how_faint(contrast: float) -> None:
    """A worn ribbon, a dying lamp: the slip is the same. Where a pale pen may be gone altogether it is not read."""
    result = searched(paler(place(slip(), 2), contrast))
    (found,) = result.slips
    assert found.code is not None
    assert found.code.serial == SERIAL
    (finding,) = [one for one in result.page.findings if one.code is FindingCode.IMAGE_FAINT]
    said = int(finding.detail.removeprefix("The print is only ").split("%")[0])
    assert abs(said - 100 * contrast) < 3
    assert isinstance(found, RegisteredSlip if contrast > 0.08 else UnreadSlip)


def test_a_slip_out_of_focus_is_found_and_shown_unread() -> None:
    """People read what no machine should."""
    (found,) = searched(np.asarray(cv2.GaussianBlur(place(slip(), 2), (0, 0), 8), np.uint8)).slips
    assert isinstance(found, UnreadSlip)
    assert found.template is not None
    assert any(finding.code is FindingCode.IMAGE_BLURRED for finding in found.findings)


@pytest.mark.parametrize("contrast", [1.0, 0.4, 0.25, 0.15, 0.05])
def test_a_slip_from_behind_is_no_slip_but_mirrored(contrast: float) -> None:
    """Its serial would make a second referral of the front's."""
    result = searched(shining_through(contrast))
    assert result.slips == ()
    (mirrored,) = result.mirrored
    assert mirrored.serial == SERIAL
    assert abs(mirrored.black - contrast) < 0.12
    behind = place(slip(), 2)
    rows, columns = np.nonzero(behind[:, ::-1] < 128)
    middle = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    assert np.abs(mirrored.corners_px.mean(axis=0) - middle).max() < 20


def test_a_slip_keeps_what_shines_through_beside_it() -> None:
    """The sheet behind has a slip elsewhere: one slip is read, none is made of the other."""
    behind = np.ascontiguousarray(place(slip(serial=7), 0, 1, (1800, 2300))[:, ::-1])
    front = np.minimum(place(slip(), 0, 1, (1850, 1000)), paler(behind, 0.3))
    (found,) = searched(front).slips
    assert found.code is not None
    assert found.code.serial == SERIAL


def test_a_blank_page_is_blank() -> None:
    """And nothing is looked for that cannot be there."""
    result = searched(np.full((3300, 2550), 250, np.uint8))
    assert result.is_blank
    assert result.slips == ()
