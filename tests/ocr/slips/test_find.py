"""Slips are found wherever and however they lie, or refused with a reason; never read shifted."""

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.page import Page
from ocr.slips.find import find_slips
from ocr.slips.found_slip import FoundSlip, RegisteredSlip, UnreadSlip
from ocr.template import Template
from pads.blank import blank, slip_picture
from pads.simulate.displacement import displace
from schemas.code import SlipCode
from schemas.geometry import BoxMm
from schemas.reasons import FindingCode
from schemas.studio import Studio
from tests.ocr.paper import (
    PX_PER_MM,
    SERIAL,
    bilevel_fax,
    design,
    page,
    place,
    px,
    slip,
    templates,
    together,
    without_marks,
)

CODE = SlipCode(design="met", edition=1, serial=SERIAL)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def only(found: tuple[FoundSlip, ...]) -> FoundSlip:
    assert len(found) == 1
    return found[0]


def codes(found: FoundSlip) -> set[FindingCode]:
    return {finding.code for finding in found.findings}


@given(angle=st.floats(-180, 180), scale=st.floats(0.9, 1.1), x=st.integers(1150, 1400), y=st.integers(1150, 2100))
@FEW
def test_a_slip_is_found_at_any_turn_and_print_scale(angle: float, scale: float, x: int, y: int) -> None:
    """People lay slips down anyhow, and printers shrink to fit."""
    found = only(find_slips(page(place(slip(), angle, scale, (x, y))), templates()))
    assert found.code == CODE
    assert isinstance(found, RegisteredSlip)
    assert found.residual_mm < 0.15
    height, width = slip().shape
    turn = np.radians(-angle)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    top_left = spin @ np.array([-width / 2, -height / 2]) * scale + (x, y)
    assert np.linalg.norm(found.corners_px[0] - top_left) < 3


@example([(0.0, 0.0), (0.078125, 0.0), (-0.0625, 0.0), (0.078125, 0.0)])  # no mark tells where the others lie
@given(st.lists(st.tuples(st.floats(-0.08, 0.08), st.floats(-0.08, 0.08)), min_size=4, max_size=4))
@FEW
def test_a_slip_seen_askew_by_a_camera_is_laid_flat(moves: list[tuple[float, float]]) -> None:
    """A phone is never held square to the paper."""
    height, width = slip().shape
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = (flat + np.array(moves) * (width, height) + (400, 400)).astype(np.float32)
    photo = cv2.warpPerspective(
        slip(), cv2.getPerspectiveTransform(flat, seen), (width + 800, height + 800), borderValue=120
    )
    found = only(find_slips(page(np.asarray(photo, np.uint8)), templates()))
    assert isinstance(found, RegisteredSlip)
    assert found.code == CODE
    assert np.abs(found.corners_px - seen).max() < (6 if found.notes else 3)  # a lost mark costs its corner precision


def test_four_slips_on_a_page_are_told_apart() -> None:
    """All slips carry the same four marks; only their places say which belong together."""
    places = {11: (0.8, (640, 830)), 12: (181, (1900, 830)), 13: (-2, (640, 2480)), 14: (178, (1900, 2480))}
    sheet = together(place(slip(serial=serial), turn, 0.97, at) for serial, (turn, at) in places.items())
    found = find_slips(page(sheet), templates())
    assert [slip.code.serial for slip in found if slip.code] == [11, 12, 13, 14]
    assert all(isinstance(slip, RegisteredSlip) for slip in found)


@pytest.mark.parametrize(("scale", "contrast"), [(0.45, 1.0), (1.0, 0.25)])
def test_a_slip_that_hardly_shows_on_the_reduced_page_is_found_beside_a_clear_one(
    scale: float, contrast: float
) -> None:
    """The quick look at a page is believed only when no other ink is on it: a slip that it misses is not lost."""
    hardly = place(slip(serial=2), scale=scale, at=(1275, 2500))
    hardly = (255 - (255 - hardly) * contrast).astype(np.uint8)
    found = find_slips(page(together([place(slip(serial=1), at=(1275, 800)), hardly])), templates())
    assert sorted(one.code.serial for one in found if one.code) == [1, 2]


