"""Place slips on a page: each with its own place and turn, none off the glass, none over another's print."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Points
from schemas.pad import PadDesign

LETTER_MM = (215.9, 279.4)
# Copiers that fit to page, and margins of printer drivers, change the size by this much.
PRINT_SCALE = (0.97, 1.03)
SKEW_DEG = 3.0
# A slip that overlaps its neighbor, or leaves the page, by this much loses only white edge.
SPARE_MM = 1.5
TRIES = 150
LID, SLIP_EDGE = 253, 214  # gray of a scanner's lid and of the shadow at a paper's edge


@dataclass(frozen=True)
class Place:
    """Where one slip lies: its middle on the page in mm, its clockwise turn and its printed scale."""

    x_mm: float
    y_mm: float
    turn_deg: float
    scale: float

    def matrix(self, design: PadDesign) -> NDArray[np.float64]:
        """(2, 3): pixels of the slip to pixels of the page, both at 300 dpi."""
        angle = np.radians(self.turn_deg)
        turn = self.scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        middle = np.array([design.width_mm, design.height_mm]) / 2
        return np.hstack([turn, (np.array([[self.x_mm], [self.y_mm]]) - (turn @ middle)[:, None]) * PX_PER_MM])

    def corners_mm(self, design: PadDesign) -> Points:
        """The slip's corners on the page, clockwise from its own top left, (4, 2) in mm."""
        return corners_px(self.matrix(design), design) / PX_PER_MM


def corners_px(matrix: NDArray[np.float64], design: PadDesign) -> Points:
    """The slip's corners, clockwise from its own top left, where `matrix` puts them."""
    wide, high = design.width_mm * PX_PER_MM, design.height_mm * PX_PER_MM
    return np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1]]) @ matrix.T


def on_own_page(
    design: PadDesign, rng: np.random.Generator, *, turned: bool
) -> tuple[tuple[float, float], list[Place]]:
    """A page just larger than the one slip on it: what a scanner with automatic paper size makes."""
    scale = rng.uniform(*PRINT_SCALE)
    skew = rng.uniform(-SKEW_DEG, SKEW_DEG)
    bound = Place(0, 0, skew, scale).corners_mm(design)
    width, height = (np.ptp(bound, axis=0) + rng.uniform(0.5, 3, 2)).tolist()
    return (width, height), [Place(width / 2, height / 2, skew + 180 * turned, scale)]


def on_letter(designs: Sequence[PadDesign], rng: np.random.Generator, *, turned: bool) -> list[Place]:
    """Places for one to four slips on a letter page, upright or (`turned`) with the page upside down."""
    scale = rng.uniform(*PRINT_SCALE)
    places = _scatter(designs, scale, rng) or _in_quarters(designs, min(scale, 1.0), rng)
    if not turned:
        return places
    width, height = LETTER_MM
    return [Place(width - p.x_mm, height - p.y_mm, (p.turn_deg + 180) % 360, p.scale) for p in places]


def draw_page(
    slips: Sequence[NDArray[np.uint8]], matrices: Sequence[NDArray[np.float64]], size_px: tuple[int, int]
) -> NDArray[np.uint8]:
    """The page with the slips (gray or color alike) on it; `size_px` is width, height."""
    width, height = size_px
    page = np.full((height, width, *slips[0].shape[2:]), LID, np.uint8)
    for slip, matrix in zip(slips, matrices, strict=True):
        high, wide = slip.shape[:2]
        corners = np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1]]) @ matrix.T
        x0, y0 = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 2, 0)
        x1, y1 = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 3, (width, height))
        part = np.ascontiguousarray(page[y0:y1, x0:x1])
        moved = matrix - np.array([[0, 0, x0], [0, 0, y0]])
        size = (int(x1 - x0), int(y1 - y0))
        cv2.warpAffine(slip, moved, size, part, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
        page[y0:y1, x0:x1] = part
        edge = np.round(corners * 16).astype(np.int32)
        cv2.polylines(page, [edge[[1, 2, 3]]], False, (SLIP_EDGE,) * 3, 2, cv2.LINE_AA, 4)
    return page


def inner_outline(corners_mm: Points) -> NDArray[np.float32]:
    """What a slip with these corners (4, 2) must keep to itself: all but its white edge."""
    middle = corners_mm.mean(axis=0)
    away = corners_mm - middle
    return np.asarray(middle + away * (1 - 2 * SPARE_MM / np.ptp(away, axis=0).min()), dtype=np.float32)


def _scatter(designs: Sequence[PadDesign], scale: float, rng: np.random.Generator) -> list[Place]:
    """Slips thrown on the glass at any turn; an empty list when they do not find room."""
    found: list[Place] = []
    for design in designs:
        for _ in range(TRIES):
            turn = rng.uniform(0, 360) if len(designs) == 1 else 90 * rng.integers(4) + rng.normal(0, 4)
            x, y = rng.uniform((0, 0), LETTER_MM)
            place = Place(x, y, float(turn), scale)
            if _has_room(place, design, list(zip(found, designs, strict=False))):
                found.append(place)
                break
        else:
            return []
    return found


def _has_room(place: Place, design: PadDesign, others: Sequence[tuple[Place, PadDesign]]) -> bool:
    corners = place.corners_mm(design)
    if corners.min() < -SPARE_MM or (corners > np.array(LETTER_MM) + SPARE_MM).any():
        return False
    mine = inner_outline(corners)
    return not any(
        cv2.intersectConvexConvex(mine, inner_outline(other.corners_mm(its)))[0] > 0 for other, its in others
    )


def _in_quarters(designs: Sequence[PadDesign], scale: float, rng: np.random.Generator) -> list[Place]:
    """One slip to a quarter of the page, either way up, hardly askew."""
    quarters = rng.permutation(4)[: len(designs)]
    places = []
    for quarter, design in zip(quarters, designs, strict=True):
        x = LETTER_MM[0] * (0.25 + 0.5 * (quarter % 2)) + rng.uniform(-0.7, 0.7)
        y = LETTER_MM[1] * (0.25 + 0.5 * (quarter // 2)) + rng.uniform(-0.7, 0.7)
        lying = 90 if design.width_mm > design.height_mm else 0
        places.append(Place(x, y, float(lying + 180 * rng.integers(2) + rng.uniform(-0.7, 0.7)), scale))
    return places
