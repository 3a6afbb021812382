"""A page to its slips: found by their corner marks, identified by their code, registered to their blank form."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ocr.ink import SlipPicture
from ocr.markers.detect import (
    DETECTION_LONG_SIDES_PX,
    QUICK_LONG_SIDE_PX,
    Marker,
    detect_markers,
    merge_markers,
)
from ocr.markers.group import (
    MarkerGroup,
    SlipSize,
    add_missing_markers,
    fit_group,
    group_askew,
    group_markers,
    group_unknown,
)
from ocr.page import Page
from ocr.registration.register import SEARCH_MM
from ocr.registration.transform import SlipTransform, warp
from ocr.scale import PX_PER_MM
from ocr.slips.feature_match import FeatureMatch, find_by_features
from ocr.slips.found_slip import Doubts, FoundSlip, UnreadSlip, fit_template, register_slip, warp_upright
from ocr.slips.identify import CLEARLY_BETTER, find_code, most_similar_template, read_code
from ocr.slips.overlap import refuse_covered
from ocr.slips.partial import PageInk, contains, find_by_code, group_lone_markers
from ocr.slips.rest_of_page import unread_rest
from ocr.template import Template
from schemas.code import SlipCode
from schemas.internal_error import NOT_OF_ONE_SLIP, internal_error
from schemas.reading import Finding
from schemas.reasons import FindingCode

# All marks, the slips of known sizes that they form, and slips of unknown size.
Found: TypeAlias = tuple[tuple[Marker, ...], tuple[MarkerGroup, ...], tuple[MarkerGroup, ...]]
Register: TypeAlias = Callable[[Page, MarkerGroup, Sequence[Template]], FoundSlip | None]


def find_slips(page: Page, templates: Sequence[Template], *, traces: bool = True) -> tuple[FoundSlip, ...]:
    """All slips on `page`, in reading order of their place on it; none raises no error.

    Forms that others have printed are looked for where refpad's own print shows no slip.

    Which way is up comes from the marks alone. A mirrored slip has no valid marks, its code is refused, and it is not
    found. Without `traces`, marks that make no slip are passed over: on a page whose noise was raised they may be none.
    """
    adopted = [template for template in templates if template.design.adopted]
    templates = [template for template in templates if not template.design.adopted]
    found = refuse_covered(_find_by_markers(page, templates, traces))
    if not found and adopted:
        found = [_register_by_features(page, matches) for matches in find_by_features(page, adopted)]
    return tuple(sorted(found, key=lambda slip: tuple(np.round(slip.corners_px.mean(axis=0)[::-1], -2))))


def _find_by_markers(page: Page, templates: Sequence[Template], traces: bool) -> list[FoundSlip]:
    """The slips that refpad printed."""
    sizes = tuple(dict.fromkeys(_size(template) for template in templates))
    ink = PageInk(page.gray)
    markers, groups, unknown = _find_quickly(page, ink, sizes) or _find_groups(page.gray, sizes)
    identified = [(slip, _at_own_cost(_identify_and_register, page, slip, templates)) for slip in groups]
    identified += [(slip, _at_own_cost(_register_unknown_size, page, slip, templates)) for slip in unknown]
    found = [slip for _, slip in identified if slip is not None]
    seen = [slip for slip, reading in identified if reading is not None]
    spare = _unused_markers(markers, seen)
    return found + _partial_slips(page, ink, spare, found, templates, traces)


def _at_own_cost(register: Register, page: Page, slip: MarkerGroup, templates: Sequence[Template]) -> FoundSlip | None:
    """The slip as `register` finds it; an unforeseen error leaves this slip unread, and no other."""
    try:
        return register(page, slip, templates)
    except NOT_OF_ONE_SLIP:
        raise
    except Exception as error:  # noqa: BLE001 - whatever fails at one slip, the slips beside it are read
        return _unread(slip, _picture(page.gray, slip), internal_error(error))


def _register_by_features(page: Page, matches: Sequence[FeatureMatch]) -> FoundSlip:
    """The slip registered to the design whose print fits best; when two fit alike a person decides."""
    fits = [(fit_template(page, seen.slip, seen.template), seen) for seen in matches]
    fits.sort(key=lambda pair: (not pair[0].trusted, -pair[0].seen, pair[0].residual_mm))
    (fit, seen), *others = fits
    rivals = [other.template for rival, other in others if rival.trusted and fit.seen - rival.seen < CLEARLY_BETTER]
    if not rivals:
        return register_slip(page, seen.slip, seen.template, None, fit, Doubts())
    names = " and ".join(str(template.design.pad_id) for template in (seen.template, *rivals))
    finding = Finding(code=FindingCode.UNKNOWN_DESIGN, detail=f"The form looks like {names} alike; say which it is.")
    return _unread(seen.slip, fit.picture, finding)


def _partial_slips(
    page: Page,
    ink: PageInk,
    spare: Sequence[Marker],
    found: Sequence[FoundSlip],
    templates: Sequence[Template],
    traces: bool,
) -> list[FoundSlip]:
    """Slips that the corner marks did not find whole: by their code, or as `traces`, with the reason.

    Traces are lone marks, and print or writing that covers as much of the page as a slip.
    """
    outlines = [slip.corners_px for slip in found]
    if not spare and found and not ink.goes_beyond(outlines):
        return []
    partial: list[FoundSlip] = []
    for code, slip, template in find_by_code(page.gray, spare, outlines, templates):
        partial.append(register_slip(page, slip, template, code, fit_template(page, slip, template), Doubts()))
        spare = _unused_markers(spare, [slip])
    lone = [mark for mark in spare if traces and not any(_may_carry(slip, mark) for slip in (*found, *partial))]
    for slip in group_lone_markers(lone, [_size(template) for template in templates]):
        partial.append(_unread_trace(page.gray, slip))
    return partial + (unread_rest(page, ink, (*found, *partial)) if traces else [])


def _may_carry(slip: FoundSlip, mark: Marker) -> bool:
    """Whether the mark lies on the slip, or close enough to a slip of uncertain place to belong to it."""
    middle, reach = slip.corners_px.mean(axis=0), np.ptp(slip.corners_px, axis=0).max()
    near = isinstance(slip, UnreadSlip) and float(np.linalg.norm(mark.center_px - middle)) <= reach
    return near or contains(slip.corners_px, mark.center_px)


def _unread_trace(gray: NDArray[np.uint8], slip: MarkerGroup) -> UnreadSlip:
    marks = "1 corner mark of a slip shows" if len(slip.markers) == 1 else f"{len(slip.markers)} corner marks show"
    detail = f"Only {marks} here, and no code; uncover the whole slip and scan it again."
    finding = Finding(code=FindingCode.REGISTRATION_RESIDUAL, detail=detail)
    return _unread(slip, _picture(gray, slip), finding)


def _unread(
    slip: MarkerGroup, picture: NDArray[np.uint8], *findings: Finding, code: SlipCode | None = None
) -> UnreadSlip:
    return UnreadSlip(corners_px=slip.corners_px, picture=picture, dpi=slip.dpi, code=code, findings=findings)


def _picture(gray: NDArray[np.uint8], slip: MarkerGroup) -> NDArray[np.uint8]:
    """The slip's picture by its marks alone, in the size that they give."""
    size_px = round(slip.size.width_mm * PX_PER_MM), round(slip.size.height_mm * PX_PER_MM)
    return warp(gray, SlipTransform(slip.to_page), size_px, slip.dpi)


