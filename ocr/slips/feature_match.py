"""Slips of forms that others have printed: found by image features of the whole form, without marks or code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.markers.group import MarkerGroup, SlipSize, apply_homography
from ocr.page import Page
from ocr.scale import REGISTERED_DPI
from ocr.template import Template
from schemas.geometry import MM_PER_INCH

# Letters of 8 pt are 10 px high at this resolution, and a coarse fax has no more to tell. A letter page takes 0.4 s; at
# 120 dpi it takes 0.7 s, and no slip more was found.
MATCH_DPI = 90
# A photo's resolution is unknown: it is searched as if a slip filled it, and then as if half of it. Features of
# twice the size are hardly found among so many small ones (27 to 80 of 1,000 on real pages that told no resolution).
PHOTO_LONG_SIDES_PX = (1000, 1800)
# A black-and-white scan's ragged edges would be features of their own.
SOFTEN_PX = 1.0
BLANK_FEATURES, PAGE_FEATURES = 2000, 4000
# A feature counts when the next best on the blank is so much worse (Lowe 2004, 7.1).
RATIO = 0.8
PHOTO_ROOM = 1.2  # a slip fills a photo but for this, or less of it
OFF_MOST_MM = 1.5  # features agree on one map to this; what the printed parts then say is finer
ITERATIONS, CONFIDENCE = 2000, 0.999
# Of a filled slip's features 300 to 900 agree on one map, on a coarse fax 390 to 500, on a small photo 165 (simulated
# slips), on real survey pages some 500; on none of 40 scanned business forms as many as AGREE_LEAST of another form's.
AGREE_LEAST, AGREE_SURELY = 25, 100
# Another design is a rival when this share as many of its features agree in the same place.
RIVAL_SHARE = 0.5
SLIPS_MOST = 4
# No print or copy is that far off the design's size, on a page that knows its resolution; nor that stretched.
SCALE_MOST, STRETCH_MOST = 1.35, 1.3


@dataclass(frozen=True, eq=False)
class FeatureMatch:
    """A slip of an adopted design, placed by its features; `agree` of them agree on the place."""

    slip: MarkerGroup
    template: Template
    agree: int


@dataclass(frozen=True, eq=False)
class _Features:
    """Places (N, 2) in pixels of the picture, and descriptors (N, 128)."""

    places: NDArray[np.float64]
    descriptors: NDArray[np.float32]

    def selected(self, kept: NDArray[np.bool_]) -> "_Features":
        return _Features(self.places[kept], self.descriptors[kept])


def find_by_features(page: Page, templates: Sequence[Template]) -> Iterator[tuple[FeatureMatch, ...]]:
    """Each slip on the page: its likeliest design, then similar designs between which the print must decide."""
    left, matches = _match_at_best_scale(page, templates)
    for _ in range(SLIPS_MOST):
        if not matches:
            return
        best = max(matches, key=lambda match: match.agree)
        yield (best, *(match for match in matches if match is not best and _is_rival(match, best)))
        left = left.selected(~_inside(best.slip.corners_px, left.places))
        matches = _match_templates(left, page, templates)


def _match_at_best_scale(page: Page, templates: Sequence[Template]) -> tuple[_Features, list[FeatureMatch]]:
    """The page's features at the size at which most agree on a design, and what they agree on."""
    longest = max(page.gray.shape)
    factors = [MATCH_DPI / page.dpi] if page.dpi else [side_px / longest for side_px in PHOTO_LONG_SIDES_PX]
    looks: list[tuple[_Features, list[FeatureMatch]]] = []
    for factor in factors:
        features = _features(page.gray, min(1.0, factor), PAGE_FEATURES)
        looks.append((features, _match_templates(features, page, templates)))
        if _most_agreeing(looks[-1][1]) >= AGREE_SURELY:
            break
    return max(looks, key=lambda look: _most_agreeing(look[1]))


def _most_agreeing(matches: Sequence[FeatureMatch]) -> int:
    return max((match.agree for match in matches), default=0)


def _match_templates(left: _Features, page: Page, templates: Sequence[Template]) -> list[FeatureMatch]:
    return [match for template in templates if (match := _match_template(left, page, template)) is not None]


