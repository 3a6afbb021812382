"""How a slip lies on its page: from its millimetres to the page's pixels, flat or gently bent; and its picture."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.markers.group import apply
from ocr.scale import PX_PER_MM, REGISTERED_DPI
from schemas.geometry import BoxMm

# A picture finer than 1.6 x the registered one is reduced first: bilinear sampling would skip pixels.
REDUCE_ABOVE = 1.6
# A perspective that moves no pixel by more is an affine map, which warps in half the time.
FLAT_BEND_PX = 0.2
# A bend is smooth: known every 16 px of the registered picture, it is known everywhere to 0.01 px.
BEND_STEP_PX = 16
REACH_PX = 4  # around the slip, for what is sampled between pixels


@dataclass(frozen=True, eq=False)
class Lie:
    """`matrix` (3, 3) takes millimetres of the slip to pixels of the page.

    Of bent paper `bend` (3, 2) tells how far each point lies off before that, in millimetres: multiples of x x, x y and
    y y, with x and y in decimetres from the slip's top left. Constant and linear parts are the matrix's business.
    """

    matrix: NDArray[np.float64]
    bend: NDArray[np.float64] | None = None

    def px(self, mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (N, 2) of the slip in millimetres, in pixels of the page."""
        return apply(self.matrix, mm if self.bend is None else mm + squares(mm) @ self.bend)

    def mm(self, px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (N, 2) of the page in millimetres of the slip, as if it lay flat."""
        return apply(np.asarray(np.linalg.inv(self.matrix), np.float64), px)

    def moved(self, correction: NDArray[np.float64]) -> "Lie":
        """The flat lie that first moves the slip's points by `correction` (3, 3), in millimetres."""
        return Lie(self.matrix @ correction)


def squares(mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a bend's multiples stand for: x x, x y and y y of points (N, 2), in square decimetres."""
    x, y = (mm / 100).T
    return np.stack([x * x, x * y, y * y], axis=1)


def warp(page: NDArray[np.uint8], lie: Lie, size_px: tuple[int, int], dpi: float) -> NDArray[np.uint8]:
    """The slip's picture of `size_px` (width, height) at REGISTERED_DPI; white where the page ends.

    `dpi` is the slip's resolution on the page.
    """
    source, reduction = page, np.eye(3)
    if dpi > REDUCE_ABOVE * REGISTERED_DPI:
        source, reduction = _reduced(page, lie, size_px, REGISTERED_DPI / dpi)
    if lie.bend is not None:
        return _bent(source, Lie(reduction @ lie.matrix, lie.bend), size_px)
    step = np.array([[1 / PX_PER_MM, 0, 0.5 / PX_PER_MM], [0, 1 / PX_PER_MM, 0.5 / PX_PER_MM], [0, 0, 1]])
    transform = reduction @ lie.matrix @ step
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    transform = transform / transform[2, 2]
    bend_px = np.abs(transform[2, :2] * size_px).max() * max(size_px)
    if bend_px < FLAT_BEND_PX:
        flat = transform[:2]
        return np.asarray(cv2.warpAffine(source, flat, size_px, flags=flags, borderValue=255), np.uint8)
    return np.asarray(cv2.warpPerspective(source, transform, size_px, flags=flags, borderValue=255), np.uint8)


def _bent(source: NDArray[np.uint8], lie: Lie, size_px: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture of a bent slip, its bend worked out on a coarse grid."""
    columns, rows = (-(-length // BEND_STEP_PX) + 1 for length in size_px)
    y, x = (np.mgrid[0:rows, 0:columns] + 0.5) * (BEND_STEP_PX / PX_PER_MM)
    at = lie.px(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(rows, columns, 2).astype(np.float32)
    # cv2.resize puts the middle of a coarse cell over the middle of its fine pixels, as the grid does.
    fine = cv2.resize(at, (columns * BEND_STEP_PX, rows * BEND_STEP_PX), interpolation=cv2.INTER_LINEAR)
    width, height = size_px
    across, down = (np.ascontiguousarray(fine[:height, :width, axis]) for axis in (0, 1))
    return np.asarray(cv2.remap(source, across, down, cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, 255), np.uint8)


def _reduced(
    page: NDArray[np.uint8], lie: Lie, size_px: tuple[int, int], factor: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The slip's part of the page, reduced by `factor`, and the map from page pixels to it."""
    width, height = (length / PX_PER_MM for length in size_px)
    corners = lie.px(np.array(BoxMm(0.0, 0.0, width, height).corners))
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - REACH_PX, 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + REACH_PX, page.shape[::-1])
    crop = page[low[1] : high[1], low[0] : high[0]]
    if crop.size == 0:
        return page, np.eye(3)
    small = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    fx, fy = small.shape[1] / crop.shape[1], small.shape[0] / crop.shape[0]
    move = np.array([[fx, 0, (0.5 - low[0]) * fx - 0.5], [0, fy, (0.5 - low[1]) * fy - 0.5], [0, 0, 1]])
    return np.asarray(small, np.uint8), move
