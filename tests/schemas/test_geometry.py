"""Boxes on a slip: where they end, what they share, and what lies within them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.geometry import BoxMm, PointMm

PLACES, SIZES = st.integers(-500, 500), st.integers(0, 500)
BOXES = st.builds(BoxMm, PLACES, PLACES, SIZES, SIZES)


def test_a_box_is_its_left_top_width_and_height() -> None:
    """Right and bottom are places and no sizes: taken for one another, every crop is shifted."""
    box = BoxMm(10, 20, 30, 40)
    assert (box.right, box.bottom, box.center) == (40, 60, PointMm(25, 40))
    assert box.corners == ((10, 20), (40, 20), (40, 60), (10, 60))


@given(box=BOXES, other=BOXES)
def test_two_boxes_share_the_same_area_whichever_is_asked(box: BoxMm, other: BoxMm) -> None:
    """And never more than the smaller one has."""
    shared = box.overlap_mm2(other)
    assert shared == other.overlap_mm2(box)
    assert 0 <= shared <= min(box.w * box.h, other.w * other.h)


@given(box=BOXES, other=BOXES)
def test_a_box_within_another_shares_all_of_its_area(box: BoxMm, other: BoxMm) -> None:
    """And so does each box with itself."""
    assert box.inside(box)
    if box.inside(other):
        assert box.overlap_mm2(other) == box.w * box.h


@pytest.mark.parametrize("beside", [BoxMm(30, 0, 5, 5), BoxMm(0, 30, 5, 5), BoxMm(-5, 0, 5, 5), BoxMm(100, 100, 1, 1)])
def test_boxes_that_only_touch_share_nothing(beside: BoxMm) -> None:
    """Neighbors in a printed row touch; that is no mistake in a design."""
    assert BoxMm(0, 0, 30, 30).overlap_mm2(beside) == 0
    assert not beside.inside(BoxMm(0, 0, 30, 30))


@given(box=BOXES, by_mm=st.integers(0, 100))
def test_a_grown_box_holds_the_box_about_the_same_middle(box: BoxMm, by_mm: int) -> None:
    """Grown and shrunk by as much, it is what it was."""
    grown = box.grown(by_mm)
    assert box.inside(grown)
    assert grown.center == box.center
    assert grown.grown(-by_mm) == box