def test_designs_of_different_shape_share_a_page() -> None:
    """An office may use two pads."""
    sheet = together([place(slip("met-1"), 0, 1, (800, 1000)), place(slip("post-1", 9), 90, 1, (1800, 2300))])
    found = find_slips(page(sheet), templates())
    assert {slip.code.design for slip in found if slip.code} == {"met", "post"}


@pytest.mark.parametrize("mode", ["clean", "fax"])
def test_editions_of_one_size_whose_marks_lie_elsewhere_are_told_apart(mode: str) -> None:
    """A new edition may print its marks further in; four marks alone fit both, and the code tells which it is."""
    further_in = design().model_copy(update={"edition": 98, "marks_inset_mm": 5.0})
    known = (*templates(), Template(further_in, blank(further_in)))
    places = ((slip(), (640, 830)), (slip_picture(further_in, Studio(), 77, 300), (1900, 830)))
    sheet = together(place(picture, 1, 1, at) for picture, at in places)
    found = find_slips(Page(1, bilevel_fax(sheet), 204) if mode == "fax" else page(sheet), known)
    assert [str(slip.code.pad_id) for slip in found if slip.code] == ["met-1", "met-98"]
    assert all(isinstance(slip, RegisteredSlip) and slip.residual_mm < 0.15 for slip in found)


@pytest.mark.parametrize("lost", [(0,), (1,), (2,), (3,), (0, 1), (1, 2), (0, 2)])
def test_lost_corner_marks_are_made_good_by_the_printed_form(lost: tuple[int, ...]) -> None:
    """Staples and torn corners cost marks; a reading must not shift for it."""
    whole = place(slip(), 3)
    found = only(find_slips(page(without_marks(whole, lost)), templates()))
    reference = only(find_slips(page(whole), templates()))
    assert found.code == CODE
    assert isinstance(found, RegisteredSlip)
    assert np.abs(found.corners_px - reference.corners_px).max() < 6
    assert found.notes


@pytest.mark.parametrize("lost", [(0, 1, 2), (1, 2, 3), (0, 1, 2, 3)])
def test_the_code_finds_a_slip_whose_corner_marks_are_lost(lost: tuple[int, ...]) -> None:
    """The code says which design it is and roughly where; the printed form does the rest."""
    whole = place(slip(), 3)
    found = only(find_slips(page(without_marks(whole, lost)), templates()))
    assert found.code == CODE
    assert isinstance(found, RegisteredSlip)
    assert np.abs(found.corners_px - only(find_slips(page(whole), templates())).corners_px).max() < 6


def test_a_lone_corner_mark_is_a_slip_that_cannot_be_read() -> None:
    """It cannot say where the boxes are, but nobody else prints it: somebody must look."""
    picture = slip()
    left, top, right, bottom = px(design().code_mm)
    picture[top:bottom, left:right] = 255
    found = only(find_slips(page(without_marks(place(picture, 3), (0, 1, 2))), templates()))
    assert isinstance(found, UnreadSlip)
    assert codes(found) == {FindingCode.REGISTRATION_RESIDUAL}
    assert "1 corner mark" in found.findings[0].detail


@pytest.mark.parametrize("lost", [(0, 1, 2), (0, 1, 2, 3)])
def test_a_damaged_slip_is_not_lost_beside_a_good_one(lost: tuple[int, ...]) -> None:
    """A page that yields one referral must not swallow another."""
    damaged = without_marks(place(slip("post-1", 8), 2, 1, (1300, 2400)), lost)
    sheet = together([place(slip(serial=7), 1, 1, (1300, 850)), damaged])
    found = find_slips(page(sheet), templates())
    assert [slip.code.serial for slip in found if slip.code] == [7, 8]
    assert all(isinstance(slip, RegisteredSlip) for slip in found)


def test_a_slip_seen_steeply_from_the_side_is_one_slip() -> None:
    """The near marks then look twice as large as the far ones."""
    height, width = slip().shape
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = flat * 1.2 + np.array([(0, 0), (0, 0), (-330, -700), (330, -700)], np.float32) + 300
    photo = cv2.warpPerspective(slip(), cv2.getPerspectiveTransform(flat, seen), (2200, 2200), borderValue=120)
    found = only(find_slips(Page(1, np.asarray(photo, np.uint8), None), templates()))
    assert isinstance(found, RegisteredSlip)
    assert np.abs(found.corners_px - seen).max() < 4


