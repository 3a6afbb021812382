"""A stand-in lies where the slip lay, as large and as sharp as it was scanned."""

import numpy as np
import pytest

from pads.simulate.paper.sheet import LETTER_MM, Place
from pads.simulate.stand_in.paper import Laid, draw_stand_in, laid
from pads.simulate.truth import Channel
from schemas.geometry import MM_PER_INCH
from schemas.reading import PageChannel
from tests.pads.simulate.stand_in.test_answers import MET, answers, invented, reading_of


def corners(place: Place, dpi: float) -> tuple[tuple[float, float], ...]:
    points = place.corners_mm(MET) * dpi / MM_PER_INCH
    return tuple((float(x), float(y)) for x, y in points)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("turn", [2.0, -178.0])
def test_place_turn_and_resolution_are_those_of_the_corners(dpi: int, turn: float) -> None:
    """Skew and coarse scans are doubted otherwise."""
    place = Place(100.0, 120.0, turn, 0.98)
    reading = reading_of(invented(MET, 1), corners_px=corners(place, dpi), channel=PageChannel.SCAN)
    found = laid(MET, reading, slips_on_page=2)
    assert (found.dpi, found.page_mm) == (dpi, LETTER_MM)
    measured = (found.place.x_mm, found.place.y_mm, found.place.turn_deg, found.place.scale)
    assert measured == pytest.approx((100, 120, turn, 0.98), abs=1e-6)


def test_a_slip_that_was_scanned_alone_has_a_page_of_its_own_size() -> None:
    """Faxes have none: they send whole pages."""
    place = Place(MET.width_mm / 2 + 2, MET.height_mm / 2 + 2, 0, 1)
    scan = reading_of(invented(MET, 1), corners_px=corners(place, 300), channel=PageChannel.SCAN)
    assert laid(MET, scan, slips_on_page=1).page_mm == pytest.approx((MET.width_mm + 4, MET.height_mm + 4))
    fax = scan.model_copy(update={"channel": PageChannel.FAX})
    assert laid(MET, fax, slips_on_page=1).page_mm == LETTER_MM


@pytest.mark.parametrize(("channel", "dpi"), [(Channel.SCAN_300, 150.0), (Channel.SCAN_200_BW, 300.0)])
def test_the_page_comes_as_the_device_delivers_it(channel: Channel, dpi: float) -> None:
    """At another resolution than the simulated scanner's own, too; black and white stays so."""
    size = (MET.width_mm + 4, MET.height_mm + 4)
    how = Laid(Place(size[0] / 2, size[1] / 2, 0, 1), size, dpi)
    picture = draw_stand_in(MET, answers(MET, reading_of(invented(MET, 1))), how, channel, np.random.default_rng(1))
    assert picture.dpi == (dpi, dpi)
    assert picture.pixels.shape == pytest.approx((size[1] * dpi / MM_PER_INCH, size[0] * dpi / MM_PER_INCH), abs=2)
    assert (set(np.unique(picture.pixels)) == {0, 255}) is (channel is Channel.SCAN_200_BW)