def _find_quickly(page: Page, ink: PageInk, sizes: Sequence[SlipSize]) -> Found | None:
    """All marks and slips on a much reduced page; None unless they are whole, and all that is on it.

    A photo shows what lies around its paper too: the quick look would be wasted on it.
    """
    if page.dpi is None:
        return None
    markers = detect_markers(page.gray, QUICK_LONG_SIDE_PX, quick=True)
    groups = group_markers(markers, sizes)
    alone = _are_whole(groups, markers) and not ink.goes_beyond([slip.corners_px for slip in groups])
    return (markers, groups, ()) if alone else None


def _find_groups(gray: NDArray[np.uint8], sizes: Sequence[SlipSize]) -> Found:
    """All marks, the slips of known sizes that they form, and slips of unknown size.

    The page is searched again at a finer scale when the first pass leaves marks over.
    """
    groups: tuple[MarkerGroup, ...] = ()
    markers: tuple[Marker, ...] = ()
    for long_side_px in DETECTION_LONG_SIDES_PX:
        markers = merge_markers(markers, detect_markers(gray, long_side_px))
        groups = group_markers(markers, sizes)
        if _are_whole(groups, markers):
            break
    spare = _unused_markers(markers, (slip for slip in groups if len(slip.markers) > 2))
    groups = tuple(add_missing_markers(slip, spare) if len(slip.markers) == 3 else slip for slip in groups)
    spare = _unused_markers(spare, (slip for slip in groups if len(slip.markers) > 2))
    askew = group_askew(spare, sizes)
    unknown = group_unknown(_unused_markers(spare, askew))
    kept = (slip for slip in groups if not any(_is_in_any(mark, (*askew, *unknown)) for mark in slip.markers))
    return markers, (*kept, *askew), unknown


