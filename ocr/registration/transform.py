"""The transform from a slip's millimeters to its page's pixels, flat or gently bent, and the warp that uses it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.markers.group import apply_homography
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
class SlipTransform:
    """`matrix` (3, 3) takes millimeters of the slip to pixels of the page.

    For bent paper, `bend` (3, 2) gives each point's offset in millimeters, added before the matrix: coefficients of
    x x, x y and y y, with x and y in decimeters from the slip's top left. Constant and linear parts are in the matrix.
    """

    matrix: NDArray[np.float64]
    bend: NDArray[np.float64] | None = None

    def px(self, mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (N, 2) of the slip in millimeters, in pixels of the page."""
        return apply_homography(self.matrix, mm if self.bend is None else mm + bend_terms(mm) @ self.bend)

    def mm(self, px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (N, 2) of the page in millimeters of the slip, as if it lay flat."""
        return apply_homography(np.asarray(np.linalg.inv(self.matrix), np.float64), px)

    def corrected_by(self, correction: NDArray[np.float64]) -> "SlipTransform":
        """The flat transform that first applies `correction` (3, 3), in millimeters, to the slip's points."""
        return SlipTransform(self.matrix @ correction)


def bend_terms(mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """The terms x x, x y and y y (N, 3) of points (N, 2), in square decimeters, that a bend's coefficients multiply."""
    x, y = (mm / 100).T
    return np.stack([x * x, x * y, y * y], axis=1)


def warp(page: NDArray[np.uint8], transform: SlipTransform, size_px: tuple[int, int], dpi: float) -> NDArray[np.uint8]:
    """The slip's picture of `size_px` (width, height) at REGISTERED_DPI; white where the page ends.

    `dpi` is the slip's resolution on the page.
    """
    source, reduction = page, np.eye(3)
    if dpi > REDUCE_ABOVE * REGISTERED_DPI:
        source, reduction = _reduce_to_slip(page, transform, size_px, REGISTERED_DPI / dpi)
    if transform.bend is not None:
        return _warp_bent(source, SlipTransform(reduction @ transform.matrix, transform.bend), size_px)
    step = np.array([[1 / PX_PER_MM, 0, 0.5 / PX_PER_MM], [0, 1 / PX_PER_MM, 0.5 / PX_PER_MM], [0, 0, 1]])
    matrix = reduction @ transform.matrix @ step
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    matrix = matrix / matrix[2, 2]
    bend_px = np.abs(matrix[2, :2] * size_px).max() * max(size_px)
    if bend_px < FLAT_BEND_PX:
        flat = matrix[:2]
        return np.asarray(cv2.warpAffine(source, flat, size_px, flags=flags, borderValue=255), np.uint8)
    return np.asarray(cv2.warpPerspective(source, matrix, size_px, flags=flags, borderValue=255), np.uint8)


def _warp_bent(source: NDArray[np.uint8], transform: SlipTransform, size_px: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture of a bent slip, its bend worked out on a coarse grid."""
    columns, rows = (-(-length // BEND_STEP_PX) + 1 for length in size_px)
    y, x = (np.mgrid[0:rows, 0:columns] + 0.5) * (BEND_STEP_PX / PX_PER_MM)
    at = transform.px(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(rows, columns, 2).astype(np.float32)
    # cv2.resize puts the middle of a coarse cell over the middle of its fine pixels, as the grid does.
    fine = cv2.resize(at, (columns * BEND_STEP_PX, rows * BEND_STEP_PX), interpolation=cv2.INTER_LINEAR)
    width, height = size_px
    across, down = (np.ascontiguousarray(fine[:height, :width, axis]) for axis in (0, 1))
    return np.asarray(cv2.remap(source, across, down, cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, 255), np.uint8)


def _reduce_to_slip(
    page: NDArray[np.uint8], transform: SlipTransform, size_px: tuple[int, int], factor: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The slip's part of the page, reduced by `factor`, and the map from page pixels to it."""
    width, height = (length / PX_PER_MM for length in size_px)
    corners = transform.px(np.array(BoxMm(0.0, 0.0, width, height).corners))
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - REACH_PX, 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + REACH_PX, page.shape[::-1])
    crop = page[low[1] : high[1], low[0] : high[0]]
    if crop.size == 0:
        return page, np.eye(3)
    small = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    fx, fy = small.shape[1] / crop.shape[1], small.shape[0] / crop.shape[0]
    move = np.array([[fx, 0, (0.5 - low[0]) * fx - 0.5], [0, fy, (0.5 - low[1]) * fy - 0.5], [0, 0, 1]])
    return np.asarray(small, np.uint8), move
