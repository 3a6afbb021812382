"""What else lies on a page is told from a page that was quickly halved three times, as from its exact means."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from ocr.ink import darkness
from ocr.markers.detect import reduce_size
from ocr.slips.partial import REST_DARKNESS, REST_REDUCTION, REST_SHARE, PageInk

SLIP_PX = 400
OUTLINE = np.array([(40, 40), (40 + SLIP_PX, 40), (40 + SLIP_PX, 40 + SLIP_PX), (40, 40 + SLIP_PX)], np.float64)


def _page(seed: int, paper: int, ink: int, dots: int) -> NDArray[np.uint8]:
    """A grainy page with a slip of paper and, right of it, dots of so much darkness: about as many as are too many."""
    rng = np.random.default_rng(seed)
    gray = np.full((520, 820), paper, np.int16)
    for x, y in zip(rng.integers(520, 800, dots), rng.integers(40, 480, dots), strict=True):
        gray[y : y + 9, x : x + 9] -= ink
    return np.asarray((gray + rng.integers(-6, 7, gray.shape)).clip(0, 255), np.uint8)


def _goes_beyond(gray: NDArray[np.uint8]) -> bool:
    rest = darkness(reduce_size(gray, REST_REDUCTION))
    cv2.rectangle(rest, (0, 0), ((52 + SLIP_PX) // REST_REDUCTION, (52 + SLIP_PX) // REST_REDUCTION), 0, -1)
    return bool(np.count_nonzero(rest > REST_DARKNESS) > REST_SHARE * (SLIP_PX / REST_REDUCTION) ** 2)


@settings(max_examples=60, deadline=None)
@given(some.integers(0, 999), some.integers(60, 255), some.integers(0, 200), some.integers(0, 60))
def test_a_quick_look_at_the_rest_of_a_page_tells_what_an_exact_one_does(
    seed: int, paper: int, ink: int, dots: int
) -> None:
    """A page is looked at closely only where the quick look leaves it open; nothing that is found may differ."""
    gray = _page(seed, paper, ink, dots)
    assert PageInk(gray).goes_beyond([OUTLINE]) is _goes_beyond(gray)
