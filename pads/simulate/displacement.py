"""How points move when paper is bent, copied or cut: kept with every picture, so that its truth stays known."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.strokes import Points

Move = Callable[[Points], Points]  # points (N, 2) in pixels before, the same points after

BACK_STEPS = 6  # halves what is left of a gentle bend's error each time, and more; below 0.05 px after six


def no_move(points: Points) -> Points:
    """Nothing moves."""
    return points


def compose(first: Move, second: Move) -> Move:
    """`first`, then `second` on its result."""
    return lambda points: second(first(points))


def by_matrix(matrix: NDArray[np.float64]) -> Move:
    """The move of a homography (3, 3)."""

    def move(points: Points) -> Points:
        ends = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
        return np.asarray(ends[:, :2] / ends[:, 2:])

    return move


def displace(picture: NDArray[np.uint8], move: Move, paper: int = 255) -> NDArray[np.uint8]:
    """`picture` with every pixel brought where a gentle `move` takes it; `paper` where nothing arrives.

    The inverse is found by iteration: a bend moves neighbors by nearly the same.
    """
    high, wide = picture.shape[:2]
    step = 8  # a bend is smooth: known every 8 px, it is known everywhere
    rows, columns = np.mgrid[0 : high + step : step, 0 : wide + step : step].astype(np.float64)
    ends = np.stack([columns.ravel(), rows.ravel()], axis=1)
    starts = ends.copy()
    for _ in range(BACK_STEPS):
        starts += ends - move(starts)
    coarse = (starts - ends).reshape(*rows.shape, 2).astype(np.float32)
    size = (rows.shape[1] * step, rows.shape[0] * step)
    away = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
    # The coarse grid's points lie at the middles of its cells once enlarged: half a cell further.
    shift = step // 2
    near = away[shift : shift + high, shift : shift + wide]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    shown = cv2.remap(
        picture, x + near[..., 0], y + near[..., 1], cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, (paper,) * 3
    )
    return np.asarray(shown, np.uint8)
