"""A page to its slips: found by their corner marks, identified by their code, laid over their blank form."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.markers.detect import LOOKS_LONG_SIDE_PX, Marker, look, united
from ocr.markers.group import Group, Size, completed, fit, group, group_askew, group_unknown
from ocr.page import Page
from ocr.registration.register import SEARCH_MM
from ocr.registration.transform import Lie, warp
from ocr.scale import PX_PER_MM
from ocr.slips.feature_match import Sighting, find_by_look
from ocr.slips.found_slip import Doubts, FoundSlip, UnreadSlip, fitted, laid, upright
from ocr.slips.identify import CLEARLY_BETTER, find_code, most_like, read_code
from ocr.slips.overlap import uncovered
from ocr.slips.partial import by_code, holds, is_anything_else, traces
from ocr.template import Template
from schemas.code import SlipCode
from schemas.reading import Finding
from schemas.reasons import FindingCode


def find_slips(page: Page, templates: Sequence[Template]) -> tuple[FoundSlip, ...]:
    """All slips on `page`, in reading order of their place on it; none raises no error.

    Forms that others have printed are looked for where refpad's own print shows no slip.

    Which way is up comes from the marks alone. A mirrored slip has no valid marks and is not found.
    """
    adopted = [template for template in templates if template.design.adopted]
    templates = [template for template in templates if not template.design.adopted]
    found = uncovered(_by_marks(page, templates))
    if not found and adopted:
        found = [_by_look(page, sightings) for sightings in find_by_look(page, adopted)]
    return tuple(sorted(found, key=lambda slip: tuple(np.round(slip.corners_px.mean(axis=0)[::-1], -2))))


def _by_marks(page: Page, templates: Sequence[Template]) -> list[FoundSlip]:
    """The slips that refpad printed."""
    sizes = tuple(dict.fromkeys(_size(template) for template in templates))
    markers, groups, unknown = _grouped(page.grey, sizes)
    sighted = [(slip, _read(page, slip, templates)) for slip in groups]
    sighted += [(slip, _odd(page, slip, templates)) for slip in unknown]
    found = [slip for _, slip in sighted if slip is not None]
    seen = [slip for slip, reading in sighted if reading is not None]
    spare = _spare(markers, seen)
    return found + _strays(page, spare, found, templates)


def _by_look(page: Page, sightings: Sequence[Sighting]) -> FoundSlip:
    """The slip laid over the design that its print fits; two that fit alike leave it to a person."""
    fits = [(fitted(page, seen.slip, seen.template), seen) for seen in sightings]
    fits.sort(key=lambda pair: (not pair[0].trusted, -pair[0].seen, pair[0].residual_mm))
    (fit, seen), *others = fits
    rivals = [other.template for rival, other in others if rival.trusted and fit.seen - rival.seen < CLEARLY_BETTER]
    if not rivals:
        return laid(page, seen.slip, seen.template, None, fit, Doubts())
    names = " and ".join(str(template.design.pad_id) for template in (seen.template, *rivals))
    finding = Finding(code=FindingCode.UNKNOWN_DESIGN, detail=f"The form looks like {names} alike; say which it is.")
    return _unread(seen.slip, fit.picture, finding)


def _strays(
    page: Page, spare: Sequence[Marker], found: Sequence[FoundSlip], templates: Sequence[Template]
) -> list[FoundSlip]:
    """What the corner marks did not find whole: slips by their code, and traces of slips, each with its reason."""
    outlines = [slip.corners_px for slip in found]
    if not spare and found and not is_anything_else(page.grey, outlines):
        return []
    strays: list[FoundSlip] = []
    for code, slip, template in by_code(page.grey, spare, outlines, templates):
        strays.append(laid(page, slip, template, code, fitted(page, slip, template), Doubts()))
        spare = _spare(spare, [slip])
    lone = [mark for mark in spare if not any(_may_have(slip, mark) for slip in (*found, *strays))]
    for slip in traces(lone, [_size(template) for template in templates]):
        strays.append(_trace(page.grey, slip))
    return strays


def _may_have(slip: FoundSlip, mark: Marker) -> bool:
    """Whether the mark lies on the slip, or so near to one whose place is uncertain that it may be its own."""
    middle, reach = slip.corners_px.mean(axis=0), np.ptp(slip.corners_px, axis=0).max()
    near = isinstance(slip, UnreadSlip) and float(np.linalg.norm(mark.centre_px - middle)) <= reach
    return near or holds(slip.corners_px, mark.centre_px)


def _trace(grey: NDArray[np.uint8], slip: Group) -> UnreadSlip:
    marks = "1 corner mark of a slip shows" if len(slip.markers) == 1 else f"{len(slip.markers)} corner marks show"
    detail = f"Only {marks} here, and no code; uncover the whole slip and scan it again."
    finding = Finding(code=FindingCode.REGISTRATION_RESIDUAL, detail=detail)
    return _unread(slip, _picture(grey, slip), finding)


def _unread(slip: Group, picture: NDArray[np.uint8], *findings: Finding, code: SlipCode | None = None) -> UnreadSlip:
    return UnreadSlip(corners_px=slip.corners_px, picture=picture, dpi=slip.dpi, code=code, findings=findings)


def _picture(grey: NDArray[np.uint8], slip: Group) -> NDArray[np.uint8]:
    """The slip's picture by its marks alone, of whatever size they make it."""
    size_px = round(slip.size.width_mm * PX_PER_MM), round(slip.size.height_mm * PX_PER_MM)
    return warp(grey, Lie(slip.to_page), size_px, slip.dpi)


