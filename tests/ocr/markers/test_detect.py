"""A page is reduced to exact means, whichever of OpenCV's ways is quickest for them."""

import numpy as np
import pytest

from ocr.markers.detect import reduce_size


@pytest.mark.parametrize("by", [1, 2, 3, 5, 8])
def test_a_reduced_page_has_the_mean_of_each_square(by: int) -> None:
    """Corner marks are refined from where they are found on it: their places follow its pixels."""
    gray = np.random.default_rng(by).integers(0, 256, (121, 163), dtype=np.uint8)
    high, wide = (length // by for length in gray.shape)
    means = gray[: high * by, : wide * by].reshape(high, by, wide, by).mean(axis=(1, 3))
    assert np.abs(reduce_size(gray, by) - means).max() <= 0.5
