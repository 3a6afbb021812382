"""Group the corner marks of a page into slips."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.markers.detect import Marker
from schemas.geometry import MM_PER_INCH, BoxMm
from schemas.pad import FIDUCIAL_IDS, FIDUCIAL_INSET_MM, FIDUCIAL_MM, PadDesign

# A marker's own picture tells direction and scale to some 5 %; a photo's perspective adds as much again.
PARTNER_TOLERANCE = 0.18
# The corners of marks that belong together fit one flat sheet; curled paper in a photo bends by 1 mm.
TOGETHER_RMS_MM = 1.2
# Three marks of a flat scan fit an affine map this well; what fits worse is seen in perspective.
FLAT_RMS_MM = 0.35
# What the marks of an unknown design may span: the sizes a pad may have (schemas.pad.PadDesign).
UNKNOWN_SIZE_MM = (60.0, 300.0)
# Marks of neighboring slips that happen to fit a size are told apart by their own size and tilt.
SIDE_RATIO_MOST = 1.6
ASKEW_LEAST = 3
COMBINATIONS_MOST = 256  # tried at 0.2 ms each: three slips on a photo


@dataclass(frozen=True)
class SlipSize:
    """Width and height of a slip, and how far its corner marks lie from its edges."""

    width_mm: float
    height_mm: float
    inset_mm: float = FIDUCIAL_INSET_MM

    @classmethod
    def of(cls, design: PadDesign) -> "SlipSize":
        return cls(design.width_mm, design.height_mm, design.marks_inset_mm)

    def marker_corners_mm(self, number: int) -> NDArray[np.float64]:
        """Corners (4, 2) of marker `number`, clockwise from its top left."""
        return _marker_corners_mm(self, number)

    def is_outline_of(self, other: "SlipSize") -> bool:
        """Whether both are one size of paper, wherever their marks lie."""
        return (self.width_mm, self.height_mm) == (other.width_mm, other.height_mm)

    def corners_mm(self) -> NDArray[np.float64]:
        return np.array(BoxMm(0.0, 0.0, self.width_mm, self.height_mm).corners)


@dataclass(frozen=True, eq=False)
class MarkerGroup:
    """Markers of one slip of `size`; `to_page` maps its millimeters to page pixels, off by `rms_mm` at the corners."""

    size: SlipSize
    markers: tuple[Marker, ...]
    to_page: NDArray[np.float64]
    rms_mm: float

    @property
    def corners_px(self) -> NDArray[np.float64]:
        """The slip's corners (4, 2) on the page, clockwise from its own top left."""
        return apply_homography(self.to_page, self.size.corners_mm())

    @property
    def dpi(self) -> float:
        """Pixels an inch of the slip's picture on the page."""
        area_px = abs(cv2.contourArea(self.corners_px.astype(np.float32)))
        return float(np.sqrt(area_px / (self.size.width_mm * self.size.height_mm)) * MM_PER_INCH)


@lru_cache(maxsize=64)
def _marker_corners_mm(size: SlipSize, number: int) -> NDArray[np.float64]:
    near, far_x = size.inset_mm, size.width_mm - size.inset_mm - FIDUCIAL_MM
    far_y = size.height_mm - size.inset_mm - FIDUCIAL_MM
    x, y = ((near, near), (far_x, near), (far_x, far_y), (near, far_y))[number]
    corners = np.array(BoxMm(x, y, FIDUCIAL_MM, FIDUCIAL_MM).corners)
    corners.flags.writeable = False
    return corners


