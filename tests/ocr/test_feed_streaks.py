"""The line that a speck draws down a page is taken out of a slip's ink; writing, print and what a hand draws stay."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.feed_streaks import without_feed_streaks
from ocr.ink import relative_ink
from pads.simulate.paper.overlays import CANCELING, Overlay, lay_over
from tests.ocr.paper import Picture, design, slip, template

HEIGHT, WIDTH = 850, 1100
PAPER = np.zeros((HEIGHT, WIDTH), np.uint8)
WRITING = {"stroke": (500, 620, 300, 306), "bar": (700, 704, 250, 420), "letter": (200, 240, 330, 370)}


def written() -> Picture:
    ink = PAPER.copy()
    for top, bottom, left, right in WRITING.values():
        ink[top:bottom, left:right] = 255
    return ink


def streaked(ink: Picture, column: float, lean: float, wide: int = 1, seen: Picture | None = None) -> Picture:
    """The ink with a line from edge to edge, in the rows that are `seen`."""
    made = ink.copy()
    for row in np.arange(len(ink)) if seen is None else np.flatnonzero(seen):
        left = round(column + lean * row)
        made[row, left : left + wide] = 255
    return made


@settings(deadline=None, max_examples=25)
@given(
    column=st.floats(120, WIDTH - 120),
    lean=st.floats(-0.09, 0.09),
    wide=st.integers(1, 3),
)
def test_a_line_down_the_page_goes_and_what_is_written_stays(column: float, lean: float, wide: int) -> None:
    """Askew as a slip may lie on its page, wherever it crosses or runs along what is written: no dot is lost."""
    ink = written()
    cleaned = without_feed_streaks(streaked(ink, column, lean, wide), PAPER, lean)
    np.testing.assert_array_equal(cleaned[ink > 0], 255)
    left = np.count_nonzero(cleaned[ink == 0])
    assert left <= 0.25 * HEIGHT * wide


def test_a_broken_line_goes_too() -> None:
    """A speck that trembles on the glass leaves gaps."""
    seen = (np.random.default_rng(3).random(HEIGHT // 40 + 1) < 0.7).repeat(40)[:HEIGHT]
    cleaned = without_feed_streaks(streaked(PAPER, 500, 0.03, 2, seen), PAPER, 0.03)
    assert not cleaned.any()


def test_a_broken_line_through_much_writing_takes_none_of_it() -> None:
    """Where the line is thin and rare, what is thick beside it must not pass for its width."""
    ink = PAPER.copy()
    for top in range(0, HEIGHT, 50):
        ink[top : top + 27, 496:501] = 255
    seen = (np.random.default_rng(3).random(HEIGHT // 10 + 1) < 0.75).repeat(10)[:HEIGHT]
    cleaned = without_feed_streaks(streaked(ink, 498, 0.0, 1, seen), PAPER, 0.0)
    np.testing.assert_array_equal(cleaned[ink > 0], 255)


@pytest.mark.parametrize("lean", [0.0, 0.05])
def test_a_line_that_ends_on_the_slip_stays(lean: float) -> None:
    """Someone drew it."""
    ink = streaked(PAPER, 500, lean, 2, np.arange(HEIGHT) < 0.75 * HEIGHT)
    assert without_feed_streaks(ink, PAPER, lean) is ink


def test_a_line_that_runs_otherwise_than_the_page_was_fed_stays() -> None:
    """A ruler and a pen drew it."""
    ink = streaked(PAPER, 500, 0.06, 2)
    assert without_feed_streaks(ink, PAPER, 0.0) is ink


def test_a_line_as_wide_as_a_pen_stroke_stays() -> None:
    """No speck is as wide, and letters may hide in it."""
    ink = streaked(PAPER, 500, 0.0, 7)
    assert without_feed_streaks(ink, PAPER, 0.0) is ink


def test_what_the_form_prints_is_no_streak() -> None:
    """A frame of the form runs down the whole slip, too."""
    ink = streaked(PAPER, 40, 0.0, 3)
    assert without_feed_streaks(ink, np.asarray(cv2.dilate(ink, np.ones((9, 9), np.uint8)), np.uint8), 0.0) is ink


@pytest.mark.parametrize("name", ["met-1", "post-1"])
@pytest.mark.parametrize("overlay", sorted(CANCELING))
def test_a_slip_that_is_canceled_keeps_its_line(overlay: Overlay, name: str) -> None:
    """A canceled slip whose line is taken for dirt becomes a referral that nobody asked for."""
    for seed in range(3):
        picture = np.repeat(slip(name)[..., None], 3, axis=2)
        lay_over(picture, design(name), overlay, np.random.default_rng([seed, 11]))
        form = template(name)
        gray = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), form.size_px, interpolation=cv2.INTER_AREA)
        ink = relative_ink(np.asarray(gray, np.uint8), form.solid_mm)
        assert without_feed_streaks(ink, form.print_reach, 0.0) is ink
