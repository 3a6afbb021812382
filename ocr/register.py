"""Lay a slip over its blank form: warp it upright, then let the printed parts say how well it fits."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.groups import Group, apply
from ocr.ink import darkness
from ocr.scale import MM_PER_INCH, PX_PER_MM, REGISTERED_DPI
from ocr.template import LANDMARK_DPI, Landmark, Template

# How far from its place a printed part is looked for: marks leave 0.3 mm of doubt on a coarse fax and 1 mm
# in a photo of curled paper; with a lost mark the far corner is extrapolated, and may be 3 mm off.
SEARCH_MM = 1.2
SEARCH_LOST_MARK_MM = 3.0
# Two pictures of one printed part correlate above 0.8 on scans and 0.5 on a coarse fax (simulated slips).
SAME_PART = 0.45
# A printed part that lies where the design says to 0.1 mm needs no second warp.
WELL_PLACED_MM = 0.1
# Refused above this. Slips that lie flat measure 0.02 to 0.10 mm through every channel (simulated slips); a slip
# whose lost mark was made good badly measured 0.56 mm, with boxes 1.5 mm off at the far corner.
RESIDUAL_LIMIT_MM = 0.3
# Printed parts that an affine map leaves further off than this lie in perspective.
FLAT_RMS_MM = 0.12
PERSPECTIVE_LEAST = 10
OUTLIER_MM = 0.4
LANDMARKS_LEAST = 6
CORRECTIONS_MOST = 2  # the first search of a lost mark may miss the far corner, the second does not
# Fewer printed parts than this share, and it is another form, or one that is covered.
SEEN_SHARE_LEAST = 0.5
# A picture finer than 1.6 x the registered one is reduced first: bilinear sampling would skip pixels.
REDUCE_ABOVE = 1.6
# A perspective that moves no pixel by more is an affine map, which warps in half the time.
FLAT_BEND_PX = 0.2


@dataclass(frozen=True, eq=False)
class Fit:
    """A slip laid over its blank: the registered picture, its map to page pixels, and how well it fits.

    `residual_mm` is the root mean square of the distances at which printed parts were found from their
    places; `seen` the share of printed parts found at all.
    """

    picture: NDArray[np.uint8]
    to_page: NDArray[np.float64]
    residual_mm: float
    seen: float

    @property
    def trusted(self) -> bool:
        return self.residual_mm <= RESIDUAL_LIMIT_MM and self.seen >= SEEN_SHARE_LEAST


def warp(
    page: NDArray[np.uint8], to_page: NDArray[np.float64], size_px: tuple[int, int], dpi: float
) -> NDArray[np.uint8]:
    """The slip's picture of `size_px` (width, height) at REGISTERED_DPI; white where the page ends.

    `to_page` maps millimetres of the slip to page pixels; `dpi` is the slip's resolution on the page.
    """
    step = np.array([[1 / PX_PER_MM, 0, 0.5 / PX_PER_MM], [0, 1 / PX_PER_MM, 0.5 / PX_PER_MM], [0, 0, 1]])
    transform = to_page @ step
    source = page
    if dpi > REDUCE_ABOVE * REGISTERED_DPI:
        source, reduction = _reduced(page, to_page, size_px, REGISTERED_DPI / dpi)
        transform = reduction @ transform
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    transform = transform / transform[2, 2]
    bend_px = np.abs(transform[2, :2] * size_px).max() * max(size_px)
    if bend_px < FLAT_BEND_PX:
        flat = transform[:2]
        return np.asarray(cv2.warpAffine(source, flat, size_px, flags=flags, borderValue=255), np.uint8)
    return np.asarray(cv2.warpPerspective(source, transform, size_px, flags=flags, borderValue=255), np.uint8)


def register(page: NDArray[np.uint8], slip: Group, template: Template, upright: NDArray[np.uint8]) -> Fit:
    """Lay the slip over `template`, correcting the marks' map by what the printed parts say.

    `upright` is the slip warped by its marks alone.
    """
    to_page, picture = slip.to_page, upright
    whole = len(slip.markers) == 4
    places, offsets = find_landmarks(picture, template.landmarks, SEARCH_MM if whole else SEARCH_LOST_MARK_MM)
    for _ in range(CORRECTIONS_MOST):
        if len(places) < LANDMARKS_LEAST or _rms(offsets) <= WELL_PLACED_MM:
            break
        to_page = to_page @ _correction(places, offsets)
        picture = warp(page, to_page, template.size_px, slip.dpi)
        places, offsets = find_landmarks(picture, template.landmarks, SEARCH_MM)
    seen = len(places) / max(1, len(template.landmarks))
    return Fit(picture, to_page, max(_rms(offsets), 0.0), seen)


def find_landmarks(
    picture: NDArray[np.uint8], landmarks: Sequence[Landmark], search_mm: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres of the printed parts found, and how far off each was found; both (N, 2) in millimetres."""
    scale = LANDMARK_DPI / MM_PER_INCH
    shape = (round(picture.shape[1] * scale / PX_PER_MM), round(picture.shape[0] * scale / PX_PER_MM))
    small = cv2.resize(darkness(picture), shape, interpolation=cv2.INTER_AREA)
    reach = round(search_mm * scale)
    framed = cv2.copyMakeBorder(small, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    places, offsets = [], []
    for mark in landmarks:
        left, top = round(mark.box_mm.x * scale), round(mark.box_mm.y * scale)
        height, width = mark.picture.shape
        window = framed[top : top + height + 2 * reach, left : left + width + 2 * reach]
        if window.shape != (height + 2 * reach, width + 2 * reach):
            continue
        at, score = _peak(np.asarray(cv2.matchTemplate(window, mark.picture, cv2.TM_CCOEFF_NORMED), np.float32))
        if score >= SAME_PART:
            places.append(mark.box_mm.centre)
            offsets.append((at - reach) / scale)
    return np.array(places, np.float64).reshape(-1, 2), np.array(offsets, np.float64).reshape(-1, 2)


def corners_rms_mm(fit: Fit, slip: Group) -> float:
    """How far the slip's marks lie from where the final map puts them."""
    mm = np.concatenate([slip.size.marker_corners_mm(mark.number) for mark in slip.markers])
    px = np.concatenate([mark.corners_px for mark in slip.markers])
    return _rms(apply(fit.to_page, mm) - px) / (slip.dpi / MM_PER_INCH)


def _peak(scores: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    """The best place (x, y) to a fraction of a pixel, by a parabola through its neighbours, and its score."""
    _, best, _, (x, y) = cv2.minMaxLoc(scores)
    at = np.array([x, y], np.float64)
    height, width = scores.shape
    if 0 < x < width - 1:
        at[0] += _vertex(scores[y, x - 1], best, scores[y, x + 1])
    if 0 < y < height - 1:
        at[1] += _vertex(scores[y - 1, x], best, scores[y + 1, x])
    return at, float(best)


def _vertex(before: float, best: float, after: float) -> float:
    bend = before - 2 * best + after
    return float(0.5 * (before - after) / bend) if bend < -1e-9 else 0.0


def _correction(places: NDArray[np.float64], offsets: NDArray[np.float64]) -> NDArray[np.float64]:
    """The map, in millimetres, from where the design prints to where the print was found: affine if that will do."""
    there = places + offsets
    flat, _ = cv2.estimateAffine2D(places, there, method=cv2.RANSAC, ransacReprojThreshold=OUTLIER_MM)
    affine = np.eye(3) if flat is None else np.vstack([flat, (0.0, 0.0, 1.0)])
    if len(places) < PERSPECTIVE_LEAST or _rms(apply(affine, places) - there) <= FLAT_RMS_MM:
        return affine
    tilted, _ = cv2.findHomography(places, there, cv2.RANSAC, OUTLIER_MM)
    return affine if tilted is None else np.asarray(tilted, np.float64)


def _reduced(
    page: NDArray[np.uint8], to_page: NDArray[np.float64], size_px: tuple[int, int], factor: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The slip's part of the page, reduced by `factor`, and the map from page pixels to it."""
    width, height = (length / PX_PER_MM for length in size_px)
    corners = apply(to_page, np.array([(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]))
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 4, 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 4, page.shape[::-1])
    crop = page[low[1] : high[1], low[0] : high[0]]
    if crop.size == 0:
        return page, np.eye(3)
    small = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    fx, fy = small.shape[1] / crop.shape[1], small.shape[0] / crop.shape[0]
    move = np.array([[fx, 0, (0.5 - low[0]) * fx - 0.5], [0, fy, (0.5 - low[1]) * fy - 0.5], [0, 0, 1]])
    return np.asarray(small, np.uint8), move


def _rms(vectors: NDArray[np.float64]) -> float:
    return float(np.sqrt((vectors**2).sum(axis=1).mean())) if len(vectors) else 0.0
