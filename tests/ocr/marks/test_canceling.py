"""A line or a large cross over the slip is found, whatever it crosses; nothing else is taken for one."""

import cv2
import numpy as np
import pytest

from ocr.ink import relative_ink
from ocr.marks.canceling import CancelLine, find_cancel_lines, with_cancel_lines
from ocr.marks.measure import read_marks
from ocr.streaks import find_lines
from ocr.template import Template
from pads.blank import blank, slip_picture
from pads.simulate.paper.overlays import CANCELING, Overlay, lay_over
from pads.simulate.pen.marks import tick_box
from pads.simulate.truth import MarkStyle
from schemas.pad import Guides
from schemas.reading import MarkState
from tests.ocr.paper import PX_PER_MM, Picture, design, px, slip, template

NAMES = ("met-1", "post-1")


def ink_of(picture: Picture, name: str) -> Picture:
    form = template(name)
    gray = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return relative_ink(
        np.asarray(cv2.resize(gray, form.size_px, interpolation=cv2.INTER_AREA), np.uint8), form.solid_mm
    )


def lines_on(picture: Picture, name: str) -> tuple[CancelLine, ...]:
    ink = ink_of(picture, name)
    return find_cancel_lines(ink, find_lines(ink, template(name).print_reach), template(name))


def overlaid(name: str, overlay: Overlay, seed: int) -> Picture:
    picture = np.repeat(slip(name)[..., None], 3, axis=2)
    lay_over(picture, design(name), overlay, np.random.default_rng([seed, 11]))
    return picture


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("overlay", sorted(CANCELING - {Overlay.LEVEL_LINE, Overlay.PENCIL_LINE}))
def test_a_line_or_cross_over_the_slip_is_found(overlay: Overlay, name: str) -> None:
    """A canceled slip that is accepted becomes a referral that nobody asked for; old hands tremble."""
    found = [lines_on(overlaid(name, overlay, seed), name) for seed in range(3)]
    assert all(found)
    assert all(len(lines) <= (2 if overlay is Overlay.CROSS else 1) for lines in found)
    assert all(line.length_mm >= 60 for lines in found for line in lines)


def drawn(
    name: str, first_mm: tuple[float, float], last_mm: tuple[float, float], thick: int, gray: int = 50
) -> Picture:
    """A slip with a straight line."""
    picture = slip(name)
    first, last = (tuple(round(v * PX_PER_MM) for v in point) for point in (first_mm, last_mm))
    cv2.line(picture, first, last, gray, thick, cv2.LINE_AA)
    return picture


def test_a_thick_level_line_that_runs_partly_along_a_rule_is_found() -> None:
    """Print hides half of it, and its thickness shows beside the rule."""
    other = next(field.box_mm for field in design().writing if field.name == "other_condition")
    y = other.bottom + 0.2
    (line,) = lines_on(drawn("met-1", (5, y - 0.4), (100, y + 0.4), 16), "met-1")
    assert line.length_mm > 80


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0.62, 0.8])
def test_an_upright_line_through_the_fields_is_found_and_is_no_streak(share: float, name: str) -> None:
    """It crosses nothing but rooms to write in, and is nearly as long as the slip is high."""
    wide, high = design(name).width_mm, design(name).height_mm
    found = lines_on(drawn(name, (share * wide, 6), (share * wide + 1, high - 6), 7), name)
    assert [line.length_mm > 0.8 * high for line in found] == [True]


@pytest.mark.parametrize("name", NAMES)
def test_a_pale_pencil_line_is_found(name: str) -> None:
    """Gray 200 on white paper, two pixels thick at 300 dpi."""
    wide, high = design(name).width_mm, design(name).height_mm
    assert lines_on(drawn(name, (8, high - 12), (wide - 8, 20), 2, gray=200), name)


