"""On a level line through a box a tick has one or two strokes, and writing has more."""

import cv2
import numpy as np
import pytest

from ocr.marks.ink_sheet import InkSheet
from ocr.marks.letters import writing_mm
from ocr.marks.ownership import WRITING_MM
from ocr.scale import PX_PER_MM
from pads.simulate.pen.marks import tick_box
from pads.simulate.truth import MarkStyle
from schemas.geometry import BoxMm
from tests.ocr.paper import Picture

BOX = BoxMm(14.0, 14.0, 3.3, 3.3)
BLANK = np.zeros((260, 260), np.uint8)


def sheet(ink: Picture, printed: Picture = BLANK, rooms: tuple[BoxMm, ...] = ()) -> InkSheet:
    return InkSheet(np.maximum(ink, printed), np.minimum(ink, 255 - printed), printed, rooms)


def written(words: str, x_mm: float, cap_mm: float = 3.0) -> Picture:
    """Words in bare strokes of 0.4 mm, their foot near the box's lower edge."""
    ink = BLANK.copy()
    at = round(x_mm * PX_PER_MM), round((BOX.bottom - 0.2) * PX_PER_MM)
    cv2.putText(ink, words, at, cv2.FONT_HERSHEY_SIMPLEX, cap_mm * PX_PER_MM / 21, 255, 3, cv2.LINE_8)
    return ink


@pytest.mark.parametrize("words", ["pd", "ok", "VK", "LM", "fax", "see note", "11/3"])
def test_letters_in_and_beside_a_box_have_more_strokes_than_a_tick(words: str) -> None:
    """Initials are as short as a note gets."""
    for x_mm in (12.6, 13.4, 14.2):
        assert writing_mm(sheet(written(words, x_mm)), BOX, []) >= WRITING_MM


@pytest.mark.parametrize("style", MarkStyle)
def test_marks_of_every_kind_have_two_strokes_at_most(style: MarkStyle) -> None:
    """Ticks, crosses, hooks and dashes that spill over are how people tick."""
    for seed in range(4):
        ink, rng = BLANK.copy(), np.random.default_rng([seed, 3])
        left, top, side, _ = (edge * PX_PER_MM for edge in (BOX.x, BOX.y, BOX.w, BOX.h))
        tick_box(ink, (left, top, side, side), style, 0.5 * PX_PER_MM, rng)
        assert writing_mm(sheet((ink > 80).astype(np.uint8) * 255), BOX, []) < WRITING_MM


def test_a_stroke_that_a_scan_has_dithered_is_one_stroke() -> None:
    """Pencil on a black and white scan is a row of dots."""
    ink = BLANK.copy()
    ends = [(round(x * PX_PER_MM), round(y * PX_PER_MM)) for x, y in ((12.0, 17.0), (20.0, 14.5))]
    cv2.line(ink, ends[0], ends[1], 255, 5)
    dots = np.indices(ink.shape).sum(axis=0) % 3 == 0
    assert writing_mm(sheet(np.where(dots, ink, 0).astype(np.uint8)), BOX, []) < WRITING_MM


def test_a_stroke_through_a_printed_label_is_one_stroke_and_the_label_none() -> None:
    """Print under a sweep cuts it in pieces; print alone is nobody's writing."""
    label, ink = written("Diabetes", 18.2), BLANK.copy()
    printed = np.asarray(cv2.dilate(label, np.ones((5, 5), np.uint8)), np.uint8)
    y = round(BOX.center.y * PX_PER_MM)
    cv2.line(ink, (round(13 * PX_PER_MM), y), (round(21 * PX_PER_MM), y), 255, 4)
    assert writing_mm(sheet(BLANK, printed), BOX, []) == 0
    assert writing_mm(sheet(ink, printed), BOX, []) < WRITING_MM


def test_writing_in_its_room_and_a_neighbors_mark_count_for_nothing() -> None:
    """Words stand beside an "Other", and marks of neighbors touch."""
    ink = written("MW", 10.2, 2.4)
    foot, tip = ((round(x * PX_PER_MM), round(y * PX_PER_MM)) for x, y in ((14.5, 17), (16.8, 14.3)))
    cv2.line(ink, foot, tip, 255, 3)
    beside = BoxMm(10.0, 10.0, 4.0, 10.0)
    assert writing_mm(sheet(ink), BOX, []) >= WRITING_MM
    assert writing_mm(sheet(ink, rooms=(beside,)), BOX, []) < WRITING_MM
    assert writing_mm(sheet(ink), BOX, [beside]) < WRITING_MM
