"""Ink that answers no box lies over the boxes, and is another one each time."""

from datetime import date

import numpy as np
import pytest

from pads.catalog import find, load_all
from pads.simulate.invent import invent_slip
from pads.simulate.paper.overlays import CANCELING, Overlay, lay_over
from pads.simulate.pen.fill import fill
from pads.simulate.printed_slips import numbered_slip, px
from pads.simulate.scenes import PlannedPage, PlannedSlip, draw
from pads.simulate.truth import Channel
from schemas.studio import Studio

DAY = date(2026, 11, 20)


def overlaid(overlay: Overlay, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A slip before and after."""
    design = find(load_all(), "met-1")
    rng = np.random.default_rng([seed])
    plain = fill(numbered_slip(design, 7, Studio()), design, invent_slip(design, 7, DAY, rng), rng)
    slip = plain.copy()
    lay_over(slip, design, overlay, rng)
    return plain, slip


@pytest.mark.parametrize("overlay", sorted(set(Overlay) - {Overlay.LEVEL_LINE, Overlay.UPRIGHT_LINE}))
def test_an_overlay_darkens_a_box_and_lightens_nothing(overlay: Overlay) -> None:
    """Ink that misses every box would measure nothing; level and upright lines cancel a slip between its boxes too."""
    design = find(load_all(), "met-1")
    for seed in range(2):
        plain, slip = overlaid(overlay, seed)
        assert (slip <= plain).all()
        changed = (slip < plain).any(axis=2)
        boxes = [[round(edge) for edge in px(box.box_mm.grown(1.5))] for box in design.checkboxes]
        inside = [changed[top : top + high, max(left, 0) : left + wide].any() for left, top, wide, high in boxes]
        assert any(inside)


@pytest.mark.parametrize("overlay", Overlay)
def test_the_same_chance_draws_the_same_overlay_and_another_one_another(overlay: Overlay) -> None:
    """A figure of the bench can be looked at again; and one place, angle and word proves little."""
    once, again, other = (overlaid(overlay, seed)[1] for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_what_the_slip_says_stays_as_it_was() -> None:
    """A box under a stamp is checked when its own mark says so, and only then."""
    design = find(load_all(), "met-1")

    def truth(overlay: Overlay | None) -> object:
        page = PlannedPage((PlannedSlip(design, 9, overlay=overlay),), on_letter=True)
        return draw(page, Channel.SCAN_300, DAY, Studio(), np.random.default_rng([5])).truths

    assert truth(Overlay.STAMP) == truth(None)
    assert set(Overlay) > CANCELING
