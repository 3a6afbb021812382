"""A phone held over paper on a table."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.picture import Picture, blurred, noisy
from pads.simulate.strokes import Points

WIDE, HIGH = 2268, 3024  # a 7-megapixel picture, as phones send with mail
NOISE = 3.5
# Stored turns of the EXIF standard (CIPA DC-008, tag 274): as seen, upside down, and lying on either side.
ORIENTATIONS = (1, 3, 6, 8)
SHAKEN_SHARE, SHADOWED_SHARE = 0.4, 0.6
TABLES = ((104, 78, 56), (62, 60, 60), (176, 168, 156), (120, 96, 70), (46, 58, 72))


def photograph(page: NDArray[np.uint8], rng: np.random.Generator) -> Picture:
    """A picture of `page` (H, W, 3): seen askew, unevenly lit, a little out of focus, noisy."""
    high, wide = page.shape[:2]
    lying = wide > high
    size = (HIGH, WIDE) if lying else (WIDE, HIGH)
    seen_corners = _seen_corners(page.shape, size, rng)
    matrix = np.asarray(cv2.getPerspectiveTransform(_rectangle(wide, high), seen_corners), dtype=np.float64)
    table = _table(size, rng)
    _paper_shadow(table, matrix, page.shape, rng)
    seen = cv2.warpPerspective(page, matrix, size, table, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    soft = blurred(_lit(np.asarray(seen, dtype=np.uint8), rng), rng.uniform(0.7, 1.5))
    if rng.random() < SHAKEN_SHARE:
        soft = np.asarray(cv2.filter2D(soft, -1, _shake(rng)), dtype=np.uint8)
    orientation = int(rng.choice(ORIENTATIONS))
    return Picture(noisy(soft, NOISE, rng), None, matrix, orientation)


def _rectangle(wide: float, high: float) -> NDArray[np.float32]:
    return np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)


def _seen_corners(shape: tuple[int, ...], size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Where the page's corners come to lie: most of the picture, turned a little, leaning away."""
    high, wide = shape[:2]
    fill = rng.uniform(0.78, 0.9) * min(size[0] / wide, size[1] / high)
    half = np.array([wide, high]) * fill / 2
    corners: Points = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    tilt = rng.uniform(-0.09, 0.09, 2)  # by how much the far side is smaller, up-down and left-right
    lean = 1 + corners @ (tilt / half)
    corners = corners * lean[:, None]
    angle = np.radians(rng.normal(0, 2.5))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array(size) / 2 + rng.normal(0, 0.012, 2) * size
    return np.asarray(corners @ turn + middle, dtype=np.float32)


def _table(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A plain or grained table top, (H, W, 3)."""
    colour = np.array(TABLES[int(rng.integers(len(TABLES)))], np.float32)
    rough = rng.normal(0, 1, (size[1] // 8, 12)).astype(np.float32)
    small = (size[0] // 4, size[1] // 4)
    streaks = cv2.resize(cv2.GaussianBlur(rough, (0, 0), 1.2), small, interpolation=cv2.INTER_CUBIC)
    grained = (colour * (1 + 0.12 * streaks[..., None])).clip(0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(grained, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _paper_shadow(
    table: NDArray[np.uint8], matrix: NDArray[np.float64], shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    """The soft shadow of the paper's edge on the table, in place."""
    high, wide = shape[:2]
    small = np.full((table.shape[0] // 8, table.shape[1] // 8), 255, np.uint8)
    corners = cv2.perspectiveTransform(_rectangle(wide, high)[None], matrix)[0] / 8 + rng.uniform(-2, 3, 2)
    cv2.fillConvexPoly(small, np.round(corners).astype(np.int32), 110)
    soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), 2.5), (table.shape[1], table.shape[0]))
    np.copyto(table, cv2.multiply(table, cv2.merge([soft] * 3), scale=1 / 255))


def _lit(seen: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Uneven, tinted light; often the shadow of the phone or a hand across it."""
    high, wide = seen.shape[:2]
    rows, columns = np.mgrid[0 : high // 16, 0 : wide // 16].astype(np.float32)
    slope = rng.uniform(-0.16, 0.16, 2)
    light = rng.uniform(0.86, 0.96) + slope[0] * (rows / rows.max() - 0.5) + slope[1] * (columns / columns.max() - 0.5)
    if rng.random() < SHADOWED_SHARE:
        light = light * _hand_shadow(light.shape, rng)
    tint = np.array([1.0, rng.uniform(0.955, 0.99), rng.uniform(0.86, 0.97)], np.float32)
    full = cv2.resize(light.astype(np.float32)[..., None] * tint, (wide, high), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(seen, full, dtype=cv2.CV_8U), dtype=np.uint8)


def _hand_shadow(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    high, wide = shape
    shade = np.ones(shape, np.float32)
    outline = np.array([[-0.1, 0.25], [0.35, 0.3], [0.6, 0.65], [0.55, 1.1], [-0.1, 1.1]]) + rng.normal(0, 0.12, (5, 2))
    if rng.random() < 0.5:
        outline[:, 0] = 1 - outline[:, 0]
    cv2.fillPoly(shade, [np.round(outline * [wide, high]).astype(np.int32)], float(rng.uniform(0.62, 0.85)))
    return np.asarray(cv2.GaussianBlur(shade, (0, 0), float(rng.uniform(3, 12))), dtype=np.float32)


def _shake(rng: np.random.Generator) -> NDArray[np.float32]:
    """A short straight motion blur."""
    kernel = np.zeros((7, 7), np.float32)
    angle, reach = rng.uniform(0, np.pi), rng.uniform(0.8, 2.2)
    along = np.array([np.cos(angle), np.sin(angle)]) * reach
    ends = np.round((3 + np.array([-along, along])) * 16).astype(int)
    start, end = (int(ends[0, 0]), int(ends[0, 1])), (int(ends[1, 0]), int(ends[1, 1]))
    cv2.line(kernel, start, end, 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)
