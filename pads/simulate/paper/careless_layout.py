"""Careless layouts: scattered, edge to edge, overlapping, over the edge of the glass, at another print size."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.paper.sheet import LETTER_MM, Place, inner_outline
from schemas.pad import PadDesign

# The page's size in mm, and where its slips lie; later ones lie over earlier ones.
PageLayout: TypeAlias = tuple[tuple[float, float], list[Place]]
Arrange: TypeAlias = Callable[[Sequence[PadDesign], np.random.Generator], PageLayout]

LEDGER_MM = (279.4, 431.8)  # the glass of an office copier
SCALE = (0.97, 1.03)
WIDE_SCALE = (0.90, 1.10)
TRIES = 400


def scatter(designs: Sequence[PadDesign], rng: np.random.Generator) -> PageLayout:
    """Each slip at any turn; on a larger glass when the letter page has no room for that."""
    return _scatter_at(designs, float(rng.uniform(*SCALE)), rng)


def edge_to_edge(designs: Sequence[PadDesign], rng: np.random.Generator) -> PageLayout:
    """In rows, edge to edge, the whole a little askew."""
    scale = float(rng.uniform(0.95, 1.0))
    skew = float(rng.normal(0, 0.8))
    columns, places = 1 if len(designs) == 1 else 2, []
    cell = (max(d.width_mm for d in designs) * scale, max(d.height_mm for d in designs) * scale)
    rows = -(-len(designs) // columns)
    glass = (max(LETTER_MM[0], columns * cell[0] + 8), max(LETTER_MM[1], rows * cell[1] + 8))
    angle = np.radians(skew)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    for index, design in enumerate(designs):
        column, row = index % columns, index // columns
        # Narrower slips touch their neighbor, not the cell's far side.
        x = (column - columns / 2) * cell[0] + (
            cell[0] - design.width_mm * scale / 2 if column == 0 and columns == 2 else design.width_mm * scale / 2
        )
        y = (row - rows / 2) * cell[1] + design.height_mm * scale / 2
        at = turn @ (x, y) + np.array(glass) / 2
        places.append(Place(float(at[0]), float(at[1]), skew + 180 * int(rng.integers(2)), scale))
    return glass, places


def overlapping(designs: Sequence[PadDesign], rng: np.random.Generator) -> PageLayout:
    """The second slip covers 4 to 14 mm of the first one's side, and with it often a mark or two."""
    return _stack(designs, rng, rng.uniform(4, 14))


def half_covered(designs: Sequence[PadDesign], rng: np.random.Generator) -> PageLayout:
    """The second slip covers 20 to 80 mm of the first."""
    return _stack(designs, rng, rng.uniform(20, 80))


def beyond_glass(designs: Sequence[PadDesign], rng: np.random.Generator) -> PageLayout:
    """One slip, 2 to 35 mm of it beyond the glass."""
    design, scale = designs[0], float(rng.uniform(*SCALE))
    place = Place(0, 0, float(90 * rng.integers(4) + rng.normal(0, 3)), scale)
    half = np.ptp(place.corners_mm(design), axis=0) / 2
    beyond, side = rng.uniform(2, 35), int(rng.integers(4))
    at = np.array([rng.uniform(half[0], LETTER_MM[0] - half[0]), rng.uniform(half[1], LETTER_MM[1] - half[1])])
    axis = side % 2
    at[axis] = half[axis] - beyond if side < 2 else LETTER_MM[axis] - half[axis] + beyond
    return LETTER_MM, [Place(float(at[0]), float(at[1]), place.turn_deg, scale)]


def other_size(designs: Sequence[PadDesign], rng: np.random.Generator) -> PageLayout:
    """Printed or copied at 90 to 110 %."""
    return _scatter_at(designs, float(rng.uniform(*WIDE_SCALE)), rng)


def _stack(designs: Sequence[PadDesign], rng: np.random.Generator, by_mm: float) -> PageLayout:
    scale = float(rng.uniform(*SCALE))
    if len(designs) == 1:  # the last of an odd number has nothing to lie under
        return _scatter_at(designs, scale, rng)
    first, second = designs[:2]
    under = Place(LEDGER_MM[0] / 2, LEDGER_MM[1] * 0.35, float(rng.normal(0, 4)), scale)
    half = np.ptp(under.corners_mm(first), axis=0) / 2
    over = Place(0, 0, float(rng.choice((0, 180)) + rng.normal(0, 5)), scale)
    its = np.ptp(over.corners_mm(second), axis=0) / 2
    if rng.random() < 0.5:
        x, y = under.x_mm + rng.normal(0, 4), under.y_mm + half[1] + its[1] - by_mm
    else:
        side = rng.choice((-1, 1))
        x, y = under.x_mm + side * (half[0] + its[0] - by_mm), under.y_mm + rng.normal(0, 4)
    shift = max(its[0] - x + 1, 0) - max(x + its[0] + 1 - LEDGER_MM[0], 0)
    return LEDGER_MM, [
        Place(under.x_mm + shift, under.y_mm, under.turn_deg, scale),
        Place(float(x + shift), float(y), over.turn_deg, scale),
    ]


def _scatter_at(designs: Sequence[PadDesign], scale: float, rng: np.random.Generator) -> PageLayout:
    """Places at any turn that share nothing but white edges, on the smallest glass that has room for them."""
    glass = LETTER_MM
    while not (places := _try_places(designs, glass, scale, rng)):
        glass = (glass[0], glass[1] * 1.2) if glass[1] < 1.5 * glass[0] else (glass[0] * 1.2, glass[1])
    return glass, places


def _try_places(
    designs: Sequence[PadDesign], glass: tuple[float, float], scale: float, rng: np.random.Generator
) -> list[Place]:
    """The places on this glass; an empty list when chance finds none."""
    found: list[Place] = []
    taken: list[NDArray[np.float32]] = []
    for design in designs:
        for _ in range(TRIES):
            x, y = rng.uniform((0, 0), glass)
            place = Place(float(x), float(y), float(rng.uniform(0, 360)), scale)
            corners = place.corners_mm(design)
            mine = inner_outline(corners)
            inside = corners.min() >= 0 and bool((corners <= np.array(glass)).all())
            if inside and not any(cv2.intersectConvexConvex(mine, other)[0] > 0 for other in taken):
                found.append(place)
                taken.append(mine)
                break
        else:
            return []
    return found
