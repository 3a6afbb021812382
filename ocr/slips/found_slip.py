"""One slip found on a page, registered to its blank form, or unread with the findings that say why."""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ocr.ink import SlipPicture
from ocr.markers.group import MarkerGroup
from ocr.page import Page
from ocr.registration.register import OFF_MOST_MM, RESIDUAL_LIMIT_MM, SEEN_SHARE_LEAST, Fit, register
from ocr.registration.transform import SlipTransform, warp
from ocr.template import Template
from schemas.code import SlipCode
from schemas.geometry import MM_PER_INCH
from schemas.reading import Finding
from schemas.reasons import FindingCode

# Paper may end this far inside the printed area before anything is lost: a marker's own white rim.
CUT_OFF_MM = 0.5
FEED_PX = 50.0  # from a slip's middle up and down the page, where the way of its feed is measured


@dataclass(frozen=True, eq=False, kw_only=True)
class _Slip:
    """What is known of every slip on a page.

    `corners_px` (4, 2) lie on the upright page, clockwise from the slip's own top left; `dpi` is the slip's resolution
    there, `picture` the slip turned upright, gray (H, W) at REGISTERED_DPI. `lost_marks` is how many of its corner
    marks were not found; slips that carry none have lost none.
    """

    corners_px: NDArray[np.float64]
    picture: NDArray[np.uint8]
    dpi: float
    code: SlipCode | None = None
    lost_marks: int = 0
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class UnreadSlip(_Slip):
    """A slip that cannot be read, as `findings` say; its picture is for people to look at.

    `template` is None when the design is unknown. `residual_mm` is how badly the slip lies over it, where that was
    measured.
    """

    template: Template | None = None
    residual_mm: float | None = None

    def to_unread(self, *findings: Finding) -> "UnreadSlip":
        """The same slip with these further findings."""
        return replace(self, findings=(*self.findings, *findings))


@dataclass(frozen=True, eq=False, kw_only=True)
class RegisteredSlip(_Slip):
    """A slip registered to its blank form well enough to be read: a slip is never read shifted.

    `dark` is the picture's darkness (ocr.ink.darkness), `transform` takes places on the slip to the page, and `hidden`
    are fields that paper may cover. With `unless_labeled` the slip is to be refused unless what hides so much of its
    print is a patient label.
    """

    template: Template
    dark: NDArray[np.uint8]
    transform: SlipTransform
    residual_mm: float
    hidden: tuple[str, ...] = ()
    unless_labeled: tuple[Finding, ...] = ()

    @property
    def feed_lean(self) -> float:
        """How far right a line down the page goes on the slip with each step down; 0 where it lies sideways."""
        middle = self.transform.px(np.array([[self.template.design.width_mm, self.template.design.height_mm]]) / 2)
        above, below = self.transform.mm(middle + np.array([[0.0, -FEED_PX], [0.0, FEED_PX]]))
        across, down = below - above
        return float(across / down) if abs(across) < abs(down) else 0.0

    def to_unread(self, *findings: Finding) -> UnreadSlip:
        """The same slip, not to be read because of these further findings."""
        return UnreadSlip(
            corners_px=self.corners_px,
            picture=self.picture,
            dpi=self.dpi,
            code=self.code,
            lost_marks=self.lost_marks,
            findings=(*self.findings, *findings),
            notes=self.notes,
            template=self.template,
            residual_mm=self.residual_mm,
        )


FoundSlip: TypeAlias = UnreadSlip | RegisteredSlip


