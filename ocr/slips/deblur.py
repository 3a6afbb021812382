"""A page that is out of focus, sharpened so that its corner marks can be found."""

import cv2
import numpy as np
from numpy.typing import NDArray

# Wiener's filter for a Gaussian blur of this standard deviation, on a page reduced to this long side (8 px of a letter
# page at 300 dpi). It finds the marks of scans blurred by 7 to 10 px and of photos by 6 to 8, where nothing is found
# without it; a wider one finds fewer (simulated slips).
LONG_SIDE_PX, BLUR_PX = 1700, 4.0
NOISE_SHARE = 1e-3  # of the signal's power; ten times as much finds fewer marks


def deblur(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page (H, W) as it may have been before it was blurred; of the same size, but no finer than LONG_SIDE_PX."""
    height, width = gray.shape
    factor = min(1.0, LONG_SIDE_PX / max(height, width))
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.float32)
    rows, columns = np.fft.fftfreq(small.shape[0])[:, None], np.fft.rfftfreq(small.shape[1])[None]
    passed = np.exp(-2 * (np.pi * BLUR_PX) ** 2 * (rows**2 + columns**2))
    restored = np.fft.irfft2(np.fft.rfft2(255 - small) * passed / (passed**2 + NOISE_SHARE), s=small.shape)
    sharp = (255 - restored).clip(0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(sharp, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
