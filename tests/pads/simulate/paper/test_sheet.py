"""Slips on a page: as people lay them, but none over what another says."""

from itertools import combinations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pads.catalog import load_all
from pads.simulate.paper.sheet import LETTER_MM, on_letter, on_own_page
from schemas.pad import FIDUCIAL_INSET_MM, PadDesign

PRINTED = FIDUCIAL_INSET_MM - 0.5  # all print lies this far in, at the smallest print scale
PILES = st.lists(st.sampled_from(load_all()), min_size=1, max_size=4)


def _printed(corners_mm: NDArray[np.float64]) -> NDArray[np.float32]:
    """The slip without its white edge."""
    middle = corners_mm.mean(axis=0)
    sides = np.hypot(*(corners_mm[1] - corners_mm[0])), np.hypot(*(corners_mm[2] - corners_mm[1]))
    along = np.array([(corners_mm[1] - corners_mm[0]) / sides[0], (corners_mm[2] - corners_mm[1]) / sides[1]])
    inner = (corners_mm - middle) @ along.T * (1 - 2 * PRINTED / np.array(sides))
    return np.asarray(inner @ along + middle, dtype=np.float32)


@given(PILES, st.integers(0, 10**6), st.booleans())
@settings(max_examples=60)
def test_no_slip_covers_what_another_says_nor_leaves_the_page(
    designs: list[PadDesign], seed: int, turned: bool
) -> None:
    """A corner mark that is lost in every picture would be a fault of the simulator, not of the reader."""
    places = on_letter(designs, np.random.default_rng(seed), turned=turned)
    printed = [_printed(place.corners_mm(design)) for place, design in zip(places, designs, strict=True)]
    assert all((corners >= 0).all() and (corners <= np.array(LETTER_MM)).all() for corners in printed)
    assert all(cv2.intersectConvexConvex(*pair)[0] == 0 for pair in combinations(printed, 2))


@given(st.sampled_from(load_all()), st.integers(0, 10**6), st.booleans())
def test_a_slip_alone_fills_its_page(design: PadDesign, seed: int, turned: bool) -> None:
    """Upright, or upside down where the page is."""
    size, (place,) = on_own_page(design, np.random.default_rng(seed), turned=turned)
    corners = place.corners_mm(design)
    assert (corners > 0).all()
    assert (corners < np.array(size)).all()
    assert (corners[0, 1] > corners[3, 1]) == turned
