"""Detect the corner marks of slips on a page, to a fraction of a pixel."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.pad import FIDUCIAL_IDS

# Searched first at a size that shows a 7 mm marker of a letter page as 30 to 45 px, then finer. The passes
# cost 8 ms and 25 ms; when the first finds whole slips the second is skipped.
DETECTION_LONG_SIDES_PX = (1700, 3400)
# A first look, at which a 7 mm marker of a letter page has 27 px and only one window is tried: 5 ms instead of 19 on a
# page of two slips; a sheet of one is found in 22 ms instead of 34. It counts where it shows all that is on the page.
QUICK_LONG_SIDE_PX = 1100
# A fax page can be five feet long. One longer than this many widths is looked at in pieces of so many widths, the next
# beginning where this share of the last is left, which no marker is too large for.
PIECE_WIDTHS = 2.5
PIECE_OVERLAP = 0.2
MARKER_MODULES = 6  # 4 x 4 bits and a black border of one module
# A corner is refined within 0.4 module of where it was found, so that no neighboring edge can pull it.
REFINE_MODULES = 0.4
REFINE_MOST_PX = 12


@dataclass(frozen=True, eq=False)
class Marker:
    """One marker: its id (0-3) and corners (4, 2) in page pixels, clockwise from its own top left."""

    number: int
    corners_px: NDArray[np.float64]

    @cached_property
    def center_px(self) -> NDArray[np.float64]:
        return np.asarray(self.corners_px.mean(axis=0), np.float64)

    @cached_property
    def side_px(self) -> float:
        return float(np.linalg.norm(self.corners_px - np.roll(self.corners_px, 1, axis=0), axis=1).mean())


def detect_markers(gray: NDArray[np.uint8], long_side_px: int, *, quick: bool = False) -> tuple[Marker, ...]:
    """All markers that show when the page is reduced, by a whole number, to a long side of at most `long_side_px`.

    Of a long strip of paper it is each piece that is so reduced. A `quick` look costs half, and may miss a pale one.
    """
    found: tuple[Marker, ...] = ()
    for left, top, piece in _pieces(gray, long_side_px):
        reduction = -(-max(piece.shape) // long_side_px)
        corners, numbers, _ = _detector(quick).detectMarkers(reduce_size(piece, reduction))
        if numbers is None:
            continue
        shown = (
            Marker(int(number), (corner.reshape(4, 2).astype(np.float64) + 0.5) * reduction - 0.5 + (left, top))
            for number, corner in zip(numbers.ravel(), corners, strict=True)
        )
        found = merge_markers(found, tuple(_refine_corners(gray, marker) for marker in shown))
    return found


def merge_markers(first: tuple[Marker, ...], second: tuple[Marker, ...]) -> tuple[Marker, ...]:
    """The markers of the second pass, and those that only the first pass found."""

    def seen(mark: Marker) -> bool:
        return any(np.linalg.norm(mark.center_px - other.center_px) < mark.side_px / 2 for other in second)

    return (*second, *(mark for mark in first if not seen(mark)))


def _pieces(gray: NDArray[np.uint8], least_px: int) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """The page, or the pieces of a long one, none shorter than `least_px` by itself: left, top and pixels of each."""
    height, width = gray.shape
    length = max(round(PIECE_WIDTHS * min(height, width)), least_px)
    for start in range(
        0, max(1, max(height, width) - round(PIECE_OVERLAP * length)), round((1 - PIECE_OVERLAP) * length)
    ):
        if height >= width:
            yield 0, start, gray[start : start + length]
        else:
            yield start, 0, gray[:, start : start + length]


def reduce_size(gray: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    """The mean of each `by` x `by` pixels; whole numbers take OpenCV's fast path, 2 instead of 11 ms a page.

    An odd number of pixels has one in its middle, to which a blur brings the same mean in two thirds of the time.
    """
    height, width = (length // by for length in gray.shape)
    if by == 1 or min(height, width) < 1:
        return gray
    whole = gray[: height * by, : width * by]
    if by % 2:
        return np.ascontiguousarray(np.asarray(cv2.blur(whole, (by, by)), np.uint8)[by // 2 :: by, by // 2 :: by])
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


@cache
def _detector(quick: bool) -> cv2.aruco.ArucoDetector:
    """ArUco (Garrido-Jurado et al. 2014) with only the four ids that pads print.

    The four differ in at least 7 of 16 bits, so one wrong bit is safely repaired; a mirrored marker
    stays 2 bits away from all of them, and is refused.
    """
    every = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    ours = cv2.aruco.Dictionary(every.bytesList[: len(FIDUCIAL_IDS)].copy(), every.markerSize, 1)
    settings = cv2.aruco.DetectorParameters()
    settings.errorCorrectionRate = 1.0
    settings.minMarkerPerimeterRate = 0.04  # of the long side: a 7 mm marker on 60 cm of fax paper
    # Windows near the size of a module, at both sizes that a page is looked at; a third costs 4 ms and found none more.
    least_px = 23 if quick else 7
    settings.adaptiveThreshWinSizeMin, settings.adaptiveThreshWinSizeMax = least_px, 23
    settings.adaptiveThreshWinSizeStep = 16
    settings.polygonalApproxAccuracyRate = 0.05
    return cv2.aruco.ArucoDetector(ours, settings)


def _refine_corners(gray: NDArray[np.uint8], marker: Marker) -> Marker:
    half = min(REFINE_MOST_PX, max(2, round(REFINE_MODULES * marker.side_px / MARKER_MODULES)))
    margin = half + 3
    low = np.maximum(np.floor(marker.corners_px.min(axis=0)).astype(int) - margin, 0)
    high = np.ceil(marker.corners_px.max(axis=0)).astype(int) + margin + 1
    crop = np.ascontiguousarray(gray[low[1] : high[1], low[0] : high[0]])
    start = (marker.corners_px - low).astype(np.float32).reshape(-1, 1, 2)
    if min(crop.shape) <= 2 * half + 5:
        return marker
    until = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.01)
    found = cv2.cornerSubPix(crop, start, (half, half), (-1, -1), until).reshape(4, 2).astype(np.float64) + low
    moved = np.linalg.norm(found - marker.corners_px, axis=1)
    sane = (moved <= half)[:, None]
    return Marker(marker.number, np.where(sane, found, marker.corners_px))
