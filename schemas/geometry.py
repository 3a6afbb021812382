"""Places on a slip, in millimeters from its top-left corner."""

from typing import NamedTuple

MM_PER_INCH = 25.4  # exactly, by the international yard and pound agreement of 1959


class PointMm(NamedTuple):
    """A point: millimeters right of and below the slip's top-left corner."""

    x: float
    y: float


class BoxMm(NamedTuple):
    """An upright rectangle: left, top, width, height in millimeters."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def center(self) -> PointMm:
        return PointMm(self.x + self.w / 2, self.y + self.h / 2)

    @property
    def corners(self) -> tuple[PointMm, PointMm, PointMm, PointMm]:
        """Clockwise from the top left."""
        return (
            PointMm(self.x, self.y),
            PointMm(self.right, self.y),
            PointMm(self.right, self.bottom),
            PointMm(self.x, self.bottom),
        )

    def grown(self, by_mm: float) -> "BoxMm":
        """The box moved outwards by `by_mm` on each side (inwards when negative)."""
        return BoxMm(self.x - by_mm, self.y - by_mm, self.w + 2 * by_mm, self.h + 2 * by_mm)

    def around(self, other: "BoxMm") -> "BoxMm":
        """The smallest box that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return BoxMm(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def overlap_mm2(self, other: "BoxMm") -> float:
        """Area shared with `other`, in square millimeters."""
        wide = min(self.right, other.right) - max(self.x, other.x)
        high = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(wide, 0.0) * max(high, 0.0)

    def inside(self, other: "BoxMm") -> bool:
        """Whether the box lies wholly within `other`."""
        return self.x >= other.x and self.y >= other.y and self.right <= other.right and self.bottom <= other.bottom