def apply_homography(transform: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """`points` (N, 2) mapped by a 3 x 3 homography."""
    return np.asarray(cv2.perspectiveTransform(points.reshape(-1, 1, 2), transform).reshape(-1, 2), np.float64)


def group_markers(markers: Sequence[Marker], sizes: Sequence[SlipSize]) -> tuple[MarkerGroup, ...]:
    """Sort markers into slips, best fit first; a marker belongs to one slip at most.

    Slips with four marks are taken before those with three, and those before pairs, so that a
    slip with a lost mark never takes one from its neighbor.
    """
    left, groups = list(markers), []
    for count in (4, 3, 2):
        found = sorted(_proposals(left, sizes, count), key=lambda proposal: proposal.rms_mm)
        for proposal in found:
            if all(any(mark is other for other in left) for mark in proposal.markers):
                groups.append(proposal)
                left = [mark for mark in left if all(mark is not used for used in proposal.markers)]
    return tuple(groups)


def fit_group(markers: Sequence[Marker], size: SlipSize) -> MarkerGroup | None:
    """Fit a slip of `size` to its markers; None when they are no such slip, or mirrored.

    Four markers carry a perspective, fewer only an affine: extrapolating a perspective to the lost
    corner would multiply the noise of the corners that are left.
    """
    mm = np.concatenate([size.marker_corners_mm(mark.number) for mark in markers])
    px = np.concatenate([mark.corners_px for mark in markers])
    flat = None if len(markers) == 4 else _make_group(size, markers, fit_affine(mm, px), mm, px)
    if len(markers) == 2 or (flat is not None and flat.rms_mm <= FLAT_RMS_MM):
        return flat
    return _make_group(size, markers, _fit_homography(mm, px), mm, px)


def add_missing_markers(slip: MarkerGroup, spare: Sequence[Marker]) -> MarkerGroup:
    """The slip with its fourth mark added from `spare`, if one fits now that three tell where it lies."""
    missing = set(FIDUCIAL_IDS) - {mark.number for mark in slip.markers}
    fits = [fit_group((*slip.markers, mark), slip.size) for mark in spare if mark.number in missing]
    return min((fit for fit in fits if fit is not None), key=lambda fit: fit.rms_mm, default=slip)


def group_askew(markers: Sequence[Marker], sizes: Sequence[SlipSize]) -> tuple[MarkerGroup, ...]:
    """Slips seen from so far aside that one mark does not predict the others: any four, or three, that fit a size."""
    by_number = [[None, *(mark for mark in markers if mark.number == number)] for number in FIDUCIAL_IDS]
    if np.prod([len(choices) for choices in by_number]) > COMBINATIONS_MOST:
        return ()
    several = ([mark for mark in chosen if mark is not None] for chosen in product(*by_number))
    tried = [(size, marks) for marks in several for size in sizes if len(marks) >= ASKEW_LEAST]
    found = [slip for size, marks in tried if (slip := fit_group(marks, size)) is not None]
    groups: list[MarkerGroup] = []
    for slip in sorted(found, key=lambda fit: (-len(fit.markers), fit.rms_mm)):
        if not any(mark is used for mark in slip.markers for other in groups for used in other.markers):
            groups.append(slip)
    return tuple(groups)


def group_unknown(markers: Sequence[Marker]) -> tuple[MarkerGroup, ...]:
    """Slips of a size that no known design has: four marks, whose own size gives the slip's."""
    groups: list[MarkerGroup] = []
    for anchor in (mark for mark in markers if mark.number == 0):
        sizes = _sizes_from_anchor(anchor, markers)
        found = [slip for size in sizes for slip in _groups_around(anchor, markers, size, len(FIDUCIAL_IDS))]
        groups += sorted(found, key=lambda slip: slip.rms_mm)[:1]
    return tuple(groups)


def _make_group(
    size: SlipSize,
    markers: Sequence[Marker],
    transform: NDArray[np.float64] | None,
    mm: NDArray[np.float64],
    px: NDArray[np.float64],
) -> MarkerGroup | None:
    if transform is None or np.linalg.det(transform[:2, :2]) <= 0:
        return None
    errors = np.linalg.norm(apply_homography(transform, mm) - px, axis=1)
    raw = MarkerGroup(size, tuple(markers), transform, 0.0)
    rms_mm = float(np.sqrt((errors**2).mean())) / (raw.dpi / MM_PER_INCH)
    return replace(raw, rms_mm=rms_mm) if rms_mm <= TOGETHER_RMS_MM else None


def _sizes_from_anchor(anchor: Marker, markers: Sequence[Marker]) -> Iterable[SlipSize]:
    pose = np.asarray(np.linalg.inv(fit_affine(SlipSize(0, 0).marker_corners_mm(0), anchor.corners_px)), np.float64)
    rim = 2 * FIDUCIAL_INSET_MM + FIDUCIAL_MM
    right, below = (
        [apply_homography(pose, m.corners_px).mean(axis=0) for m in markers if m.number == n] for n in (1, 3)
    )
    least, most = UNKNOWN_SIZE_MM
    for one, other in product(right, below):
        size = SlipSize(float(one[0]) + rim / 2, float(other[1]) + rim / 2)
        if least <= size.width_mm <= most and least <= size.height_mm <= most:
            yield size


def _fit_homography(mm: NDArray[np.float64], px: NDArray[np.float64]) -> NDArray[np.float64] | None:
    found, _ = cv2.findHomography(mm, px)
    return None if found is None else np.asarray(found, np.float64)


def fit_affine(mm: NDArray[np.float64], px: NDArray[np.float64]) -> NDArray[np.float64]:
    """The affine map (3, 3) that takes points `mm` (N, 2) nearest to `px`, by least squares."""
    known = np.column_stack([mm, np.ones(len(mm))])
    solution, *_ = np.linalg.lstsq(known, px, rcond=None)
    return np.vstack([solution.T, (0.0, 0.0, 1.0)])


def _proposals(markers: Sequence[Marker], sizes: Sequence[SlipSize], count: int) -> Iterable[MarkerGroup]:
    for size in sizes:
        for anchor in markers:
            yield from _groups_around(anchor, markers, size, count)


def _groups_around(anchor: Marker, markers: Sequence[Marker], size: SlipSize, count: int) -> Iterable[MarkerGroup]:
    """Slips of `size` on which `anchor` is the mark with the lowest id."""
    later = [number for number in FIDUCIAL_IDS if number > anchor.number]
    if len(later) + 1 < count:
        return
    pose = fit_affine(size.marker_corners_mm(anchor.number), anchor.corners_px)
    partners = {number: _partners(number, anchor, markers, pose, size) for number in later}
    for chosen in product(*([None, *partners[number]] for number in later)):
        together = [anchor, *(mark for mark in chosen if mark is not None)]
        if len(together) == count and (slip := fit_group(together, size)) is not None:
            yield slip


def _partners(
    number: int, anchor: Marker, markers: Sequence[Marker], pose: NDArray[np.float64], size: SlipSize
) -> list[Marker]:
    """The markers `number` that lie where `anchor` has them on a slip of `size`, and are as large as it."""
    alike = [
        mark
        for mark in markers
        if mark.number == number and 1 / SIDE_RATIO_MOST < mark.side_px / anchor.side_px < SIDE_RATIO_MOST
    ]
    if not alike:
        return []
    at = apply_homography(pose, size.marker_corners_mm(number).mean(axis=0, keepdims=True))[0]
    away = float(np.linalg.norm(at - anchor.center_px))
    return [mark for mark in alike if float(np.linalg.norm(mark.center_px - at)) <= PARTNER_TOLERANCE * away]