def _are_whole(groups: Sequence[MarkerGroup], markers: Sequence[Marker]) -> bool:
    """Whether there are slips, each has all its marks, and no mark is left over."""
    return bool(groups) and all(len(slip.markers) == 4 for slip in groups) and len(groups) * 4 == len(markers)


def _unused_markers(markers: Sequence[Marker], slips: Iterable[MarkerGroup]) -> list[Marker]:
    taken = list(slips)
    return [mark for mark in markers if not _is_in_any(mark, taken)]


def _is_in_any(mark: Marker, slips: Iterable[MarkerGroup]) -> bool:
    return any(mark is own for slip in slips for own in slip.markers)


def _identify_and_register(page: Page, slip: MarkerGroup, templates: Sequence[Template]) -> FoundSlip | None:
    """The slip identified and registered; None for two marks that neither code nor print confirms as a slip."""
    fitting = [template for template in templates if _size(template).is_outline_of(slip.size)]
    slip, picture, code = _read_code(page, slip, fitting)
    proven = code is not None or len(slip.markers) > 2
    doubts = Doubts()
    template = _choose_template(picture, code, templates, fitting, doubts)
    if template is not None and _size(template) != slip.size:
        slip, template = _fit_to_design(slip, template, doubts)
        picture = warp_upright(page, slip, template) if template else picture
    if template is None:
        return _unread(slip, picture.gray, *doubts.findings, code=code) if proven else None
    fit = fit_template(page, slip, template, picture)
    return register_slip(page, slip, template, code, fit, doubts) if proven or fit.trusted else None


def _read_code(
    page: Page, slip: MarkerGroup, fitting: Sequence[Template]
) -> tuple[MarkerGroup, SlipPicture, SlipCode | None]:
    """The slip with its picture and code: as its marks were grouped, or fitted to another inset with the same outline.

    Four marks hardly tell an inset of 4 mm from one of 5 mm, and the code is looked for to a third of a millimeter.
    """
    first = warp_upright(page, slip, fitting[0])
    for size in dict.fromkeys((slip.size, *(_size(template) for template in fitting))):
        again = slip if size == slip.size else fit_group(slip.markers, size)
        if again is None:
            continue
        picture = first if again is slip else warp_upright(page, again, fitting[0])
        code = read_code(picture, dict.fromkeys(t.design.code_box_mm() for t in fitting if _size(t) == size))
        if code is not None:
            return again, picture, code
    return slip, first, None


def _size(template: Template) -> SlipSize:
    return SlipSize.of(template.design)


def _fit_to_design(slip: MarkerGroup, template: Template, doubts: Doubts) -> tuple[MarkerGroup, Template | None]:
    """The same marks fitted to the size of the design that the code names; None in its place when they do not fit."""
    again = fit_group(slip.markers, _size(template))
    if again is not None:
        return again, template
    detail = "The corner marks do not fit the size of the design that the code names; scan the slip again."
    doubts.add(FindingCode.REGISTRATION_RESIDUAL, detail)
    return slip, None


def _choose_template(
    picture: SlipPicture,
    code: SlipCode | None,
    templates: Sequence[Template],
    fitting: Sequence[Template],
    doubts: Doubts,
) -> Template | None:
    if code is None:
        doubts.add(FindingCode.CODE_UNREADABLE, "The printed code could not be read, so the serial is unknown.")
        template = most_similar_template(picture, fitting, SEARCH_MM)
        if template is None:
            doubts.add(FindingCode.UNKNOWN_DESIGN, f"The form looks like none of the {len(templates)} known designs.")
        return template
    template = next((t for t in templates if t.prints(code)), None)
    if template is None:
        doubts.add(FindingCode.UNKNOWN_DESIGN, _unknown_design_message(code))
    return template


def _register_unknown_size(page: Page, slip: MarkerGroup, templates: Sequence[Template]) -> FoundSlip:
    """A slip whose marks fit no known size: a known design seen very askew, if its code says so, or an unknown one."""
    picture = _picture(page.gray, slip)
    code = find_code(picture)
    template = next((one for one in templates if code is not None and one.prints(code)), None)
    if template is not None:
        doubts = Doubts()
        again, known = _fit_to_design(slip, template, doubts)
        if known is None:
            return _unread(slip, picture, *doubts.findings, code=code)
        return register_slip(page, again, known, code, fit_template(page, again, known), doubts)
    detail = f"The slip measures {slip.size.width_mm:.0f} x {slip.size.height_mm:.0f} mm, as no known design does."
    finding = Finding(code=FindingCode.UNKNOWN_DESIGN, detail=_unknown_design_message(code) if code else detail)
    return _unread(slip, picture, finding, code=code)


def _unknown_design_message(code: SlipCode) -> str:
    return f"The code names design {code.design} edition {code.edition}, which is not installed; add its design file."
