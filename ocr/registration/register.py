"""Register a slip to its blank form: warp it upright, then measure on the printed parts how well it fits everywhere."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import SlipPicture
from ocr.markers.group import MarkerGroup
from ocr.registration.landmarks import BEND_LEAST, LandmarkMatches, bend_of, find_landmarks, flat_correction
from ocr.registration.transform import SlipTransform, warp
from ocr.template import Template

# How far from its place a printed part is looked for: marks leave 0.3 mm of doubt on a coarse fax and 1 mm
# in a photo of curled paper; with a lost mark the far corner is extrapolated, and may be 3 mm off.
SEARCH_MM = 1.2
SEARCH_LOST_MARK_MM = 3.0
# A printed part that lies where the design says to 0.1 mm needs no second warp.
WELL_PLACED_MM = 0.1
# Refused above this. Slips that lie flat measure 0.02 to 0.10 mm through every channel (simulated slips); a slip
# whose lost mark was made good badly measured 0.56 mm, with boxes 1.5 mm off at the far corner.
RESIDUAL_LIMIT_MM = 0.3
# What lies flat to this needs no bend; what a bend leaves more than this share of is folded or covered, not curled.
BENT_ABOVE_MM = 0.13
BENT_GAIN = 0.7
# A corner mark, or a printed part, that lies further off is not where the reading takes it to be.
OFF_MOST_MM = 0.7
LANDMARKS_LEAST = 6
CORRECTIONS_MOST = 2  # the first search of a lost mark may miss the far corner, the second does not
# Fewer printed parts than this share, and it is another form, or one that is covered.
SEEN_SHARE_LEAST = 0.5
# Of the print around a field so much must lie in its place. Holes, staples and heavy writing hide less; where a sheet
# lies over the slip, or a feeder slipped, all print around some field is hidden or lies elsewhere (simulated slips).
VOUCHED_SHARE = 1 / 3
# Of a field's own rules and cells so much must show, or an empty look is no empty field. All of them show through every
# channel but a 204 x 98 fax, which now and then loses a lone rule (simulated slips).
OWN_SHARE_LEAST = 0.6
OWN_DARKNESS = 28  # a rule of a pale copy, averaged over 0.25 mm
OWN_REACH = 5  # cells of 0.25 mm, within which a rule counts as in its place


@dataclass(frozen=True, eq=False)
class Fit:
    """A slip registered to its blank form: the registered picture, the transform to the page, and how well it fits.

    `dark` is the picture's darkness (ocr.ink.darkness). `residual_mm` is the root mean square of the distances at which
    corner marks and printed parts were found from their places; `residual_beside_label_mm` leaves out the printed parts
    that a patient label may hide, whose letters may look like them. `seen` is the share of printed parts found at all,
    `mark_off_mm` the distance of the worst corner mark; `unvouched` are the fields around which the print does not
    lie in its place, `hidden` those whose own rules hardly show: paper lies over them, or a coarse fax lost the rule.
    """

    picture: NDArray[np.uint8]
    dark: NDArray[np.uint8]
    transform: SlipTransform
    residual_mm: float
    residual_beside_label_mm: float
    seen: float
    mark_off_mm: float
    unvouched: tuple[str, ...]
    hidden: tuple[str, ...]

    @property
    def trusted(self) -> bool:
        """Whether the slip may be read: the print was found, and everywhere in its place."""
        return self.trusted_beside_label and self.residual_mm <= RESIDUAL_LIMIT_MM and not self.unvouched

    @property
    def trusted_beside_label(self) -> bool:
        """The same where no patient label may hide the print."""
        well = self.residual_beside_label_mm <= RESIDUAL_LIMIT_MM and self.mark_off_mm <= OFF_MOST_MM
        return well and self.seen >= SEEN_SHARE_LEAST


@dataclass(frozen=True, eq=False)
class _Alignment:
    """The slip warped by one transform: its picture, and the measurements that show how well it fits."""

    transform: SlipTransform
    picture: SlipPicture
    seen: LandmarkMatches
    places: NDArray[np.float64]
    off_mm: NDArray[np.float64]

    @property
    def rms_mm(self) -> float:
        return _rms(self.off_mm)

    def rms_of_mm(self, landmarks: NDArray[np.bool_]) -> float:
        """Of some of all landmarks (N,), and of the corner marks."""
        marks = self.off_mm[self.seen.shows.sum() :]
        return _rms(np.concatenate([self.seen.off_mm[self.seen.shows & landmarks], marks]))


def _rms(off_mm: NDArray[np.float64]) -> float:
    return float(np.sqrt((off_mm**2).sum(axis=1).mean())) if len(off_mm) else 0.0


def register(
    page: NDArray[np.uint8], slip: MarkerGroup, template: Template, upright: SlipPicture, *, may_bend: bool
) -> Fit:
    """Register the slip to `template`: start from the corner marks, then correct the transform by the printed parts.

    `upright` is the slip warped by its marks alone. Paper `may_bend` in a photo. Not on a scanner's glass: there, print
    that lies as if on bent paper has been jerked or folded, and a bend that fits its print would not fit its fields.
    """
    whole = len(slip.markers) == 4
    alignment = _align(
        SlipTransform(slip.to_page), upright, slip, template, SEARCH_MM if whole else SEARCH_LOST_MARK_MM
    )
    for _ in range(CORRECTIONS_MOST):
        if alignment.seen.shows.sum() < LANDMARKS_LEAST or alignment.rms_mm <= WELL_PLACED_MM:
            break
        alignment = _align_page(
            page, alignment.transform.corrected_by(flat_correction(alignment.places, alignment.off_mm)), slip, template
        )
    if may_bend and alignment.rms_mm > BENT_ABOVE_MM and alignment.seen.shows.sum() >= BEND_LEAST:
        alignment = _try_bend(page, alignment, slip, template)
    return Fit(
        picture=alignment.picture.gray,
        dark=alignment.picture.dark,
        transform=alignment.transform,
        residual_mm=alignment.rms_mm,
        residual_beside_label_mm=alignment.rms_of_mm(template.landmarks_beside_label),
        seen=alignment.seen.share,
        mark_off_mm=_worst_mark_mm(alignment.transform, slip),
        unvouched=_unvouched_fields(alignment.seen, template),
        hidden=_hidden_fields(alignment.picture.dark, template),
    )


def _align_page(page: NDArray[np.uint8], transform: SlipTransform, slip: MarkerGroup, template: Template) -> _Alignment:
    picture = SlipPicture(warp(page, transform, template.size_px, slip.dpi))
    return _align(transform, picture, slip, template, SEARCH_MM)


def _try_bend(page: NDArray[np.uint8], flat: _Alignment, slip: MarkerGroup, template: Template) -> _Alignment:
    """The alignment as bent paper, if that fits clearly better than flat."""
    affine, bend = bend_of(flat.places, flat.off_mm)
    bent = _align_page(page, SlipTransform(flat.transform.matrix @ affine, bend), slip, template)
    better = bent.rms_mm < BENT_GAIN * flat.rms_mm and bent.seen.share >= flat.seen.share
    return bent if better else flat


def _align(
    transform: SlipTransform, picture: SlipPicture, slip: MarkerGroup, template: Template, search_mm: float
) -> _Alignment:
    seen = find_landmarks(picture.dark, template.landmarks, search_mm)
    marks_mm, marks_off_mm = _mark_offsets(transform, slip)
    places = np.concatenate([template.landmark_centers_mm[seen.shows], marks_mm])
    return _Alignment(transform, picture, seen, places, np.concatenate([seen.off_mm[seen.shows], marks_off_mm]))


def _mark_offsets(transform: SlipTransform, slip: MarkerGroup) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles of the corner marks found, and how far off `transform` puts each, both (N, 2) in millimeters."""
    if not slip.markers:
        return np.empty((0, 2)), np.empty((0, 2))
    middles = np.array([slip.size.marker_corners_mm(mark.number).mean(axis=0) for mark in slip.markers])
    found = np.array([mark.center_px for mark in slip.markers])
    return middles, transform.mm(found) - transform.mm(transform.px(middles))


def _worst_mark_mm(transform: SlipTransform, slip: MarkerGroup) -> float:
    _, off_mm = _mark_offsets(transform, slip)
    return float(np.linalg.norm(off_mm, axis=1).max(initial=0.0))


def _unvouched_fields(seen: LandmarkMatches, template: Template) -> tuple[str, ...]:
    """The fields around which too little print was found in its place."""
    in_place = seen.shows & (np.linalg.norm(seen.off_mm, axis=1) <= OFF_MOST_MM)
    return tuple(
        name
        for name, near in template.landmarks_near.items()
        if in_place[near].sum() < VOUCHED_SHARE * max(1, len(near))
    )


def _hidden_fields(dark: NDArray[np.uint8], template: Template) -> tuple[str, ...]:
    """The fields of whose rules and cells too little shows on a slip's darkness (H, W)."""
    small = cv2.resize(dark, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    shown = cv2.dilate(small, np.ones((OWN_REACH, OWN_REACH), np.uint8)) >= OWN_DARKNESS
    own = template.own_print.items()
    return tuple(name for name, (rows, columns) in own if shown[rows, columns].mean() < OWN_SHARE_LEAST)
