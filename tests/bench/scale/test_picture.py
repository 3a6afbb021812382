"""The picture of growth has every step and every size."""

from pathlib import Path

import cv2

from bench.scale.growth import RecordSize
from bench.scale.picture import draw_growth
from bench.speed.times import Times


def test_the_picture_is_drawn_of_sizes_far_apart(tmp_path: Path) -> None:
    """From a thousand to a million the axes are logarithmic, or the small ones would be one point."""
    sizes = [
        RecordSize(referrals, 9000.0, 30.0, [Times("search", [1.0, float(referrals)])]) for referrals in (1000, 10**6)
    ]
    draw_growth(tmp_path / "growth.png", sizes)
    picture = cv2.imread(str(tmp_path / "growth.png"))
    assert picture is not None
    assert picture.shape[1] > picture.shape[0] > 300
