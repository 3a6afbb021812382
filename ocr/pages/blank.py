"""Whether a page is blank: nothing on it has structure, at any contrast and any sharpness."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.pages.flatten import darkness_of_page
from ocr.pages.wear import without_wear
from schemas.geometry import MM_PER_INCH

# Looked at in cells of 0.25 mm, without the margins in which machines print and paper tears.
LOOK_DPI = 100.0
PX_PER_MM = LOOK_DPI / MM_PER_INCH
LETTER_LONG_PX = 1100  # a page that tells no resolution is taken for a letter page
MARGIN = 0.04
# From a pen's line to a slip blurred over 8 mm, in mm: each scale looks at what is larger than itself and smaller than
# twice that.
SCALES_MM = (0.25, 0.5, 1.0, 2.0)
# Specks of dust, one or two, are no larger than this where nothing is beside them; at the coarser scales they would
# spread to the size of a word.
SPECK_MM, SPECK_EDGE_PX = 3.0, 2
# Noise is measured in tiles of 16 mm, of which those count where least is written. Below the floor (gray levels) lie
# the steps of 8 bits and JPEG's own patterns.
TILE_PX, NOISE_FLOOR = 64, 0.2
# The median absolute deviation is blind to dots that fill less than half of a tile, as on a gray page in black and
# white: there a high percentile tells. Each as a normal distribution has it, and the percentile of the tiles taken.
MEDIAN_TO_DEVIATION, QUIET_BY_MEDIAN = 1.4826, 15
HIGH, HIGH_TO_DEVIATION, QUIET_BY_HIGH = 95, 1 / 1.96, 5
# White noise halves from scale to scale. What falls more slowly than paper's grain does (up to this factor) is ink.
GRAIN = 3.0
# Normal noise exceeds this once in 10^9 cells; the specks of a bad fax do, and are kept out by their size.
OUTLIER = 6.0
# Strokes less than 2 mm apart belong together. Clusters of specks on faxed blank pages measure 13 mm2 at most, the
# shortest note, two words at 5 % contrast, 22 (simulated).
TOGETHER_MM, GROUP_LEAST_MM2, INK_LEAST_MM2 = 1.0, 8.0, 18.0
# A shadow lies along the paper's edge; a fold runs from edge to edge.
EDGE_SHADOW_MM, EDGE_SHADOW_SHARE = 12.0, 0.25
EDGE_SHADOW_PART_MM, EDGE_SHADOW_LONG = 3.0, 4.0
FOLD_MM, FOLD_SHARE = 9.0, 0.93


def is_blank(gray: NDArray[np.uint8], dpi: float | None) -> bool:
    """Whether nothing on a page (H, W) has structure.

    Grain, specks, changes of light, punched holes, streaks, folds, folded corners and print in the margins have none. A
    slip's print has, however pale or blurred: it is an outlier from the page's own noise at one scale or another. That
    is the difference of Gaussians of Marr and Hildreth (1980) at four scales, against the noise that the median
    absolute deviation estimates robustly at each (Donoho and Johnstone 1994, for wavelets).
    """
    return not has_structure(look(gray, dpi))


def look(gray: NDArray[np.uint8], dpi: float | None) -> NDArray[np.float32]:
    """The darkness of a page (H, W) at LOOK_DPI, as `has_structure` looks at it."""
    factor = min(1.0, LOOK_DPI / dpi if dpi else LETTER_LONG_PX / max(gray.shape))
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return darkness_of_page(np.asarray(small, np.uint8))


def has_structure(dark: NDArray[np.float32]) -> bool:
    """Whether anything stands out on a page's darkness (H, W) at LOOK_DPI."""
    rim_y, rim_x = (max(1, round(MARGIN * length)) for length in dark.shape)
    middle = dark[rim_y:-rim_y, rim_x:-rim_x]
    if not middle.size:
        return False
    return sum(_groups_mm2(_outliers(without_wear(middle, PX_PER_MM)))) >= INK_LEAST_MM2