def test_a_mirrored_slip_is_never_read() -> None:
    """Paper scanned from behind would read left for right, and barcode readers read a code from both sides alike."""
    for angle in (0, 90, 177):
        mirrored = np.ascontiguousarray(place(slip(), angle)[:, ::-1])
        assert find_slips(page(mirrored), templates()) == ()


def test_a_slip_cut_off_by_the_scanner_says_by_how_much() -> None:
    """What is not on the picture was not left empty."""
    found = only(find_slips(page(place(slip(), 0, 1, (500, 1500))), templates()))
    assert FindingCode.SLIP_CUT_OFF in codes(found)
    assert "mm" in found.findings[-1].detail


def test_a_covered_form_is_refused_instead_of_read() -> None:
    """Another sheet over the slip hides boxes; its corner marks alone must not make it readable."""
    picture = slip()
    height, width = picture.shape
    cv2.rectangle(picture, (0, 300), (width, height - 190), 255, -1)
    found = only(find_slips(page(place(picture)), templates()))
    assert isinstance(found, UnreadSlip)
    assert FindingCode.REGISTRATION_RESIDUAL in codes(found)


@given(
    name=st.sampled_from(["met-1", "post-1"]),
    at=st.floats(0.2, 0.8),
    by_mm=st.floats(1.5, 6),
    down=st.booleans(),
    repeated=st.booleans(),
)
@settings(FEW, max_examples=24)
def test_a_slip_whose_parts_lie_apart_is_refused(
    name: str, at: float, by_mm: float, down: bool, repeated: bool
) -> None:
    """A feeder that slips, or a fold, moves half of the form; no one map fits both halves, so none may be read."""
    picture = np.ascontiguousarray(slip(name) if down else slip(name).T)
    line, by = round(at * len(picture)), round(by_mm * PX_PER_MM)
    if repeated:
        parts = [picture[:line], np.repeat(picture[line : line + 1], by, axis=0), picture[line:]]
    else:
        parts = [picture[:line], picture[line + by :]]
    jerked = np.concatenate(parts)
    found = find_slips(page(place(np.ascontiguousarray(jerked if down else jerked.T), 2)), templates())
    assert found
    assert all(isinstance(slip, UnreadSlip) and slip.findings for slip in found)


@pytest.mark.parametrize("name", ["met-1", "post-1"])
@pytest.mark.parametrize("cover", [(0.0, 0.55, 1.0, 0.2), (0.0, 0.25, 0.35, 0.5), (0.6, 0.3, 0.4, 0.45)])
def test_a_slip_with_some_fields_covered_is_refused_or_tells_which(
    name: str, cover: tuple[float, float, float, float]
) -> None:
    """Another sheet over a third of the form hides what is written there; its blank paper is no empty field."""
    picture = slip(name)
    height, width = picture.shape
    x, y, w, h = (round(part * length) for part, length in zip(cover, (width, height) * 2, strict=True))
    cv2.rectangle(picture, (x, y), (x + w, y + h), 250, -1)
    found = only(find_slips(page(place(picture)), templates()))
    covered = BoxMm(*(edge / PX_PER_MM for edge in (x, y, w, h)))
    fields = (*design(name).writing, design(name).signature)
    mostly = {field.name for field in fields if _share(field.box_mm.grown(0.5), covered) > 0.6}
    assert isinstance(found, UnreadSlip) or mostly <= set(found.hidden)
    assert isinstance(found, UnreadSlip) or mostly


def _share(box: BoxMm, covered: BoxMm) -> float:
    """Which part of the box is covered with its lower edge, where its rule is; 0 when that is free."""
    free = covered.bottom < box.bottom or covered.y > box.y
    return 0.0 if free else box.overlap_mm2(covered) / (box.w * box.h)


