"""Print goes, pen stays."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM, px_box
from ocr.template import Template
from ocr.text.lines.remove_print import INK_LEAST, remove_print, slip_ink, split_print
from pads.blank import blank, slip_picture
from schemas.pad import CombField, Guides, TextField
from tests.ocr.text.slips import template

DESIGNS = ("met", "post")


def _in_fields(ink: NDArray[np.uint8], form: Template) -> float:
    """Square millimeters of ink in the fields to write in, the fullest of them."""
    areas = []
    for field in form.design.writing:
        left, top, right, bottom = px_box(field.box_mm.grown(0.5))
        areas.append(np.count_nonzero(ink[top:bottom, left:right]) / PX_PER_MM**2)
    return max(areas)


@pytest.mark.parametrize("name", DESIGNS)
@settings(max_examples=12, deadline=None)
@given(right=st.floats(-1.5, 1.5), down=st.floats(-1.5, 1.5), paper=st.sampled_from([255, 200, 120]))
def test_an_empty_form_leaves_no_ink(name: str, right: float, down: float, paper: int) -> None:
    """Registration is off by up to 0.2 mm, and paper has any color: none of the print may be taken for writing."""
    form = template(name)
    moved = cv2.warpAffine(form.blank, np.array([[1, 0, right], [0, 1, down]]), form.size_px, borderValue=255)
    picture = (moved.astype(np.float32) * paper / 255).astype(np.uint8)
    assert _in_fields(slip_ink(picture, form).pen, form) < 1.0


def _field(form: Template, name: str) -> TextField | CombField:
    return next(field for field in form.design.writing if field.name == name)


def test_a_stroke_across_a_rule_stays_whole() -> None:
    """Tails of g and y cross the rule; cut in two they are read as other letters."""
    form = template()
    box = _field(form, "diagnosis").box_mm
    x, rule = round((box.x + 20) * PX_PER_MM), round((box.y + box.h / 2) * PX_PER_MM)
    slip = form.blank.copy()
    cv2.line(slip, (x, rule - 18), (x + 6, rule + 14), 0, 3)
    strokes = _strokes_near(slip_ink(slip, form).pen, x, rule)
    assert len(strokes) == 1
    assert strokes[0] >= 30


def test_letters_that_sit_on_the_rule_keep_their_feet() -> None:
    """The foot of an o lies on the rule; without it the o is an n."""
    form = template()
    box = _field(form, "patient_name").box_mm
    x, rule = round((box.x + 20) * PX_PER_MM), round(box.bottom * PX_PER_MM)
    slip = form.blank.copy()
    cv2.circle(slip, (x, rule - 9), 9, 0, 3)
    ring = slip_ink(slip, form).pen[rule - 22 : rule + 6, x - 14 : x + 15]
    _, _, stats, _ = cv2.connectedComponentsWithStats((ring == 0).astype(np.uint8), connectivity=4)
    assert len(stats) - 1 == 2, "the paper outside and the paper inside the ring"


def _strokes_near(ink: NDArray[np.uint8], x: int, y: int) -> list[int]:
    """Heights of the strokes around a place, specks aside."""
    part = (ink[y - 24 : y + 24, x - 20 : x + 24] > 0).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    return [int(height) for _, _, _, height, area in stats[1:] if area > 4]


def test_a_rule_that_a_fax_moved_is_no_writing() -> None:
    """On a coarse fax a rule comes out a line lower than it should, beside its place and its tolerance."""
    form = template()
    box = _field(form, "precautions").box_mm
    left, rule, right = round(box.x * PX_PER_MM), round(box.bottom * PX_PER_MM), round(box.right * PX_PER_MM)
    slip = form.blank.copy()
    slip[rule + 3 : rule + 5, left:right] = 0
    assert _in_fields(slip_ink(slip, form).pen, form) < 1.0


def test_pale_pen_counts_and_paper_grain_does_not() -> None:
    """A ball-pen leaves 40 % of black on a pale scan; the grain of gray paper stays below 15 %."""
    form = split_print(np.zeros((60, 60), np.uint8))
    ink = np.full((60, 60), 38, np.uint8)
    ink[20:40, 28:32] = 102
    kept = remove_print(ink, form)
    assert kept[30, 30] == 102
    assert kept[5, 5] == 0


def test_dots_of_a_guide_go_and_a_full_stop_on_it_stays() -> None:
    """A fine scan still shows some dots; taken for writing they would be full stops on an empty line."""
    design = template().design.model_copy(update={"edition": 99, "guides": Guides.DOTTED})
    form = Template(design, blank(design))
    dots = form.blank.astype(np.int16) - slip_picture(design, None, None)
    scan = np.clip(form.blank - 2 * dots, 0, 255).astype(np.uint8)  # dots twice as dark as they were printed
    assert _in_fields(np.where(dots > INK_LEAST / 2, 255, 0).astype(np.uint8), form) > 1.0
    assert _in_fields(slip_ink(scan, form).pen, form) < 0.1
    box = _field(form, "diagnosis").box_mm
    x, y = round((box.x + 20) * PX_PER_MM), round(box.bottom * PX_PER_MM)
    cv2.circle(scan, (x, y), 2, 0, -1)
    assert slip_ink(scan, form).pen[y, x] > 0