def _match_template(left: _Features, page: Page, template: Template) -> FeatureMatch | None:
    known = _features_of_blank(template)
    if min(len(left.descriptors), len(known.descriptors)) < AGREE_LEAST:
        return None
    ours, theirs = _match_descriptors(left.descriptors, known.descriptors)
    if len(ours) < AGREE_LEAST:
        return None
    seen, mm = left.places[ours], known.places[theirs] * (MM_PER_INCH / MATCH_DPI)
    longest_mm = max(template.design.width_mm, template.design.height_mm)
    px_per_mm = page.dpi / MM_PER_INCH if page.dpi else max(page.gray.shape) / (PHOTO_ROOM * longest_mm)
    matrix, agreed = cv2.findHomography(
        mm, seen, cv2.RANSAC, OFF_MOST_MM * px_per_mm, maxIters=ITERATIONS, confidence=CONFIDENCE
    )
    if matrix is None or int(agreed.sum()) < AGREE_LEAST:
        return None
    design = template.design
    slip = MarkerGroup(SlipSize(design.width_mm, design.height_mm), (), np.asarray(matrix, np.float64), 0.0)
    # One place on the blank may be claimed from all over the page: each counts once.
    agree = len(np.unique(theirs[np.flatnonzero(agreed)]))
    return FeatureMatch(slip, template, agree) if agree >= AGREE_LEAST and _is_sheet(slip, page) else None


def _match_descriptors(
    descriptors: NDArray[np.float32], known: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which of the page's features are which of the blank's: indices (M,) of both, where one clearly beats the next.

    Descriptions have length 1, so that distances follow from products, which machines are quickest at.
    """
    alike = descriptors @ known.T
    best = alike.argmax(axis=1)
    rows = np.arange(len(descriptors))
    nearest = alike[rows, best]
    alike[rows, best] = -1
    clear = 1 - nearest < RATIO**2 * (1 - alike.max(axis=1))
    return np.flatnonzero(clear), best[clear]


def _is_sheet(slip: MarkerGroup, page: Page) -> bool:
    """Whether the map could be that of a sheet of paper: not mirrored, not folded over, not absurdly large or long."""
    corners = slip.corners_px
    if np.linalg.det(slip.to_page[:2, :2]) <= 0 or not cv2.isContourConvex(
        corners.astype(np.float32).reshape(-1, 1, 2)
    ):
        return False
    if page.dpi is None:
        return True
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    wide, high = (sides[0] + sides[2]) / 2 / slip.size.width_mm, (sides[1] + sides[3]) / 2 / slip.size.height_mm
    scale = slip.dpi / page.dpi
    return 1 / SCALE_MOST < scale < SCALE_MOST and 1 / STRETCH_MOST < wide / high < STRETCH_MOST


def _is_rival(other: FeatureMatch, best: FeatureMatch) -> bool:
    middle = apply_homography(other.slip.to_page, other.slip.size.corners_mm()).mean(axis=0, keepdims=True)
    return other.agree >= RIVAL_SHARE * best.agree and bool(_inside(best.slip.corners_px, middle)[0])


def _inside(outline: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of `points` (N, 2) lie in the convex `outline` (4, 2), clockwise."""
    ahead = np.roll(outline, -1, axis=0) - outline
    away = points[:, None] - outline[None]
    return np.asarray((ahead[:, 0] * away[..., 1] - ahead[:, 1] * away[..., 0] >= 0).all(axis=1))


@lru_cache(maxsize=32)
def _features_of_blank(template: Template) -> _Features:
    """Of the blank form; places are pixels at LOOK_DPI."""
    factor = MATCH_DPI / REGISTERED_DPI
    found = _features(template.blank, factor, BLANK_FEATURES)
    return _Features((found.places + 0.5) * factor, found.descriptors)


def _features(gray: NDArray[np.uint8], factor: float, most: int) -> _Features:
    """SIFT features (Lowe 2004) of the picture reduced by `factor`, described by square roots of shares.

    The latter is Arandjelovic and Zisserman's RootSIFT (2012). Places are in pixels of the whole picture.
    """
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), SOFTEN_PX)
    points, descriptors = cv2.SIFT.create(nfeatures=most, contrastThreshold=0.02).detectAndCompute(soft, None)
    if descriptors is None:
        return _Features(np.empty((0, 2)), np.empty((0, 128), np.float32))
    places = (np.array([point.pt for point in points], np.float64) + 0.5) / factor - 0.5
    shares = descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    return _Features(places, np.sqrt(shares).astype(np.float32))
