"""Lines that differ each time they are shown."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.recognizers.ppocr import LINE_HEIGHT_PX, PpOcr
from training.text.lines.augment import varied

WIDTH = 320
TEXT = "Lumbar sprain"


@pytest.fixture(scope="module")
def line() -> NDArray[np.uint8]:
    """A neat line, dark on white."""
    paper = np.full((LINE_HEIGHT_PX, WIDTH), 255, np.uint8)
    return np.asarray(cv2.putText(paper, TEXT, (12, 34), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0,), 3, cv2.LINE_AA), np.uint8)


def test_a_varied_line_is_as_wide_as_asked_and_still_says_the_same(line: NDArray[np.uint8]) -> None:
    """Labels stay: what the change made unreadable would be learned as whatever stood there before."""
    pictures = [varied(line, width, np.random.default_rng(width)) for width in range(272, 400, 8)]
    assert [picture.shape for picture in pictures] == [(LINE_HEIGHT_PX, width) for width in range(272, 400, 8)]
    alike = [found.text == TEXT for found in PpOcr().recognize(pictures)]
    assert np.mean(alike) > 0.7


def test_no_two_pictures_of_a_line_are_the_same_and_the_same_seed_gives_the_same(line: NDArray[np.uint8]) -> None:
    """A network that is shown the same pictures again learns them by heart."""
    one, same, other = (varied(line, WIDTH, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_strokes_of_every_thickness_keep_their_ink(line: NDArray[np.uint8]) -> None:
    """A pen of one pixel that was thinned would leave an empty line under its label."""
    thin = cv2.dilate(line, np.ones((3, 3), np.uint8))
    kept = [(255.0 - varied(thin, WIDTH, np.random.default_rng(seed))).sum() for seed in range(40)]
    assert min(kept) > 0.2 * (255.0 - thin).sum()
