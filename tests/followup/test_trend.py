"""The small picture of a measure: true to its days and values."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from followup.trend import HEIGHT, WIDTH, trend_svg
from schemas.letter import Point, Trend

START = date(2026, 3, 9)
VALUES = st.lists(
    st.tuples(st.integers(0, 800), st.floats(-40, 1000)), min_size=1, max_size=20, unique_by=lambda p: p[0]
)


def placed(points: list[tuple[int, float]]) -> list[tuple[float, float]]:
    """Where the line's corners lie in the picture."""
    told = tuple(Point(on=START + timedelta(days=day), value=value) for day, value in sorted(points))
    svg = trend_svg(Trend(label="Grip", unit="kg", points=told))
    found = re.search(r'polyline points="([^"]+)"', svg)
    assert found
    return [(float(x), float(y)) for x, y in (each.split(",") for each in found[1].split())]


@given(VALUES)
def test_every_point_lies_in_the_picture(points: list[tuple[int, float]]) -> None:
    """Whatever was measured, and however often."""
    for x, y in placed(points):
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


@given(VALUES)
def test_later_lies_to_the_right_and_more_lies_higher(points: list[tuple[int, float]]) -> None:
    """A picture that turns a loss into a gain would be worse than no picture."""
    corners = placed(points)
    assert [x for x, _ in corners] == sorted(x for x, _ in corners)
    values = [value for _, value in sorted(points)]
    for (_, y1), v1 in zip(corners, values, strict=True):
        for (_, y2), v2 in zip(corners, values, strict=True):
            if v1 > v2:
                assert y1 <= y2


def test_gaps_between_days_are_drawn_to_scale() -> None:
    """Three weeks without a measure look like three weeks."""
    (first, _), (second, _), (third, _) = placed([(0, 1), (7, 2), (28, 3)])
    assert (third - first) / (second - first) == 4
