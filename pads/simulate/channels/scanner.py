"""Flatbed and sheet-fed scanners."""

import numpy as np
from numpy.typing import NDArray

from pads.simulate.picture import DevicePicture, add_noise, add_specks, blur, scale_matrix, shrink

GRAY_DPI, BILEVEL_DPI, PAGE_DPI = 300, 200, 300
NOISE = 2.2  # gray levels; office scanners at 300 dpi show 1 to 4 on white
STREAK_SHARE = 0.12  # of scans from sheet-fed scanners with dust on the glass


def scan_gray(page: NDArray[np.uint8], rng: np.random.Generator) -> DevicePicture:
    """A 300 dpi gray scan: soft optics, lifted blacks, a lamp that is not quite even, noise, dust."""
    seen = blur(page, rng.uniform(0.6, 0.95))
    if rng.random() < STREAK_SHARE:
        _streak(seen, rng)
    add_specks(seen, int(rng.poisson(8)), 4, rng)
    pixels = add_noise(_curve(rng)[seen], NOISE, rng)
    return DevicePicture(pixels, (GRAY_DPI, GRAY_DPI), np.eye(3))


def scan_clean(page: NDArray[np.uint8], rng: np.random.Generator) -> DevicePicture:
    """A 300 dpi gray scan with the driver's background removal: paper is pure white."""
    scan = scan_gray(page, rng)
    levels = np.arange(256, dtype=np.float64)
    whitened = np.clip((levels - 8) * 255 / 216, 0, 255).astype(np.uint8)
    return DevicePicture(whitened[scan.pixels], scan.dpi, scan.matrix)


def scan_bilevel(page: NDArray[np.uint8], rng: np.random.Generator) -> DevicePicture:
    """A 200 dpi black-and-white scan: every pixel decided by a threshold, ragged edges, specks."""
    height, width = page.shape
    part = BILEVEL_DPI / PAGE_DPI
    seen = shrink(blur(page, rng.uniform(0.7, 1.1)), (round(width * part), round(height * part)))
    if rng.random() < STREAK_SHARE:
        _streak(seen, rng)
    add_specks(seen, int(rng.poisson(14)), 2.5, rng)
    seen = add_noise(seen, 7, rng)
    pixels = np.where(seen < rng.uniform(140, 185), 0, 255).astype(np.uint8)
    return DevicePicture(pixels, (BILEVEL_DPI, BILEVEL_DPI), scale_matrix(part, part))


def _curve(rng: np.random.Generator) -> NDArray[np.uint8]:
    """What the scanner makes of each gray: black is not quite black, paper not quite white."""
    black, white, gamma = rng.uniform(14, 42), rng.uniform(238, 251), rng.uniform(0.85, 1.15)
    return np.asarray(black + (white - black) * (np.arange(256) / 253.0).clip(0, 1) ** gamma, dtype=np.uint8)


def _streak(page: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """A speck on a sheet-fed scanner's glass draws a broken line down the page."""
    height, width = page.shape
    x = int(rng.integers(20, width - 20))
    thick = int(rng.integers(1, 3))
    shade = rng.normal(150, 25, (height, thick)).clip(60, 235)
    broken = rng.random((height // 40 + 1, 1)).repeat(40, axis=0)[:height] < 0.7
    column = page[:, x : x + thick]
    np.minimum(column, np.where(broken, shade, 255).astype(np.uint8), out=column)