def _outliers(dark: NDArray[np.float32]) -> NDArray[np.uint8]:
    """1 where a place is darker than its surroundings by more than noise explains, at any scale; (H, W)."""
    finest = _band(dark, SCALES_MM[0])
    noise = _noise(finest)
    clean = _without_specks(dark, (finest > OUTLIER * max(noise, NOISE_FLOOR)).astype(np.uint8))
    found, most = np.zeros(dark.shape, np.bool_), GRAIN * noise
    for scale_mm in SCALES_MM:
        band = _band(clean, scale_mm)
        found |= band > OUTLIER * max(min(_noise(band), most), NOISE_FLOOR)
        most /= 2
    return found.astype(np.uint8)


def _band(dark: NDArray[np.float32], scale_mm: float) -> NDArray[np.float32]:
    """What is as large as a scale, of a darkness (H, W)."""
    sigma = scale_mm * PX_PER_MM
    return np.asarray(cv2.GaussianBlur(dark, (0, 0), sigma) - cv2.GaussianBlur(dark, (0, 0), 2 * sigma), np.float32)


def _without_specks(dark: NDArray[np.float32], fine: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The darkness (H, W) with what is small and alone among its `fine` outliers made paper."""
    _, labels, stats, _ = _groups(fine)
    most = (SPECK_MM + 2 * TOGETHER_MM) * PX_PER_MM
    small = (stats[:, 2] <= most) & (stats[:, 3] <= most)
    small[0] = False
    specks = (small[labels] & (fine > 0)).astype(np.uint8)
    size = 2 * SPECK_EDGE_PX + 1
    clean = dark.copy()
    clean[cv2.dilate(specks, np.ones((size, size), np.uint8)) > 0] = 0
    return clean


def _noise(band: NDArray[np.float32]) -> float:
    """The standard deviation of what is noise in a band of scales (H, W)."""
    side = min(TILE_PX, *band.shape)
    rows, columns = (length // side for length in band.shape)
    whole = band[: rows * side, : columns * side]
    tiles = whole.reshape(rows, side, columns, side).transpose(0, 2, 1, 3).reshape(rows * columns, -1)
    off = np.abs(tiles - np.median(tiles, axis=1, keepdims=True))
    by_median = MEDIAN_TO_DEVIATION * np.percentile(np.median(off, axis=1), QUIET_BY_MEDIAN)
    by_high = HIGH_TO_DEVIATION * np.percentile(np.percentile(off, HIGH, axis=1), QUIET_BY_HIGH)
    return float(max(by_median, by_high))


def _groups(outliers: NDArray[np.uint8]) -> tuple[int, NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Strokes that belong together, as OpenCV labels components."""
    size = 2 * round(TOGETHER_MM * PX_PER_MM) + 1
    joined = cv2.dilate(outliers, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    labels, stats, middles = find_parts(np.asarray(joined, np.uint8))
    return len(stats), np.asarray(labels, np.int32), stats, middles


def _groups_mm2(outliers: NDArray[np.uint8]) -> Iterator[float]:
    """The area of each group of strokes that is neither specks nor a shadow nor a fold."""
    _, labels, stats, _ = _groups(outliers)
    areas = np.bincount(labels[outliers > 0], minlength=len(stats)) / PX_PER_MM**2
    for number in np.flatnonzero(areas >= GROUP_LEAST_MM2):
        if number and not _is_shadow_or_fold(stats[number], labels, int(number)):
            yield float(areas[number])


def _is_shadow_or_fold(stat: NDArray[np.int32], labels: NDArray[np.int32], number: int) -> bool:
    x, y, width, height = (int(value) for value in stat[:4])
    high, wide = labels.shape
    beside, above = x == 0 or x + width == wide, y == 0 or y + height == high
    if (beside and _is_shadow(height, width, high)) or (above and _is_shadow(width, height, wide)):
        return True
    if max(width / wide, height / high) < FOLD_SHARE:
        return False
    ys, xs = np.nonzero(labels[y : y + height, x : x + width] == number)
    _, sides, _ = cv2.minAreaRect(np.column_stack([xs, ys]).astype(np.float32))
    return min(sides) <= FOLD_MM * PX_PER_MM


def _is_shadow(long: int, thick: int, side: int) -> bool:
    """Whether what lies along a side of so many pixels is thin enough for a shadow, or a part of one."""
    whole = long >= EDGE_SHADOW_SHARE * side and thick <= EDGE_SHADOW_MM * PX_PER_MM
    return whole or (long >= EDGE_SHADOW_LONG * thick and thick <= EDGE_SHADOW_PART_MM * PX_PER_MM)
