"""What remains on a page once its whole slips are found: slips known only by their code, and lone corner marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from ocr.ink import darkness
from ocr.markers.detect import Marker, reduce_size
from ocr.markers.group import MarkerGroup, SlipSize, apply_homography, fit_affine
from ocr.slips.code_direction import is_mirrored
from ocr.slips.identify import QR_CODES
from ocr.template import Template
from schemas.code import SlipCode
from schemas.pad import FIDUCIAL_MM

# Looked for ink at an eighth: a 7 mm mark of a letter page at 200 dpi is then 7 px.
REST_REDUCTION = 8
REST_DARKNESS = 64  # show-through of the other side reaches 15 % darkness
# Halved three times a page is off its mean by 2 gray levels at most, which is so much darkness on the darkest paper.
HALVINGS, HALVED_OFF = 3, 24
# A code and its quiet zone are 2 % of a quarter sheet and half black; dust, an edge's shadow and a header are less.
REST_SHARE = 0.004
SLIP_EDGE = 1.06  # a slip's own edge casts a shadow outside it
# The corners of a code are known to a pixel; so far from it a mark may then lie off its place.
MARK_NEAR_MM = 8.0


@dataclass(frozen=True, eq=False)
class PageInk:
    """The ink of a page (H, W) at an eighth of its size, looked at when first asked for."""

    gray: NDArray[np.uint8]

    def goes_beyond(self, outlines: Sequence[NDArray[np.float64]]) -> bool:
        """Whether the page holds more than specks outside the slips with these `outlines`, (4, 2) each.

        A page halved three times tells it in a fifth of the time, unless it is a close call.
        """
        areas = (float(cv2.contourArea(outline.astype(np.float32))) for outline in outlines)
        specks = REST_SHARE * max(areas, default=0.0) / REST_REDUCTION**2
        if cv2.countNonZero(_rest(self._halved, outlines, REST_DARKNESS - HALVED_OFF)) <= specks:
            return False
        if cv2.countNonZero(_rest(self._halved, outlines, REST_DARKNESS + HALVED_OFF)) > specks:
            return True
        return cv2.countNonZero(self.rest(outlines)) > specks

    def rest(self, outlines: Sequence[NDArray[np.float64]]) -> NDArray[np.uint8]:
        """The ink (H, W; 255) at an eighth of the page outside the slips with these `outlines`, (4, 2) each."""
        return _rest(self._reduced, outlines, REST_DARKNESS)

    @cached_property
    def _halved(self) -> NDArray[np.uint8]:
        high, wide = (length // REST_REDUCTION * REST_REDUCTION for length in self.gray.shape)
        if not high or not wide:
            return self._reduced
        small = self.gray[:high, :wide]
        for _ in range(HALVINGS):
            small = reduce_size(small, 2)
        return darkness(small)

    @cached_property
    def _reduced(self) -> NDArray[np.uint8]:
        return darkness(reduce_size(self.gray, REST_REDUCTION))


def _rest(dark: NDArray[np.uint8], outlines: Sequence[NDArray[np.float64]], above: int) -> NDArray[np.uint8]:
    """Where a page's darkness at an eighth is above a level outside the slips with these outlines."""
    rest = dark.copy()
    for outline in outlines:
        middle = outline.mean(axis=0)
        grown = (middle + (outline - middle) * SLIP_EDGE) / REST_REDUCTION
        cv2.fillConvexPoly(rest, np.round(grown).astype(np.int32), 0)
    return np.asarray(cv2.threshold(rest, above, 255, cv2.THRESH_BINARY)[1], np.uint8)


def find_by_code(
    gray: NDArray[np.uint8],
    spare: Sequence[Marker],
    outlines: Sequence[NDArray[np.float64]],
    templates: Sequence[Template],
) -> Iterator[tuple[SlipCode, MarkerGroup, Template]]:
    """Slips outside `outlines` whose code can be read anywhere on the page, with what marks they still have."""
    for found in zxingcpp.read_barcodes(np.ascontiguousarray(gray), formats=QR_CODES, try_invert=False):
        code = SlipCode.parse(found.text)
        template = next((known for known in templates if code is not None and known.prints(code)), None)
        place = found.position
        corners = np.array(
            [(at.x, at.y) for at in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)],
            np.float64,
        )
        if code is None or template is None or any(contains(outline, corners.mean(axis=0)) for outline in outlines):
            continue
        if not is_mirrored(gray, corners):  # which the barcode reader reads as well as any
            yield code, _group_around_code(corners, spare, template), template


def group_lone_markers(spare: Sequence[Marker], sizes: Sequence[SlipSize]) -> tuple[MarkerGroup, ...]:
    """Lone marks, grouped where one slip could have them; each group takes the largest known slip size."""
    if not sizes:
        return ()
    size = max(sizes, key=lambda size: size.width_mm * size.height_mm)
    left, found = list(spare), []
    while left:
        first = left[0]
        reach_px = np.hypot(size.width_mm, size.height_mm) * first.side_px / FIDUCIAL_MM
        near = [mark for mark in left if np.linalg.norm(mark.center_px - first.center_px) <= reach_px]
        pose = fit_affine(size.marker_corners_mm(first.number), first.corners_px)
        found.append(MarkerGroup(size, tuple(near), pose, 0.0))
        left = [mark for mark in left if all(mark is not other for other in near)]
    return tuple(found)


def _group_around_code(corners: NDArray[np.float64], spare: Sequence[Marker], template: Template) -> MarkerGroup:
    box, design = template.design.code_box_mm(), template.design
    size = SlipSize.of(design)
    mm = np.array(box.corners)
    to_page = fit_affine(mm, corners)
    px_per_mm = float(np.sqrt(abs(np.linalg.det(to_page[:2, :2]))))
    own = []
    for mark in spare:
        at = apply_homography(to_page, size.marker_corners_mm(mark.number).mean(axis=0, keepdims=True))[0]
        if np.linalg.norm(at - mark.center_px) <= MARK_NEAR_MM * px_per_mm:
            own.append(mark)
    places = [mm, *(size.marker_corners_mm(mark.number) for mark in own)]
    seen = [corners, *(mark.corners_px for mark in own)]
    return MarkerGroup(size, tuple(own), fit_affine(np.concatenate(places), np.concatenate(seen)), 0.0)


def contains(outline: NDArray[np.float64], at: NDArray[np.float64]) -> bool:
    """Whether the point `at` lies within `outline` (4, 2)."""
    x, y = at.tolist()
    return cv2.pointPolygonTest(outline.astype(np.float32), (x, y), False) >= 0
