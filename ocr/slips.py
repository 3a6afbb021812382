"""A page to its slips: found by their corner marks, identified by their code, laid over their blank form."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ocr.fiducials import LOOKS_LONG_SIDE_PX, Marker, look, united
from ocr.groups import Group, Size, apply, fit, group, group_unknown
from ocr.identify import find_code, most_like, read_code
from ocr.page import Page
from ocr.register import RESIDUAL_LIMIT_MM, SEARCH_MM, Fit, register, warp
from ocr.scale import MM_PER_INCH, PX_PER_MM
from ocr.template import Template
from schemas.code import SlipCode
from schemas.geometry import BoxMm
from schemas.reading import Finding
from schemas.reasons import FindingCode

# Paper may end this far inside the printed area before anything is lost: a marker's own white rim.
CUT_OFF_MM = 0.5


@dataclass(frozen=True, eq=False)
class FoundSlip:
    """One slip on a page.

    `corners_px` (4, 2) lie on the upright page, clockwise from the slip's own top left. `template` is None
    when the design is unknown; `registered`, the slip's grey picture at REGISTERED_DPI, is None whenever it could
    not be laid over its blank form well enough to be read: a slip is never read shifted.
    `picture` is the slip warped upright by its marks alone, for people to look at.
    """

    corners_px: NDArray[np.float64]
    picture: NDArray[np.uint8]
    dpi: float
    template: Template | None = None
    code: SlipCode | None = None
    residual_mm: float | None = None
    registered: NDArray[np.uint8] | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Doubts:
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, code: FindingCode, detail: str) -> None:
        self.findings.append(Finding(code=code, detail=detail))


def find_slips(page: Page, templates: Sequence[Template]) -> tuple[FoundSlip, ...]:
    """All slips on `page`, in reading order of their place on it; none raises no error.

    Which way is up comes from the marks alone. A mirrored slip has no valid marks and is not found.
    """
    sizes = tuple(dict.fromkeys(_size(template) for template in templates))
    groups, unknown = _grouped(page.grey, sizes)
    found = [_read(page.grey, slip, templates) for slip in groups]
    found += [_odd(page.grey, slip, templates) for slip in unknown]
    certain = [slip for slip in found if slip is not None]
    return tuple(sorted(certain, key=lambda slip: tuple(np.round(slip.corners_px.mean(axis=0)[::-1], -2))))


def _grouped(grey: NDArray[np.uint8], sizes: Sequence[Size]) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Slips by their marks; the page is looked at more finely when the first look leaves a mark over."""
    groups: tuple[Group, ...] = ()
    markers: tuple[Marker, ...] = ()
    for long_side_px in LOOKS_LONG_SIDE_PX:
        markers = united(markers, look(grey, long_side_px))
        groups = group(markers, sizes)
        if groups and all(len(slip.markers) == 4 for slip in groups) and len(groups) * 4 == len(markers):
            break
    used = [mark for slip in groups if len(slip.markers) > 2 for mark in slip.markers]
    spare = [mark for mark in markers if all(mark is not other for other in used)]
    unknown = group_unknown(spare)
    taken = [mark for slip in unknown for mark in slip.markers]
    return tuple(s for s in groups if not any(m is t for m in s.markers for t in taken)), unknown


def _read(grey: NDArray[np.uint8], slip: Group, templates: Sequence[Template]) -> FoundSlip | None:
    """The slip identified and registered; None when it is two marks that nothing else makes a slip of."""
    fitting = [template for template in templates if _size(template) == slip.size]
    upright = warp(grey, slip.to_page, fitting[0].size_px, slip.dpi)
    code = read_code(upright, dict.fromkeys(template.design.code_box_mm() for template in fitting))
    proven = code is not None or len(slip.markers) > 2
    doubts = _Doubts()
    template = _template(upright, code, templates, fitting, doubts)
    if template is not None and template not in fitting:
        slip, template = _resized(slip, template, doubts)
        upright = warp(grey, slip.to_page, template.size_px, slip.dpi) if template else upright
    if template is None:
        unread = FoundSlip(slip.corners_px, upright, slip.dpi, code=code, findings=tuple(doubts.findings))
        return unread if proven else None
    laid = register(grey, slip, template, upright)
    return _laid(grey, slip, template, code, laid, doubts) if proven or laid.trusted else None


def _size(template: Template) -> Size:
    return Size(template.design.width_mm, template.design.height_mm)


def _resized(slip: Group, template: Template, doubts: _Doubts) -> tuple[Group, Template | None]:
    """The same marks on a slip of the size that its code names."""
    again = fit(slip.markers, _size(template))
    if again is not None:
        return again, template
    detail = "The corner marks do not fit the size of the design that the code names; scan the slip again."
    doubts.add(FindingCode.REGISTRATION_RESIDUAL, detail)
    return slip, None


