"""Shares with their intervals."""

from bench.intervals import share_with_interval


def test_a_share_tells_what_it_stands_on() -> None:
    """Zero of ten is not zero of ten thousand."""
    assert share_with_interval(0, 10) == "0/10 = 0.0% (0.0% to 27.8%)"
    assert share_with_interval(1, 200) == "1/200 = 0.5% (0.1% to 2.8%)"
    assert share_with_interval(0, 0) == "-"