@pytest.mark.parametrize("degrees", [0, 3, -8, 14])
def test_the_edge_of_a_framed_stamp_cancels_nothing(degrees: float) -> None:
    """RECEIVED in a frame of 75 mm has two straight lines long enough, and uprights at their ends."""
    for name in NAMES:
        picture = slip(name)
        high, wide = picture.shape
        ink, half = np.zeros_like(picture), np.array([37.5, 10]) * PX_PER_MM
        middle = np.array([wide / 2, high / 2])
        cv2.rectangle(ink, *(tuple(map(int, middle + sign * half)) for sign in (-1, 1)), 255, 7, cv2.LINE_AA)
        turn = cv2.getRotationMatrix2D(tuple(middle), degrees, 1.0)
        picture = np.minimum(picture, 255 - cv2.warpAffine(ink, turn, (wide, high)) // 5 * 4)
        assert not lines_on(np.asarray(picture, np.uint8), name)


def test_a_line_within_a_field_cancels_what_is_written_there_alone() -> None:
    """A word struck out or underlined is a finding of its field."""
    room = next(field.box_mm for field in design().writing if field.name == "diagnosis")
    for y in (room.y + 3, room.bottom - 0.6):
        assert not lines_on(drawn("met-1", (room.x + 1, y), (room.right - 1, y), 6), "met-1")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("overlay", sorted(set(Overlay) - CANCELING))
def test_stamps_notes_rings_and_loops_cancel_nothing(overlay: Overlay, name: str) -> None:
    """A person would laugh at the question, and soon stop reading it."""
    assert not any(lines_on(overlaid(name, overlay, seed), name) for seed in range(3))


@pytest.mark.parametrize("radius_mm", [38, 46, 52, 80])
def test_a_ring_as_large_as_the_slip_cancels_nothing(radius_mm: int) -> None:
    """It is followed all around, and once."""
    for name in NAMES:
        picture = slip(name)
        high, wide = picture.shape
        cv2.circle(picture, (wide // 2, high // 2), round(radius_mm * PX_PER_MM), 50, 7, cv2.LINE_AA)
        assert not lines_on(picture, name)


@pytest.mark.parametrize("gray", [70, 190])
@pytest.mark.parametrize("edge", ["left", "bottom"])
def test_the_shadow_of_the_slips_edge_cancels_nothing(edge: str, gray: int) -> None:
    """Curled paper throws one along most of a side, a little askew; a photo shows it pale."""
    picture = slip()
    high, wide = picture.shape
    ends = {"left": ((4, 300), (10, high - 250)), "bottom": ((150, high - 12), (wide - 200, high - 5))}
    cv2.line(picture, *ends[edge], gray, 6, cv2.LINE_AA)
    assert not lines_on(picture, "met-1")


def test_long_ticks_cancel_nothing() -> None:
    """Their arms are long, and may lie in one course."""
    for name in NAMES:
        rng, ink = np.random.default_rng(4), np.zeros_like(slip(name))
        for box in design(name).checkboxes:
            left, top, right, bottom = px(box.box_mm)
            tick_box(ink, (left, top, right - left, bottom - top), MarkStyle.SWEEP, 0.5 * PX_PER_MM, rng)
        assert not lines_on(np.minimum(slip(name), 255 - ink), name)


@pytest.mark.parametrize("tilt_px", [0, 60, 150])
def test_a_scanner_streak_over_the_slip_cancels_nothing(tilt_px: int) -> None:
    """Dust on the glass draws from edge to edge, askew when the slip lay askew, and with gaps."""
    picture = slip()
    wide = picture.shape[1]
    for start in range(0, wide, 260):
        left, right = ((x, 700 + tilt_px * x // wide) for x in (start, min(wide, start + 230)))
        cv2.line(picture, left, right, 60, 2)
    assert not lines_on(picture, "met-1")


def test_boxes_on_the_way_of_the_line_are_doubted() -> None:
    """Whatever becomes of the slip, the line ticks nothing."""
    for seed in range(2):
        ink = ink_of(overlaid("met-1", Overlay.LINE, seed), "met-1")
        lines = find_lines(ink, template().print_reach)
        found = find_cancel_lines(ink, lines, template())
        marks = read_marks(ink, with_cancel_lines(lines, found, ink.shape), template())
        assert MarkState.CHECKED not in {mark.value for mark in marks.values()}


def test_the_dots_of_a_guide_are_no_line() -> None:
    """A fine scan shows them as a pale level line across the slip, as a pencil would draw it."""
    dotted = design("met-1").model_copy(update={"edition": 99, "guides": Guides.DOTTED})
    form = Template(dotted, blank(dotted))
    dots = form.blank.astype(np.int16) - slip_picture(dotted, None, None)
    ink = relative_ink(np.clip(form.blank - 2 * dots, 0, 255).astype(np.uint8), form.solid_mm)
    lines = find_lines(ink, form.print_reach)
    assert lines.drawn is None
    assert not find_cancel_lines(ink, lines, form)