def _laid(
    grey: NDArray[np.uint8], slip: Group, template: Template, code: SlipCode | None, laid: Fit, doubts: _Doubts
) -> FoundSlip:
    _check_fit(laid, doubts)
    _check_edges(grey, slip, template, laid, doubts)
    lost = 4 - len(slip.markers)
    if lost:
        doubts.notes.append(f"{lost} of 4 corner marks were not found; the printed form finished the registration")
    return FoundSlip(
        corners_px=apply(laid.to_page, slip.size.corners_mm()),
        picture=laid.picture,
        dpi=slip.dpi,
        template=template,
        code=code,
        residual_mm=laid.residual_mm,
        registered=laid.picture if laid.trusted else None,
        findings=tuple(doubts.findings),
        notes=tuple(doubts.notes),
    )


def _template(
    upright: NDArray[np.uint8],
    code: SlipCode | None,
    templates: Sequence[Template],
    fitting: Sequence[Template],
    doubts: _Doubts,
) -> Template | None:
    if code is None:
        doubts.add(FindingCode.CODE_UNREADABLE, "The printed code could not be read, so the serial is unknown.")
        template = most_like(upright, fitting, SEARCH_MM)
        if template is None:
            doubts.add(FindingCode.UNKNOWN_DESIGN, f"The form looks like none of the {len(templates)} known designs.")
        return template
    template = next((t for t in templates if t.prints(code)), None)
    if template is None:
        doubts.add(FindingCode.UNKNOWN_DESIGN, _names_unknown(code))
    return template


def _odd(grey: NDArray[np.uint8], slip: Group, templates: Sequence[Template]) -> FoundSlip:
    """A slip whose marks look like no known size: a known one seen very askew, as its code tells, or a foreign one."""
    size_px = round(slip.size.width_mm * PX_PER_MM), round(slip.size.height_mm * PX_PER_MM)
    upright = warp(grey, slip.to_page, size_px, slip.dpi)
    code = find_code(upright)
    template = next((each for each in templates if code is not None and each.prints(code)), None)
    if template is not None:
        doubts = _Doubts()
        again, fitted = _resized(slip, template, doubts)
        if fitted is None:
            return FoundSlip(slip.corners_px, upright, slip.dpi, code=code, findings=tuple(doubts.findings))
        upright = warp(grey, again.to_page, fitted.size_px, again.dpi)
        return _laid(grey, again, fitted, code, register(grey, again, fitted, upright), doubts)
    detail = f"The slip measures {slip.size.width_mm:.0f} x {slip.size.height_mm:.0f} mm, as no known design does."
    finding = Finding(code=FindingCode.UNKNOWN_DESIGN, detail=_names_unknown(code) if code else detail)
    return FoundSlip(slip.corners_px, upright, slip.dpi, None, code, None, None, (finding,))


def _names_unknown(code: SlipCode) -> str:
    return f"The code names design {code.design} edition {code.edition}, which is not installed; add its design file."


def _check_fit(laid: Fit, doubts: _Doubts) -> None:
    if laid.residual_mm > RESIDUAL_LIMIT_MM:
        detail = (
            f"The print lies {laid.residual_mm:.2f} mm off its place, above {RESIDUAL_LIMIT_MM:.2f} mm; "
            "lay the slip flat and scan it again."
        )
        doubts.add(FindingCode.REGISTRATION_RESIDUAL, detail)
    elif not laid.trusted:
        detail = f"Only {laid.seen:.0%} of the printed form was found in its place; uncover the slip and scan it again."
        doubts.add(FindingCode.REGISTRATION_RESIDUAL, detail)


def _check_edges(grey: NDArray[np.uint8], slip: Group, template: Template, laid: Fit, doubts: _Doubts) -> None:
    printed = [*template.design.fiducials_mm(), *(part.box_mm for part in template.design.fields)]
    corners = apply(laid.to_page, np.concatenate([_corners(box) for box in printed]))
    high, wide = grey.shape
    beyond = np.max([-corners[:, 0], -corners[:, 1], corners[:, 0] - wide, corners[:, 1] - high])
    beyond_mm = float(beyond) / (slip.dpi / MM_PER_INCH)
    if beyond_mm > CUT_OFF_MM:
        detail = f"{beyond_mm:.1f} mm of the printed form lie beyond the page's edge; scan the whole slip."
        doubts.add(FindingCode.SLIP_CUT_OFF, detail)


def _corners(box: BoxMm) -> NDArray[np.float64]:
    return np.array([(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)])