def _grouped(
    grey: NDArray[np.uint8], sizes: Sequence[Size]
) -> tuple[tuple[Marker, ...], tuple[Group, ...], tuple[Group, ...]]:
    """All marks, and the slips they make; the page is looked at more finely when the first look leaves a mark over."""
    groups: tuple[Group, ...] = ()
    markers: tuple[Marker, ...] = ()
    for long_side_px in LOOKS_LONG_SIDE_PX:
        markers = united(markers, look(grey, long_side_px))
        groups = group(markers, sizes)
        if groups and all(len(slip.markers) == 4 for slip in groups) and len(groups) * 4 == len(markers):
            break
    spare = _spare(markers, (slip for slip in groups if len(slip.markers) > 2))
    groups = tuple(completed(slip, spare) if len(slip.markers) == 3 else slip for slip in groups)
    spare = _spare(spare, (slip for slip in groups if len(slip.markers) > 2))
    askew = group_askew(spare, sizes)
    unknown = group_unknown(_spare(spare, askew))
    kept = (slip for slip in groups if not any(_is_of(mark, (*askew, *unknown)) for mark in slip.markers))
    return markers, (*kept, *askew), unknown


def _spare(markers: Sequence[Marker], slips: Iterable[Group]) -> list[Marker]:
    taken = list(slips)
    return [mark for mark in markers if not _is_of(mark, taken)]


def _is_of(mark: Marker, slips: Iterable[Group]) -> bool:
    return any(mark is own for slip in slips for own in slip.markers)


def _read(page: Page, slip: Group, templates: Sequence[Template]) -> FoundSlip | None:
    """The slip identified and registered; None when it is two marks that nothing else makes a slip of."""
    fitting = [template for template in templates if _size(template) == slip.size]
    picture = upright(page, slip, fitting[0])
    code = read_code(picture, dict.fromkeys(template.design.code_box_mm() for template in fitting))
    proven = code is not None or len(slip.markers) > 2
    doubts = Doubts()
    template = _template(picture, code, templates, fitting, doubts)
    if template is not None and template not in fitting:
        slip, template = _resized(slip, template, doubts)
        picture = upright(page, slip, template) if template else picture
    if template is None:
        return _unread(slip, picture, *doubts.findings, code=code) if proven else None
    fit = fitted(page, slip, template, picture)
    return laid(page, slip, template, code, fit, doubts) if proven or fit.trusted else None


def _size(template: Template) -> Size:
    return Size(template.design.width_mm, template.design.height_mm)


def _resized(slip: Group, template: Template, doubts: Doubts) -> tuple[Group, Template | None]:
    """The same marks on a slip of the size that its code names."""
    again = fit(slip.markers, _size(template))
    if again is not None:
        return again, template
    detail = "The corner marks do not fit the size of the design that the code names; scan the slip again."
    doubts.add(FindingCode.REGISTRATION_RESIDUAL, detail)
    return slip, None


def _template(
    upright: NDArray[np.uint8],
    code: SlipCode | None,
    templates: Sequence[Template],
    fitting: Sequence[Template],
    doubts: Doubts,
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


def _odd(page: Page, slip: Group, templates: Sequence[Template]) -> FoundSlip:
    """A slip whose marks look like no known size: a known one seen very askew, as its code tells, or a foreign one."""
    picture = _picture(page.grey, slip)
    code = find_code(picture)
    template = next((each for each in templates if code is not None and each.prints(code)), None)
    if template is not None:
        doubts = Doubts()
        again, known = _resized(slip, template, doubts)
        if known is None:
            return _unread(slip, picture, *doubts.findings, code=code)
        return laid(page, again, known, code, fitted(page, again, known), doubts)
    detail = f"The slip measures {slip.size.width_mm:.0f} x {slip.size.height_mm:.0f} mm, as no known design does."
    finding = Finding(code=FindingCode.UNKNOWN_DESIGN, detail=_names_unknown(code) if code else detail)
    return _unread(slip, picture, finding, code=code)


def _names_unknown(code: SlipCode) -> str:
    return f"The code names design {code.design} edition {code.edition}, which is not installed; add its design file."