@dataclass
class Doubts:
    """Findings and notes collected while a slip is identified and registered."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, code: FindingCode, detail: str) -> None:
        self.findings.append(Finding(code=code, detail=detail))


def warp_upright(page: Page, slip: MarkerGroup, template: Template) -> SlipPicture:
    """The slip warped upright by its corner marks alone."""
    return SlipPicture(warp(page.gray, SlipTransform(slip.to_page), template.size_px, slip.dpi))


def fit_template(page: Page, slip: MarkerGroup, template: Template, picture: SlipPicture | None = None) -> Fit:
    """Fit the slip to `template`; `picture` is the slip warped upright, if that was done already.

    Only a photo shows bent paper: a page without a resolution of its own.
    """
    known = warp_upright(page, slip, template) if picture is None else picture
    return register(page.gray, slip, template, known, may_bend=page.dpi is None)


def register_slip(
    page: Page, slip: MarkerGroup, template: Template, code: SlipCode | None, fit: Fit, doubts: Doubts
) -> FoundSlip:
    """The slip registered to `template`, with all findings about fit and edges; unread when the fit is not trusted."""
    refusal = _check_fit(fit, template)
    may_be_label = refusal is not None and _is_hidden_near_label(fit, template)
    if refusal and not may_be_label:
        doubts.findings.append(refusal)
    _check_edges(page, slip, template, fit, doubts)
    lost = len(template.design.fiducials_mm()) - len(slip.markers)
    if lost:
        doubts.notes.append(f"{lost} of 4 corner marks were not found; the printed form finished the registration")
    registered = RegisteredSlip(
        corners_px=fit.transform.px(slip.size.corners_mm()),
        picture=fit.picture,
        dpi=slip.dpi,
        code=code,
        lost_marks=lost,
        findings=tuple(doubts.findings),
        notes=tuple(doubts.notes),
        template=template,
        dark=fit.dark,
        transform=fit.transform,
        residual_mm=fit.residual_mm,
        hidden=fit.hidden,
        unless_labeled=(refusal,) if refusal and may_be_label else (),
    )
    return registered if fit.trusted or may_be_label else registered.to_unread()


def _is_hidden_near_label(fit: Fit, template: Template) -> bool:
    """Whether all that speaks against a fit is print that a patient label may hide."""
    reach = template.label_reach_mm
    others = (field.box_mm for field in template.design.fields if field.name in fit.unvouched)
    return reach is not None and fit.trusted_beside_label and all(box.overlap_mm2(reach) > 0 for box in others)


def _check_fit(fit: Fit, template: Template) -> Finding | None:
    """Why a slip is refused; None when its fit is trusted."""
    if fit.trusted:
        return None
    if fit.seen < SEEN_SHARE_LEAST:
        why = f"Only {fit.seen:.0%} of the printed form was found in its place; uncover the slip and scan it again."
    elif fit.residual_mm > RESIDUAL_LIMIT_MM:
        off = f"{fit.residual_mm:.2f} mm off its place, above {RESIDUAL_LIMIT_MM:.2f} mm"
        why = f"The print lies {off}; lay the slip flat and scan it again."
    elif fit.mark_off_mm > OFF_MOST_MM:
        off = f"{fit.mark_off_mm:.1f} mm off its place, above {OFF_MOST_MM:.1f} mm"
        why = f"A corner mark lies {off}; lay the slip flat and scan it again."
    else:
        labels = ", ".join(f'"{field.label}"' for field in template.design.fields if field.name in fit.unvouched)
        why = f"The print around {labels} was not found in its place; uncover the slip, lay it flat and scan it again."
    return Finding(code=FindingCode.REGISTRATION_RESIDUAL, detail=why)


def _check_edges(page: Page, slip: MarkerGroup, template: Template, fit: Fit, doubts: Doubts) -> None:
    printed = [*template.design.fiducials_mm(), *(part.box_mm for part in template.design.fields)]
    corners = fit.transform.px(np.concatenate([np.array(box.corners) for box in printed]))
    high, wide = page.gray.shape
    beyond = np.max([-corners[:, 0], -corners[:, 1], corners[:, 0] - wide, corners[:, 1] - high])
    beyond_mm = float(beyond) / (slip.dpi / MM_PER_INCH)
    if beyond_mm > CUT_OFF_MM:
        detail = f"{beyond_mm:.1f} mm of the printed form lie beyond the page's edge; scan the whole slip."
        doubts.add(FindingCode.SLIP_CUT_OFF, detail)
