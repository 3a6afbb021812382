"""A table of times tells what is usual and what is bad."""

import pytest

from bench.speed.times import Times


def test_the_95th_percentile_leaves_out_one_time_in_twenty() -> None:
    """One pause of the machine among many is no property of the work."""
    times = Times("work", [float(ms) for ms in range(1, 101)])
    assert times.median_ms == 51
    assert times.p95_ms == pytest.approx(95.95)


def test_a_single_time_stands_for_itself() -> None:
    """Whoever measures once sees that one figure."""
    assert Times("work", [7.0]).p95_ms == 7.0