@given(height_mm=st.floats(2, 8), turn=st.floats(0, np.pi), phase=st.floats(0, 2 * np.pi))
@FEW
def test_curled_paper_in_a_photo_is_read_in_its_place_or_not_at_all(
    height_mm: float, turn: float, phase: float
) -> None:
    """What is nearer to the camera looks larger: a flat map would leave boxes millimeters off."""
    middle, across = np.array(slip().shape[::-1]) / 2, np.array([np.cos(turn), np.sin(turn)])

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        wave = 1 - np.cos(2 * np.pi * ((points - middle) @ across) / 2400 + phase)
        return np.asarray(points + (points - middle) * (height_mm / 2 * wave / 320)[:, None])

    curled = cv2.copyMakeBorder(displace(slip(), move), 300, 300, 300, 300, cv2.BORDER_CONSTANT, value=120)
    found = only(find_slips(Page(1, np.asarray(curled, np.uint8), None), templates()))
    if isinstance(found, UnreadSlip):
        assert codes(found) <= {FindingCode.REGISTRATION_RESIDUAL, FindingCode.SLIP_CUT_OFF}
        return
    mm = np.array([field.box_mm.center for field in design().fields])
    off_px = np.linalg.norm(found.transform.px(mm) - move(mm * PX_PER_MM - 0.5) - 300, axis=1)
    assert off_px.max() / PX_PER_MM < 0.6


def test_a_slip_survives_a_coarse_fax() -> None:
    """Many offices still send 204 x 98."""
    found = only(find_slips(page(bilevel_fax(place(slip(), 1.5)), 204), templates()))
    assert found.code == CODE
    assert isinstance(found, RegisteredSlip)
    assert found.residual_mm < 0.3


@pytest.mark.parametrize("on_its_side", [False, True])
def test_a_slip_on_a_long_strip_of_fax_paper_is_found(on_its_side: bool) -> None:
    """A machine fed from a roll sends five feet as one page; shrunk to one look, its marks are too small to see."""
    short = place(slip(), 1)
    strip = np.full((60 * 300, short.shape[1]), 255, np.uint8)
    strip[-4000 : -4000 + short.shape[0]] = short
    shown = np.ascontiguousarray(strip.T[:, ::-1]) if on_its_side else strip
    found = only(find_slips(page(shown), templates()))
    assert found.code == CODE
    assert isinstance(found, RegisteredSlip)


def test_a_slip_on_colored_paper_under_a_shadow_is_found() -> None:
    """Paper is not always white, nor light even."""
    shade = np.linspace(0.35, 0.9, 2550)[None, :]
    dark = (place(slip(), 2).astype(np.float64) * shade * 0.8).astype(np.uint8)
    assert isinstance(only(find_slips(page(dark), templates())), RegisteredSlip)


def test_a_design_that_is_not_installed_says_so() -> None:
    """A slip of a pad that this studio does not know is a matter for a person."""
    ours = tuple(template for template in templates() if template.design.design == "met")
    found = only(find_slips(page(place(slip("post-1"))), ours))
    assert found.template is None
    assert isinstance(found, UnreadSlip)
    assert codes(found) == {FindingCode.UNKNOWN_DESIGN}
    assert "post" in found.findings[0].detail


def test_an_unreadable_code_is_made_good_by_the_look_of_the_form() -> None:
    """A blot on the code costs the serial, not the readings."""
    picture = slip()
    box = templates()[0].design.code_mm
    left, top, right, bottom = (round(v * 300 / 25.4) for v in (box.x, box.y, box.right, box.bottom))
    picture[top:bottom, left:right] = 90
    found = only(find_slips(page(place(picture)), templates()))
    assert found.code is None
    assert isinstance(found, RegisteredSlip)
    assert codes(found) == {FindingCode.CODE_UNREADABLE}


def test_a_page_without_slips_has_none() -> None:
    """Text and frames of other forms hold no corner marks."""
    other = np.full((3300, 2550), 250, np.uint8)
    for y in range(200, 3000, 90):
        cv2.putText(other, "Statement of account 4521", (200, y), cv2.FONT_HERSHEY_SIMPLEX, 2, 30, 4)
        cv2.rectangle(other, (1900, y), (1960, y + 60), 20, 6)
    assert not find_slips(page(other), templates())


def test_an_unforeseen_error_at_one_slip_leaves_the_slip_beside_it() -> None:
    """Both have their picture: the one is read, the other a person reads."""
    broken = tuple(
        Template(known.design, known.blank[:0]) if known.design == design("post-1") else known for known in templates()
    )
    sheet = together([place(slip(), 0, 1, (700, 900)), place(slip("post-1"), 0, 1, (1700, 2500))])
    found = find_slips(page(sheet), broken)
    assert [type(each) for each in found] == [RegisteredSlip, UnreadSlip]
    assert FindingCode.INTERNAL_ERROR in codes(found[1])
    assert found[1].picture.size > 0
