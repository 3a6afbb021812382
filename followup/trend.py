"""Small pictures: one measure over the course, its points on their days; and referrals by month as bars.

Inline SVG of our own: a chart library would bring more code than the three shapes it would draw.
"""

from collections.abc import Sequence

from schemas.letter import Trend
from schemas.office import MonthCount

WIDTH, HEIGHT = 150.0, 34.0  # in parts of the picture: 50 by 11.3 mm on the page
MARGIN = 5.0
DOT = 2.2
INK, ACCENT = "#5b6b73", "#0b5563"


def trend_svg(trend: Trend) -> str:
    """The picture; a single point stands in the middle."""
    points = _placed(trend)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{DOT}" fill="{INK}"/>' for x, y in points[:-1])
    x, y = points[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img">'
        f'<line x1="0" y1="{HEIGHT - 1:g}" x2="{WIDTH:g}" y2="{HEIGHT - 1:g}" stroke="#c9d3d6" stroke-width="0.8"/>'
        f'<polyline points="{line}" fill="none" stroke="{INK}" stroke-width="1.4" stroke-linejoin="round"/>'
        f'{dots}<circle cx="{x:.1f}" cy="{y:.1f}" r="{DOT + 1:g}" fill="{ACCENT}"/></svg>'
    )


BAR, GAP, BARS_HIGH = 7.0, 2.0, 24.0


def bars_svg(months: Sequence[MonthCount], most: int) -> str:
    """One bar a month, all offices on the same scale: a full one is `most` referrals."""
    width = len(months) * (BAR + GAP)
    heights = (BARS_HIGH * month.referrals / max(most, 1) for month in months)
    bars = "".join(
        f'<rect x="{number * (BAR + GAP):g}" y="{BARS_HIGH - high:.1f}" width="{BAR:g}" height="{high:.1f}"/>'
        for number, high in enumerate(heights)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {BARS_HIGH + 1:g}" role="img">'
        f'<line x1="0" y1="{BARS_HIGH + 0.5:g}" x2="{width:g}" y2="{BARS_HIGH + 0.5:g}" stroke="#9fb0b5"/>'
        f'<g fill="{ACCENT}">{bars}</g></svg>'
    )


def _placed(trend: Trend) -> list[tuple[float, float]]:
    """Days from left to right and values from bottom to top, true to scale; what does not change lies in the middle."""
    days = [point.on.toordinal() for point in trend.points]
    values = [point.value for point in trend.points]
    return [
        (_scaled(day, min(days), max(days), WIDTH), HEIGHT - _scaled(value, min(values), max(values), HEIGHT))
        for day, value in zip(days, values, strict=True)
    ]


def _scaled(value: float, least: float, most: float, room: float) -> float:
    share = 0.5 if most == least else (value - least) / (most - least)
    return MARGIN + share * (room - 2 * MARGIN)
