"""Awkward paper: the simulator knows where every point has gone, or the bench would measure the simulator."""

from datetime import date

import cv2
import numpy as np
import pytest

from pads.catalog import load_all
from pads.simulate.displacement import displace
from pads.simulate.paper.kinds import KINDS, kind_named
from pads.simulate.picture import gray
from pads.simulate.scenes import PlannedPage, PlannedSlip, Scene, draw
from pads.simulate.strokes import Points
from schemas.errors import UsageError
from schemas.studio import Studio
from tests.pads.simulate.looking import fiducials

DAY = date(2026, 11, 20)
MOVED = [
    "anyhow", "touching", "copied-twice", "fax-squeeze", "folded", "print-scale", "photo-curl", "photo-fold",
    "photo-askew",
]  # fmt: skip


def drawn(name: str, seed: int = 3) -> Scene:
    kind = kind_named(name)
    slips = tuple(PlannedSlip(load_all()[index % 2], 10 + index) for index in range(kind.slips[1]))
    return draw(PlannedPage(slips, kind=kind), kind.channel, DAY, Studio(), np.random.default_rng([seed]))


@pytest.mark.parametrize("name", MOVED)
def test_the_truth_moves_with_the_paper(name: str) -> None:
    """Corner marks are seen where the truth says they lie, however the page was bent, copied or squeezed."""
    scene = drawn(name)
    stretch = scene.picture.dpi[0] / scene.picture.dpi[1] if scene.picture.dpi else 1.0
    pixels = gray(scene.picture.pixels) if scene.picture.pixels.ndim == 3 else scene.picture.pixels
    square = np.asarray(cv2.resize(pixels, None, fx=1, fy=stretch), np.uint8)
    seen = [corners.mean(axis=0) for _, corners in fiducials(square)]
    assert len(seen) > len(scene.designs)
    told = np.concatenate([_middles(scene, index, stretch) for index in range(len(scene.designs))])
    px_per_mm = np.linalg.norm(told[1] - told[0]) / (scene.designs[0].width_mm - 15)
    for at in seen:
        assert np.linalg.norm(told - at, axis=1).min() / px_per_mm < 0.2


def _middles(scene: Scene, index: int, stretch: float) -> Points:
    """Where the slip's corner marks should lie, clockwise."""
    middles = np.array([box.center for box in scene.designs[index].fiducials_mm()])
    return (scene.moves[index](middles) + 0.5) * [1, stretch] - 0.5


def test_no_two_kinds_share_a_name() -> None:
    """The names are in tables and on the command line."""
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("name", ["torn-corner", "dog-ear", "highlighter", "feed-jump", "photo-shaken"])
def test_the_same_seed_makes_the_same_paper(name: str) -> None:
    """A failure must be seen again to be mended."""
    assert np.array_equal(drawn(name).picture.pixels, drawn(name).picture.pixels)
    assert not np.array_equal(drawn(name).picture.pixels, drawn(name, 4).picture.pixels)


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    """A misspelt name must not quietly measure plain paper."""
    with pytest.raises(UsageError, match="torn-corner"):
        kind_named("torn")


def test_a_bend_that_moves_nothing_leaves_the_picture() -> None:
    """Whoever bends must not blur, shift or darken."""
    picture = np.random.default_rng(1).integers(0, 256, (90, 130)).astype(np.uint8)
    assert np.array_equal(displace(picture, lambda points: points + 0.0), picture)
