"""Where the printed parts of a form show on a slip, and which map brings them to their places."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.markers.group import apply_homography
from ocr.registration.transform import bend_terms
from ocr.scale import PX_PER_MM
from ocr.template import LANDMARK_DPI, Landmark
from schemas.geometry import MM_PER_INCH

# Two pictures of one printed part correlate above 0.8 on scans and 0.5 on a coarse fax (simulated slips).
SAME_PART = 0.45
# A part this far off is probably another part that looks alike, or lies on another sheet: its weight falls to half.
DOUBT_MM = 0.4
ROUNDS = 10  # of reweighting; further rounds change the result by less than 0.01 mm
# Printed parts that an affine map leaves further off than this lie in perspective.
FLAT_RMS_MM = 0.12
PERSPECTIVE_LEAST = 10
BEND_LEAST = 16


@dataclass(frozen=True, eq=False)
class LandmarkMatches:
    """Which landmarks show (N,), and how far each lies off its place, (N, 2) in millimeters; zero where unseen."""

    shows: NDArray[np.bool_]
    off_mm: NDArray[np.float64]

    @property
    def share(self) -> float:
        return float(self.shows.mean()) if len(self.shows) else 0.0


def find_landmarks(dark: NDArray[np.uint8], landmarks: Sequence[Landmark], search_mm: float) -> LandmarkMatches:
    """Look for each of `landmarks` around its place on a slip's darkness (H, W) at REGISTERED_DPI."""
    scale = LANDMARK_DPI / MM_PER_INCH
    shape = (round(dark.shape[1] * scale / PX_PER_MM), round(dark.shape[0] * scale / PX_PER_MM))
    small = cv2.resize(dark, shape, interpolation=cv2.INTER_AREA)
    reach = round(search_mm * scale)
    framed = cv2.copyMakeBorder(small, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    shows, off_mm = np.zeros(len(landmarks), np.bool_), np.zeros((len(landmarks), 2))
    for index, mark in enumerate(landmarks):
        left, top = round(mark.box_mm.x * scale), round(mark.box_mm.y * scale)
        height, width = mark.picture.shape
        window = framed[top : top + height + 2 * reach, left : left + width + 2 * reach]
        if window.shape != (height + 2 * reach, width + 2 * reach):
            continue
        at, score = _peak(np.asarray(cv2.matchTemplate(window, mark.picture, cv2.TM_CCOEFF_NORMED), np.float32))
        if score >= SAME_PART:
            shows[index], off_mm[index] = True, (at - reach) / scale
    return LandmarkMatches(shows, off_mm)


def flat_correction(places: NDArray[np.float64], off_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """The map (3, 3) from where the design prints, (N, 2), to where the print was found: affine if that will do.

    Two starting points are tried, all parts and only those that agree (RANSAC), and the better fit is taken: the first
    works where paper is bent or folded, the second where parts that look alike were found in wrong places.
    """
    there = places + off_mm
    agreed, _ = cv2.estimateAffine2D(places, there, method=cv2.RANSAC, ransacReprojThreshold=DOUBT_MM)
    starts = [np.ones(len(places))]
    if agreed is not None:
        starts.append(_weights(apply_homography(np.vstack([agreed, (0.0, 0.0, 1.0)]), places) - there))
    affine = min(
        (_fit_weighted(places, there, start) for start in starts), key=lambda found: _cost(found, places, there)
    )
    left = np.linalg.norm(apply_homography(affine, places) - there, axis=1)
    near = left <= 3 * DOUBT_MM
    if near.sum() < PERSPECTIVE_LEAST or float(np.sqrt((left[near] ** 2).mean())) <= FLAT_RMS_MM:
        return affine
    tilted, _ = cv2.findHomography(places[near], there[near], cv2.RANSAC, DOUBT_MM)
    if tilted is None or _cost(np.asarray(tilted, np.float64), places, there) >= _cost(affine, places, there):
        return affine
    return np.asarray(tilted, np.float64)


def bend_of(
    places: NDArray[np.float64], off_mm: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit bent paper: an affine map (3, 3) and the bend (3, 2) before it, as `SlipTransform` has them."""
    terms = np.column_stack([places, np.ones(len(places)), bend_terms(places)])
    weights = np.ones(len(places))
    for _ in range(ROUNDS):
        found, *_ = np.linalg.lstsq(terms * weights[:, None], (places + off_mm) * weights[:, None], rcond=None)
        weights = np.sqrt(_weights(terms @ found - places - off_mm))
    affine = np.vstack([found[:3].T, (0.0, 0.0, 1.0)])
    return affine, np.asarray(found[3:] @ np.linalg.inv(affine[:2, :2]).T, np.float64)


def _fit_weighted(
    places: NDArray[np.float64], there: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The affine map that most parts agree on: each is weighted by how far off it lies (Cauchy's weights)."""
    terms = np.column_stack([places, np.ones(len(places))])
    found = np.zeros((3, 2))
    for _ in range(ROUNDS):
        roots = np.sqrt(weights)[:, None]
        found, *_ = np.linalg.lstsq(terms * roots, there * roots, rcond=None)
        weights = _weights(terms @ found - there)
    return np.vstack([found.T, (0.0, 0.0, 1.0)])


def _weights(left: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + (left**2).sum(axis=1) / DOUBT_MM**2), np.float64)


def _cost(matrix: NDArray[np.float64], places: NDArray[np.float64], there: NDArray[np.float64]) -> float:
    """What Cauchy's weights minimize."""
    return float(np.log1p(((apply_homography(matrix, places) - there) ** 2).sum(axis=1) / DOUBT_MM**2).sum())


def _peak(scores: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    """The best place (x, y) to a fraction of a pixel, by a parabola through its neighbors, and its score."""
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
