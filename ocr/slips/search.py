"""A page searched for slips: as it is, then with faint or blurred print made clearer, then mirrored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ocr.ink import BLACK_LEAST, darkness, solid_levels
from ocr.page import Page
from ocr.pages.blank import is_blank
from ocr.pages.flatten import RAISED_BLACK, raise_contrast
from ocr.registration.transform import warp
from ocr.slips.deblur import deblur
from ocr.slips.find import find_slips
from ocr.slips.found_slip import FoundSlip, RegisteredSlip, UnreadSlip
from ocr.slips.picture_quality import FAINT_READ_LEAST, blurred_finding, edge_width_mm, faint_finding
from ocr.template import Template

# How faint the print is that each look is made for, and the blur (px) that its noise then needs. Corner marks are found
# on scans from 12 % down to 2 % by the first, to 1 % by the second (simulated slips).
FAINT_LOOKS = ((0.12, 1.0), (0.04, 2.0))
SOFT_BELOW = 0.08  # noise that is raised ten times must be softened
# The blackest 0.5 % of a slip's picture are its corner marks.
MARKS_PERCENT = 99.5


@dataclass(frozen=True, eq=False)
class Mirrored:
    """A slip that lies mirrored on the page: `corners_px` (4, 2), and how dark its print is (0..1)."""

    corners_px: NDArray[np.float64]
    black: float
    serial: int | None


@dataclass(frozen=True, eq=False)
class Searched:
    """`page` is the page that the slips were found on, made clearer with a finding where that was needed."""

    page: Page
    slips: tuple[FoundSlip, ...] = ()
    mirrored: tuple[Mirrored, ...] = ()
    is_blank: bool = False


def search_page(page: Page, templates: Sequence[Template]) -> Searched:
    """All slips of a page, however faint or blurred; when there are none, what the page is instead."""
    found = find_slips(page, templates)
    if found:
        black = min(map(_black, [slip for slip in found if isinstance(slip, RegisteredSlip)] or found))
        return Searched(page, found) if black >= BLACK_LEAST else _raised(page, black, found, templates)
    if is_blank(page.gray, page.dpi):
        return Searched(page, is_blank=True)
    looks = tuple(_looks(page))
    for look, black_there in looks[1:]:
        if found := find_slips(look, templates, traces=False):
            return _raised(page, black_there * min(map(_black, found)) / RAISED_BLACK, (), templates)
    for look, black_there in looks:
        turned = replace(look, gray=np.ascontiguousarray(look.gray[:, ::-1]))
        if found := find_slips(turned, templates, traces=False):
            return Searched(page, mirrored=tuple(_mirrored(slip, black_there, page) for slip in found))
    for look, _ in looks:
        sharp = replace(look, gray=deblur(look.gray))
        if found := find_slips(sharp, templates, traces=False):
            return Searched(page, tuple(_blurred(page, slip) for slip in found))
    return Searched(page)


def _looks(page: Page) -> Iterator[tuple[Page, float]]:
    """The page, then with its contrast raised, and how dark the print is that becomes RAISED_BLACK."""
    yield page, RAISED_BLACK
    for black, soften_px in FAINT_LOOKS:
        yield replace(page, gray=raise_contrast(page.gray, black, soften_px)), black


def _raised(page: Page, black: float, found: tuple[FoundSlip, ...], templates: Sequence[Template]) -> Searched:
    """The page searched again with its print, `black` (0..1) dark, made as dark as fresh print."""
    raised = raise_contrast(page.gray, black, 1.0 if black < SOFT_BELOW else 0.0)
    clear = replace(page, gray=raised, findings=(*page.findings, faint_finding(black)))
    again = find_slips(clear, templates, traces=bool(found))
    if len(again) < max(1, len(found)):
        clear, again = replace(clear, gray=page.gray), found
    return Searched(clear, again if black >= FAINT_READ_LEAST else tuple(map(_unread, again)))


def _unread(slip: FoundSlip) -> UnreadSlip:
    return slip.to_unread()


def _blurred(page: Page, slip: FoundSlip) -> UnreadSlip:
    """A slip found on the sharpened page, whose writing nobody can vouch for: a person reads it."""
    if isinstance(slip, UnreadSlip):
        return slip
    picture = warp(page.gray, slip.transform, slip.template.size_px, slip.dpi)
    return slip.to_unread(blurred_finding(edge_width_mm(picture, slip.template)))


def _black(slip: FoundSlip) -> float:
    """How much darker than paper a slip's printed black is, 0 to 1."""
    solid = slip.template.solid_mm if isinstance(slip, RegisteredSlip) else ()
    if isinstance(slip, RegisteredSlip) and solid:
        # Marks may be covered or torn off: the darkest tells, and where all are gone the print between them.
        black = max(solid_levels(slip.dark, solid)) / 255
        return black if black >= BLACK_LEAST else max(black, float(np.percentile(slip.dark, MARKS_PERCENT)) / 255)
    return max(float(np.percentile(darkness(slip.picture), MARKS_PERCENT)), 1.0) / 255


def _mirrored(slip: FoundSlip, black_there: float, page: Page) -> Mirrored:
    """A slip found on the page turned over; print `black_there` dark was made RAISED_BLACK there."""
    corners = slip.corners_px * (-1, 1) + (page.gray.shape[1] - 1, 0)
    return Mirrored(corners, _black(slip) * black_there / RAISED_BLACK, slip.code.serial if slip.code else None)
