"""What comes out of a channel, and what all channels do to paper."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.displacement import by_matrix
from pads.simulate.strokes import Mask, Points


@dataclass(frozen=True)
class DevicePicture:
    """A page as a device delivers it.

    `pixels` are (H, W) gray, (H, W) of only 0 and 255, or (H, W, 3) RGB, upright as the device means it to be seen.
    `dpi` is (horizontal, vertical), None when the device knows none. `matrix` (3, 3) takes pixels of the page at
    300 dpi to pixels here, whole numbers being the middles of pixels. `orientation` is the EXIF tag of the file.
    """

    pixels: NDArray[np.uint8]
    dpi: tuple[float, float] | None
    matrix: NDArray[np.float64]
    orientation: int = 1

    def to_picture(self, points: Points) -> Points:
        """Points (N, 2) of the page in pixels of this picture."""
        return by_matrix(self.matrix)(points)


def scale_matrix(x: float, y: float) -> NDArray[np.float64]:
    """(3, 3): `x` times as wide, `y` times as high, pixel edges kept on pixel edges; it moves middles of pixels."""
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])


def gray(color: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W) of (H, W, 3) RGB, as a gray scanner sees it."""
    return np.asarray(cv2.cvtColor(color, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def blur(page: NDArray[np.uint8], sigma_px: float) -> NDArray[np.uint8]:
    """The page out of focus."""
    return np.asarray(cv2.GaussianBlur(page, (0, 0), sigma_px), dtype=np.uint8)


def shrink(page: NDArray[np.uint8], size_px: tuple[int, int]) -> NDArray[np.uint8]:
    """The page made smaller to (width, height), each pixel the mean of those it covers."""
    return np.asarray(cv2.resize(page, size_px, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def add_noise(page: NDArray[np.uint8], sigma: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The page with sensor noise of standard deviation `sigma` gray levels."""
    noise = _noise(page.shape, sigma, rng)
    if page.ndim == 3:
        noise = np.repeat(noise[..., None], page.shape[2], axis=2)
    return np.asarray(cv2.add(page, noise, dtype=cv2.CV_8U), dtype=np.uint8)


def _noise(shape: tuple[int, ...], sigma: float, rng: np.random.Generator) -> NDArray[np.int8]:
    """(H, W); one tile repeated, which nobody sees and costs a tenth."""
    tile = (rng.standard_normal((1024, 1024), dtype=np.float32) * sigma).clip(-127, 127).astype(np.int8)
    height, width = shape[:2]
    rolled = np.tile(tile, (height // 1024 + 1, width // 1024 + 1))
    return rolled[:height, :width]


def add_specks(page: Mask, count: int, largest_px: float, rng: np.random.Generator) -> None:
    """Dust and stray toner: small dark blots anywhere on the page."""
    height, width = page.shape
    for _ in range(count):
        center = (int(rng.integers(width)), int(rng.integers(height)))
        size = np.maximum(rng.exponential(largest_px / 4, 2), 0.5).clip(0, largest_px)
        axes = (round(float(size[0]) * 8), round(float(size[1]) * 8))
        angle = float(rng.uniform(0, 180))
        shade = int(rng.integers(20, 130))
        cv2.ellipse(page, (center[0] * 16, center[1] * 16), axes, angle, 0, 360, shade, -1, cv2.LINE_AA, 4)
