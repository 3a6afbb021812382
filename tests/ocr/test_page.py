"""By which way a page came, as far as its picture tells."""

from pathlib import Path

import pytest

from ocr.page import Page
from ocr.pages.opener import PageOpener
from pads.catalog import load_all
from pads.simulate.scenes import DEFAULT_STUDIO, PlannedFile, PlannedPage, PlannedSlip, make_file
from pads.simulate.truth import Channel
from schemas.limits import Limits
from schemas.reading import PageChannel
from tests.pads.simulate.conftest import TODAY

WAYS = {
    Channel.SCAN_300: PageChannel.SCAN,
    Channel.SCAN_300_PNG: PageChannel.SCAN,
    Channel.SCAN_200_BW: PageChannel.BLACK_AND_WHITE,
    Channel.FAX_FINE: PageChannel.FAX,
    Channel.FAX_STANDARD: PageChannel.FAX,
    Channel.PHOTO: PageChannel.PHOTO,
}


@pytest.mark.parametrize("channel", list(Channel))
def test_scans_faxes_and_photos_are_told_apart(channel: Channel, tmp_path: Path) -> None:
    """What people find of a value is kept with the way it came: a new scanner or a poor line shows there."""
    planned = PlannedFile("slip", channel, (PlannedPage((PlannedSlip(load_all()[0], 7),)),), (5, 1))
    (scan,) = make_file(tmp_path, planned, TODAY, DEFAULT_STUDIO)
    with PageOpener(Limits(), tmp_path) as opener:
        (page,) = opener.pages(tmp_path / scan.file)
    assert isinstance(page, Page)
    assert page.channel is WAYS[channel]
