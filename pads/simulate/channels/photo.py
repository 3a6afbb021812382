"""A phone held over paper on a table."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.picture import DevicePicture, add_noise, blur
from pads.simulate.strokes import Points

# Stored turns of the EXIF standard (CIPA DC-008, tag 274): as seen, upside down, and lying on either side.
ORIENTATIONS = (1, 3, 6, 8)
TABLES = ((104, 78, 56), (62, 60, 60), (176, 168, 156), (120, 96, 70), (46, 58, 72))


@dataclass(frozen=True)
class Camera:
    """How a photo is taken; pairs are the least and most of random values.

    `long_px` is the picture's long side: 3024 are the 7 megapixels that phones send with mail. `tilt` is by how much
    the far side may be smaller, `light` the brightness of paper, `noise` in gray levels, `focus_px` the blur's standard
    deviation, `shake_px` half the way that the phone moved, `shade` what a shadow leaves of the light and `shade_edge`
    how soft its edge is, in sixteenths of a pixel row.
    """

    long_px: int = 3024
    tilt: float = 0.09
    light: tuple[float, float] = (0.86, 0.96)
    noise: float = 3.5
    focus_px: tuple[float, float] = (0.7, 1.5)
    shake_px: tuple[float, float] = (0.8, 2.2)
    shaken_share: float = 0.4
    shade: tuple[float, float] = (0.62, 0.85)
    shade_edge: tuple[float, float] = (3, 12)
    shaded_share: float = 0.6


STEADY = Camera()


def photograph(page: NDArray[np.uint8], rng: np.random.Generator, camera: Camera = STEADY) -> DevicePicture:
    """A picture of `page` (H, W, 3): seen askew, unevenly lit, a little out of focus, noisy."""
    high, wide = page.shape[:2]
    lying = wide > high
    size = (camera.long_px, camera.long_px * 3 // 4) if lying else (camera.long_px * 3 // 4, camera.long_px)
    seen_corners = _seen_corners(page.shape, size, camera.tilt, rng)
    matrix = np.asarray(cv2.getPerspectiveTransform(_rectangle(wide, high), seen_corners), dtype=np.float64)
    table = _table(size, rng)
    _paper_shadow(table, matrix, page.shape, rng)
    seen = cv2.warpPerspective(page, matrix, size, table, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    soft = blur(_light(np.asarray(seen, dtype=np.uint8), camera, rng), rng.uniform(*camera.focus_px))
    if rng.random() < camera.shaken_share:
        soft = np.asarray(cv2.filter2D(soft, -1, _shake(camera.shake_px, rng)), dtype=np.uint8)
    orientation = int(rng.choice(ORIENTATIONS))
    return DevicePicture(add_noise(soft, camera.noise, rng), None, matrix, orientation)


def _rectangle(wide: float, high: float) -> NDArray[np.float32]:
    return np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)


def _seen_corners(
    shape: tuple[int, ...], size: tuple[int, int], most: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Where the page's corners are in the picture: filling most of it, turned a little, leaning away."""
    high, wide = shape[:2]
    fill = rng.uniform(0.78, 0.9) * min(size[0] / wide, size[1] / high)
    half = np.array([wide, high]) * fill / 2
    corners: Points = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    tilt = rng.uniform(-most, most, 2)  # by how much the far side is smaller, up-down and left-right
    lean = 1 + corners @ (tilt / half)
    corners = corners * lean[:, None]
    angle = np.radians(rng.normal(0, 2.5))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array(size) / 2 + rng.normal(0, 0.012, 2) * size
    return np.asarray(corners @ turn + middle, dtype=np.float32)


def _table(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A plain or grained table top, (H, W, 3)."""
    color = np.array(TABLES[int(rng.integers(len(TABLES)))], np.float32)
    rough = rng.normal(0, 1, (size[1] // 8, 12)).astype(np.float32)
    small = (size[0] // 4, size[1] // 4)
    streaks = cv2.resize(cv2.GaussianBlur(rough, (0, 0), 1.2), small, interpolation=cv2.INTER_CUBIC)
    grained = (color * (1 + 0.12 * streaks[..., None])).clip(0, 255).astype(np.uint8)
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


def _light(seen: NDArray[np.uint8], camera: Camera, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Uneven, tinted light; often the shadow of the phone or a hand across it."""
    high, wide = seen.shape[:2]
    rows, columns = np.mgrid[0 : high // 16, 0 : wide // 16].astype(np.float32)
    slope = rng.uniform(-0.16, 0.16, 2)
    slope = slope * camera.light[1] / STEADY.light[1]
    light = (
        rng.uniform(*camera.light) + slope[0] * (rows / rows.max() - 0.5) + slope[1] * (columns / columns.max() - 0.5)
    )
    if rng.random() < camera.shaded_share:
        light = light * _hand_shadow(light.shape, camera, rng)
    tint = np.array([1.0, rng.uniform(0.955, 0.99), rng.uniform(0.86, 0.97)], np.float32)
    full = cv2.resize(light.astype(np.float32)[..., None] * tint, (wide, high), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(seen, full, dtype=cv2.CV_8U), dtype=np.uint8)


def _hand_shadow(shape: tuple[int, ...], camera: Camera, rng: np.random.Generator) -> NDArray[np.float32]:
    high, wide = shape
    shade = np.ones(shape, np.float32)
    outline = np.array([[-0.1, 0.25], [0.35, 0.3], [0.6, 0.65], [0.55, 1.1], [-0.1, 1.1]]) + rng.normal(0, 0.12, (5, 2))
    if rng.random() < 0.5:
        outline[:, 0] = 1 - outline[:, 0]
    cv2.fillPoly(shade, [np.round(outline * [wide, high]).astype(np.int32)], float(rng.uniform(*camera.shade)))
    return np.asarray(cv2.GaussianBlur(shade, (0, 0), float(rng.uniform(*camera.shade_edge))), dtype=np.float32)


def _shake(most_px: tuple[float, float], rng: np.random.Generator) -> NDArray[np.float32]:
    """A straight motion blur."""
    half = int(np.ceil(most_px[1]))
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    angle, reach = rng.uniform(0, np.pi), rng.uniform(*most_px)
    along = np.array([np.cos(angle), np.sin(angle)]) * reach
    ends = np.round((half + np.array([-along, along])) * 16).astype(int)
    start, end = (int(ends[0, 0]), int(ends[0, 1])), (int(ends[1, 0]), int(ends[1, 1]))
    cv2.line(kernel, start, end, 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)
