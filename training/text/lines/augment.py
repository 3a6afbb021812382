"""Lines that differ a little each time they are shown: without that the network learns single lines by heart."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.strokes import smooth_noise

Picture = NDArray[np.uint8]
PAPER = 255
# Shares of the height: how much a line leans, how far its baseline and its letters' widths wander, and its size.
LEAN, DRIFT, STRETCH = 0.1, 0.025, 0.05
SIZES = (0.78, 1.06)
THINNER_SHARE, THICKER_SHARE, BLURRED_SHARE, PALER_SHARE, SPECKLED_SHARE = 0.6, 0.08, 0.3, 0.3, 0.1
# Lines drawn for training have strokes of 4.0 px (median, at 48 px of height), real English lines 2.2 px: most are
# thinned by one pixel or two, as far as this share of their ink stays.
KERNELS_PX = (2, 3)
INK_LEAST = 0.45
BLUR_PX = (0.3, 1.1)
INK_LEFT = (0.55, 1.0)
SPECKS_MOST, SPECK_PX = 6, 3


def varied(picture: Picture, width: int, rng: np.random.Generator) -> Picture:
    """The line (H, W) as (H, width), bent, resized, thinner or thicker, paler and speckled by chance."""
    bent = _bent(_other_pen(picture, rng), width, rng)
    if rng.random() < BLURRED_SHARE:
        bent = np.asarray(cv2.GaussianBlur(bent, (0, 0), rng.uniform(*BLUR_PX)), np.uint8)
    if rng.random() < PALER_SHARE:
        bent = np.asarray(PAPER - (PAPER - bent) * rng.uniform(*INK_LEFT), np.uint8)
    if rng.random() < SPECKLED_SHARE:
        for _ in range(int(rng.integers(1, SPECKS_MOST))):
            y, x = (int(rng.integers(0, side)) for side in bent.shape)
            bent[y : y + int(rng.integers(1, SPECK_PX)), x : x + int(rng.integers(1, SPECK_PX))] = rng.integers(0, 120)
    return bent


def _other_pen(picture: Picture, rng: np.random.Generator) -> Picture:
    drawn, most = rng.random(), 1.0
    if drawn > THINNER_SHARE + THICKER_SHARE:
        return picture
    ink = PAPER - picture.astype(np.float32)
    if drawn < THINNER_SHARE:
        side = KERNELS_PX[int(rng.integers(len(KERNELS_PX)))]
        other = cv2.erode(ink, np.ones((side, side), np.uint8))
        lost = 1 - other.sum() / max(ink.sum(), 1.0)
        most = min(1.0, (1 - INK_LEAST) / max(lost, 1e-6))
    else:
        other = cv2.dilate(ink, np.ones((2, 2), np.uint8))
    changed = ink + rng.uniform(0.2, most) * (other - ink)
    return np.asarray(PAPER - changed * (ink.max() / max(changed.max(), 1.0)), np.uint8)


def _bent(picture: Picture, width: int, rng: np.random.Generator) -> Picture:
    height, was = picture.shape
    size, across = rng.uniform(*SIZES), width / was
    xs, ys = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    middle = height / 2
    drift = height * (rng.normal(0, DRIFT) + DRIFT * smooth_noise(width, 3.0 * height, rng))
    lean = rng.normal(0, LEAN)
    from_y = middle + (ys - middle) / size + drift
    wander = STRETCH * height * smooth_noise(width, 0.7 * height, rng) * across
    from_x = (xs + wander + lean * (ys - middle)) / across
    maps = (np.broadcast_to(from_x, (height, width)), np.broadcast_to(from_y, (height, width)))
    x_map, y_map = (np.ascontiguousarray(one, np.float32) for one in maps)
    border = cv2.BORDER_CONSTANT
    return np.asarray(cv2.remap(picture, x_map, y_map, cv2.INTER_LINEAR, borderMode=border, borderValue=(PAPER,)))
