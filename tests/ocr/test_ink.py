"""How dark printed black is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from ocr.ink import solid_levels
from ocr.scale import PX_PER_MM
from schemas.geometry import BoxMm


@given(some.integers(0, 999), some.integers(1, 9), some.integers(1, 40))
def test_the_level_of_a_printed_area_is_its_upper_quartile(seed: int, high: int, wide: int) -> None:
    """All ink is measured by it: it may not depend on who works it out."""
    dark = np.random.default_rng(seed).integers(0, 256, (high, wide), dtype=np.uint8)
    whole = BoxMm(0.0, 0.0, wide / PX_PER_MM, high / PX_PER_MM)
    assert solid_levels(dark, (whole,)) == [float(np.percentile(dark, 75))]
