"""Files as the devices write them."""

from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pads.simulate.truth import Channel, ScanTruth, TruthFile
from tests.pads.simulate.looking import opened

COMPRESSION, PHOTOMETRIC, BITS, ORIENTATION = 259, 262, 258, 274
GROUP_4, WHITE_IS_ZERO = 4, 0


def _of(truth: TruthFile, *channels: Channel) -> list[ScanTruth]:
    return [scan for scan in truth.scans if scan.channel in channels]


@pytest.mark.parametrize(("channel", "lines"), [(Channel.FAX_FINE, 196), (Channel.FAX_STANDARD, 98)])
def test_a_fax_has_the_dots_of_a_fax(folder: Path, truth: TruthFile, channel: Channel, lines: int) -> None:
    """1728 dots across at 204 to the inch, pixels that are not square, one bit each, white stored as 0 (ITU-T T.4)."""
    for scan in _of(truth, channel):
        with Image.open(folder / scan.file) as fax:
            assert (fax.width, fax.mode, fax.info["dpi"]) == (1728, "1", (204, lines))
            assert fax.tag_v2[COMPRESSION] == GROUP_4
            assert fax.tag_v2[PHOTOMETRIC] == WHITE_IS_ZERO
            assert fax.tag_v2[BITS] == (1,)


def test_a_fax_carries_its_senders_line(folder: Path, truth: TruthFile) -> None:
    """It lies across the top, over whatever is there, and is no part of the slip."""
    for scan in _of(truth, Channel.FAX_FINE, Channel.FAX_STANDARD):
        top = np.asarray(opened(folder, scan))[: round(0.16 * scan.dpi[1])] if scan.dpi else np.zeros(0)
        assert 0.01 < 1 - top.mean() < 0.2


def test_a_black_and_white_scan_has_square_pixels(folder: Path, truth: TruthFile) -> None:
    """Unlike a fax, though both are bilevel TIFF."""
    for scan in _of(truth, Channel.SCAN_200_BW):
        with Image.open(folder / scan.file) as picture:
            assert (picture.mode, picture.info["dpi"]) == ("1", (200, 200))


def test_a_pdf_page_is_one_jpeg_of_300_dpi(folder: Path, truth: TruthFile) -> None:
    """What scanners write, and what a reader can take out without rendering."""
    for scan in _of(truth, Channel.SCAN_300):
        with pikepdf.open(folder / scan.file) as pdf:
            page = pdf.pages[0]
            (picture,) = page.Resources.XObject.values()
            assert picture.Filter == pikepdf.Name.DCTDecode
            assert float(page.mediabox[2]) / 72 * 300 == pytest.approx(int(picture.Width), abs=1)


def test_photos_are_stored_turned_and_say_so(folder: Path, truth: TruthFile) -> None:
    """Phones store what the sensor saw; the tag tells how it was held. Truth speaks of the upright picture."""
    for scan in _of(truth, Channel.PHOTO):
        with Image.open(folder / scan.file) as photo:
            orientation = photo.getexif()[ORIENTATION]
            assert orientation in (1, 3, 6, 8)
            assert (photo.size == scan.size_px) == (orientation in (1, 3))


def test_photos_do_not_know_their_resolution(truth: TruthFile) -> None:
    """A camera cannot know how far the paper was."""
    assert {scan.dpi for scan in _of(truth, Channel.PHOTO)} == {None}


def test_gray_scans_are_noisy_and_bilevel_ones_are_not_gray(folder: Path, truth: TruthFile) -> None:
    """A reader tuned on clean pictures fails on the first real one."""
    gray = np.asarray(opened(folder, _of(truth, Channel.SCAN_300)[0]))
    assert 0.5 < gray[gray > 200].std() < 8
    assert len(np.unique(np.asarray(opened(folder, _of(truth, Channel.SCAN_200_BW)[0])))) == 2
