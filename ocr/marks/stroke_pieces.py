"""Straight pieces of strokes on a slip, in cells of half a millimeter: what a line over it is put together from."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.scale import PX_PER_MM

# Strokes are sought in cells of 0.5 mm.
CELL_PX = 4
CELL_MM = CELL_PX / PX_PER_MM
# A piece of a stroke between two words: so long at least, and no wider than a pen and the bow of a hand.
PIECE_MM, PIECE_BROAD_MM = 4.0, 0.7
CROSSING_MM = 10.0  # of a stroke that crosses another
# A straight piece through writing: longer than any stroke of a signature that rises as steeply.
LONG_MM, LONG_SLOPE, LONG_GAP_CELLS = 40.0, 0.34, 3

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StrokePiece:
    """Connected cells: their middles (N, 2) in millimeters, their center and the direction they run in."""

    points: NDArray[np.float64]
    center: NDArray[np.float64]
    along: NDArray[np.float64]
    length_mm: float


def find_pieces(cells: NDArray[np.bool_]) -> Iterator[StrokePiece]:
    """The straight connected parts of an ink mask in cells (H, W), and those that cross in others."""
    labels, stats, _ = find_parts(cells.astype(np.uint8))
    for number in np.flatnonzero(np.hypot(stats[:, 2], stats[:, 3]) * CELL_MM >= PIECE_MM):
        if number:
            x, y, wide, high = stats[number, :4]
            rows, columns = np.nonzero(labels[y : y + high, x : x + wide] == number)
            yield from _straight((np.stack([columns + x, rows + y], axis=1) + 0.5) * CELL_MM)


def _straight(points: Points) -> Iterator[StrokePiece]:
    """The piece that points (N, 2) are, or those that cross in them."""
    center, along, broad = axis_of(points)
    if broad <= PIECE_BROAD_MM:
        yield StrokePiece(points, center, along, float(np.hypot(*np.ptp(points, axis=0))))
        return
    for start, end in _segments(points):
        part = points[_is_between(points, start, end)]
        if len(part) > CROSSING_MM / CELL_MM:
            center, along, _ = axis_of(part)
            yield StrokePiece(part, center, along, float(np.hypot(*(end - start))))


def find_long_pieces(cells: NDArray[np.bool_], rooms: NDArray[np.bool_]) -> Iterator[StrokePiece]:
    """Long straight pieces through the `rooms` to write in, (H, W): steep ones, and level ones that go on outside.

    A level one within a room strikes out or underlines what is written there.
    """
    rows, columns = np.nonzero(cells)
    points = np.asarray((np.stack([columns, rows], axis=1) + 0.5) * CELL_MM, np.float64)
    outside = ~rooms[rows, columns]
    least = round(LONG_MM / CELL_MM)
    found = cv2.HoughLinesP(
        cells.astype(np.uint8), 1, np.pi / 180, least, minLineLength=least, maxLineGap=LONG_GAP_CELLS
    )
    for start, end in () if found is None else (found.reshape(-1, 2, 2) + 0.5) * CELL_MM:
        way, on_it = end - start, _is_between(points, start, end)
        steep = abs(way[1]) >= LONG_SLOPE * np.hypot(*way)
        if np.count_nonzero(on_it if steep else on_it & outside) > CROSSING_MM / CELL_MM:
            center, along, _ = axis_of(points[on_it])
            yield StrokePiece(points[on_it], center, along, float(np.hypot(*way)))


def _is_between(points: Points, start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the points (N, 2) lie on the straight way between two."""
    way = end - start
    ahead, aside = (points - start) @ way / (way @ way), cross(way, points - start) / np.hypot(*way)
    return np.asarray((np.abs(aside) <= PIECE_BROAD_MM) & (ahead >= 0) & (ahead <= 1))


def _segments(points: Points) -> Points:
    """Straight lines in a shape: their ends (N, 2, 2)."""
    first = points.min(axis=0)
    cells = np.round((points - first) / CELL_MM).astype(np.intp)
    shape = np.zeros(cells.max(axis=0)[::-1] + 1, np.uint8)
    shape[cells[:, 1], cells[:, 0]] = 255
    least = round(CROSSING_MM / CELL_MM)
    lines = cv2.HoughLinesP(shape, 1, np.pi / 180, least, minLineLength=least, maxLineGap=2)
    return np.zeros((0, 2, 2)) if lines is None else lines.reshape(-1, 2, 2) * CELL_MM + first


def axis_of(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Middle and direction of points (N, 2), and how far they stray from that axis on average."""
    center = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((points - center).T) + 1e-9 * np.eye(2))
    return center, vectors[:, 1], float(np.sqrt(values[0]))


def cross(along: NDArray[np.float64], to: Points) -> NDArray[np.float64]:
    """How far `to` (..., 2) lies aside of a direction."""
    return np.asarray(along[0] * to[..., 1] - along[1] * to[..., 0])
