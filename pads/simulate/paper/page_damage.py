"""Damage to a whole page: photocopied, squeezed, jerked through a feeder, curled under a camera.

Each takes a page at 300 dpi, (H, W) or (H, W, 3), and returns it changed, with how its points moved.
"""

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.displacement import Move, by_matrix, compose, displace, no_move
from pads.simulate.paper.sheet import LID
from pads.simulate.picture import add_noise, add_specks, blur
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Points

Page = NDArray[np.uint8]
PageDamage: TypeAlias = Callable[[Page, np.random.Generator], tuple[Page, Move]]

CAMERA_MM = 320.0  # from a hand-held phone to the paper


def photocopy(page: Page, rng: np.random.Generator) -> tuple[Page, Move]:
    """Once through a photocopier: a hair larger or smaller, a little askew, black and white driven apart, spots."""
    high, wide = page.shape[:2]
    size = rng.uniform(0.985, 1.012, 2)
    angle = np.radians(rng.normal(0, 0.4))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * size
    middle = np.array([wide, high]) / 2
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = turn, middle - turn @ middle + rng.normal(0, 8, 2)
    moved = cv2.warpAffine(page, matrix[:2], (wide, high), None, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT, (LID,))
    soft = blur(np.asarray(moved, np.uint8), rng.uniform(0.9, 1.5))
    black, white = rng.uniform(60, 95), rng.uniform(185, 225)
    toner = np.clip((np.arange(256) - black) / (white - black), 0, 1)
    least, most = rng.uniform(25, 60), rng.uniform(236, 252)
    copy = (least + toner * (most - least)).astype(np.uint8)[soft]
    add_specks(copy, int(rng.poisson(60)), 4, rng)
    return add_noise(copy, 4, rng), by_matrix(matrix)


def photocopy_twice(page: Page, rng: np.random.Generator) -> tuple[Page, Move]:
    """A photocopy of a photocopy."""
    once, first = photocopy(page, rng)
    twice, second = photocopy(once, rng)
    return twice, compose(first, second)


def squeeze(page: Page, rng: np.random.Generator) -> tuple[Page, Move]:
    """Height and width scaled apart, as a fax does that fits a page and its header onto another."""
    factors = rng.uniform((0.95, 0.92), (1.0, 1.02))
    matrix = np.diag([factors[0], factors[1], 1.0])
    high, wide = page.shape[:2]
    shown = cv2.warpAffine(page, matrix[:2], (wide, high), None, cv2.INTER_AREA, cv2.BORDER_CONSTANT, (LID,))
    return np.asarray(shown, np.uint8), by_matrix(matrix)


def jerk_feed(page: Page, rng: np.random.Generator) -> tuple[Page, Move]:
    """Once or twice a feeder slips: 0.5 to 5 mm of the page are lost, or the same line is seen over and over."""
    move: Move = no_move
    for _ in range(int(rng.integers(1, 3))):
        at = int(rng.uniform(0.25, 0.75) * page.shape[0])
        lost = round(rng.uniform(0.5, 5) * PX_PER_MM)
        if rng.random() < 0.5:
            page = np.concatenate([page[:at], page[at + lost :]])
            move = compose(move, _shift_rows(at, -lost))
        else:
            page = np.concatenate([page[:at], np.repeat(page[at : at + 1], lost, axis=0), page[at:]])
            move = compose(move, _shift_rows(at, lost))
    return np.ascontiguousarray(page), move


def curl(page: Page, rng: np.random.Generator) -> tuple[Page, Move]:
    """Curled paper: one wave of 3 to 14 mm across it, seen from a phone's height."""
    high, wide = page.shape[:2]
    height_mm = rng.uniform(3, 14)
    angle, phase = rng.uniform(0, np.pi), rng.uniform(0, 2 * np.pi)
    across = np.array([np.cos(angle), np.sin(angle)])
    middle = np.array([wide, high]) / 2
    length = rng.uniform(1.2, 2.2) * float(np.hypot(wide, high))

    def height(points: Points) -> NDArray[np.float64]:
        along_px = (points - middle) @ across
        return np.asarray(height_mm / 2 * (1 - np.cos(2 * np.pi * along_px / length + phase)))

    def move(points: Points) -> Points:
        nearer = height(points) / CAMERA_MM
        return points + (points - middle) * nearer[:, None]

    light = _slope_light(height, page.shape, rng)
    lit = page * (light[..., None] if page.ndim == 3 else light)
    return displace(lit.astype(np.uint8), move, LID), move


def _shift_rows(at: float, by: float) -> Move:
    """All below row `at` moved down by `by`; what lies on lost rows has gone to the seam."""

    def move(points: Points) -> Points:
        moved = points.copy()
        beyond = moved[:, 1] > at
        moved[beyond, 1] = np.maximum(moved[beyond, 1] + by, at)
        return moved

    return move


def _slope_light(
    height: Callable[[Points], NDArray[np.float64]], shape: tuple[int, ...], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Paper that leans away from the light is darker; (H, W) about 0.8 to 1."""
    high, wide = shape[:2]
    rows, columns = np.mgrid[0:high:16, 0:wide:16].astype(np.float64)
    levels = height(np.stack([columns.ravel(), rows.ravel()], axis=1)).reshape(rows.shape)
    slope = np.gradient(levels, axis=int(rng.integers(2)))
    shade = 1 - 0.25 * np.clip(slope / (np.abs(slope).max() + 1e-9), 0, 1)
    return np.asarray(cv2.resize(shade.astype(np.float32), (wide, high), interpolation=cv2.INTER_LINEAR))
