"""Parts are those that OpenCV finds with its usual numbers, in masks of any size."""

import cv2
import numpy as np
import pytest

from ocr.connected import find_parts


@pytest.mark.parametrize(("height", "width"), [(1, 1), (40, 60), (511, 513)])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.6])
def test_parts_are_those_of_opencv(height: int, width: int, share: float) -> None:
    """Whatever they are numbered in."""
    mask = np.asarray(np.random.default_rng(height).random((height, width)) < share, np.uint8)
    _, *expected = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for found, known in zip(find_parts(mask), expected, strict=True):
        np.testing.assert_array_equal(found, known)


def test_as_many_parts_as_there_can_be_are_counted() -> None:
    """Every other pixel of every other row."""
    for height, width in ((509, 511), (509, 513), (1, 70_001), (511, 513)):
        mask = np.zeros((height, width), np.uint8)
        mask[::2, ::2] = 1
        assert len(find_parts(mask)[1]) == 1 + np.count_nonzero(mask)
