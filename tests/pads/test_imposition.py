"""Slips on sheets: true to size, in an order that survives the knife."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pads.catalog import find, load_all
from pads.imposition import PAPER_MM, ImposedSheet, Paper, Up, cut_marks, impose, order
from schemas.errors import UsageError
from schemas.geometry import BoxMm
from schemas.pad import PadDesign

FITTING: list[tuple[Paper, Up]] = [("letter", 1), ("letter", 2), ("letter", 4), ("a4", 1), ("a4", 2)]
DESIGNS = pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))
SHEETS = pytest.mark.parametrize(("paper", "up"), FITTING)


@given(slips=st.integers(0, 500), up=st.sampled_from(get_args(Up)))
def test_a_cut_stack_laid_pile_on_pile_is_in_serial_order(slips: int, up: int) -> None:
    """Nobody sorts slips by hand."""
    sheets = order(slips, up)
    piles = [[places[place] for places in sheets] for place in range(up)]
    assert [index for pile in piles for index in pile if index is not None] == list(range(slips))


@given(slips=st.integers(1, 500), up=st.sampled_from(get_args(Up)))
def test_no_sheet_is_wasted(slips: int, up: int) -> None:
    """As few sheets as hold the slips, and something on each."""
    sheets = order(slips, up)
    assert len(sheets) == -(-slips // up)
    assert all(any(index is not None for index in places) for places in sheets)


@DESIGNS
@SHEETS
def test_slips_lie_on_the_sheet_in_true_size_and_apart(design: PadDesign, paper: Paper, up: Up) -> None:
    """A scaled pad would read worse, an overlapping one not at all."""
    sheet = impose(design, up, paper)
    assert len(sheet.slips) == up
    assert sorted((sheet.width_mm, sheet.height_mm)) == sorted(PAPER_MM[paper])
    page = BoxMm(0, 0, sheet.width_mm, sheet.height_mm).grown(0.01)
    assert all((slip.w, slip.h) == (design.width_mm, design.height_mm) and slip.inside(page) for slip in sheet.slips)
    assert sum(one.overlap_mm2(other) for one in sheet.slips for other in sheet.slips) == pytest.approx(
        sum(slip.w * slip.h for slip in sheet.slips)
    )


@DESIGNS
def test_what_does_not_fit_is_refused_with_figures(design: PadDesign) -> None:
    """Four quarter sheets of a letter page are wider than A4; they are not shrunk in silence."""
    with pytest.raises(UsageError, match=r"need \d+\.\d x \d+\.\d mm, and a4 has 210\.0 x 297\.0 mm; print fewer"):
        impose(design, 4, "a4")


def test_landscape_cards_turn_the_sheet() -> None:
    """Four cards of 5.5 x 4.25 in fill a letter page that lies."""
    sheet = impose(find(load_all(), "post"), 4, "letter")
    assert (sheet.width_mm, sheet.height_mm) == (279.4, 215.9)


@DESIGNS
@SHEETS
def test_cut_marks_keep_clear_of_what_is_read(design: PadDesign, paper: Paper, up: Up) -> None:
    """A mark in a corner's white zone would cost that corner; one beside the sheet would not be printed."""
    sheet = impose(design, up, paper)
    assert cut_marks(sheet) or sheet.slips[0].w == sheet.width_mm
    for start, end in cut_marks(sheet):
        mark = BoxMm(min(start.x, end.x), min(start.y, end.y), abs(end.x - start.x), abs(end.y - start.y)).grown(0.1)
        assert mark.inside(BoxMm(0, 0, sheet.width_mm, sheet.height_mm).grown(0.11))
        assert not any(mark.overlap_mm2(zone) for zone in _quiet_zones(design, sheet))


@DESIGNS
@SHEETS
def test_every_cut_is_marked_at_both_ends(design: PadDesign, paper: Paper, up: Up) -> None:
    """A knife is laid along two marks."""
    sheet = impose(design, up, paper)
    marks = cut_marks(sheet)
    for x in {edge for slip in sheet.slips for edge in (slip.x, slip.right) if 0.01 < edge < sheet.width_mm - 0.01}:
        assert sum(start.x == end.x == pytest.approx(x, abs=0.001) for start, end in marks) == 2
    for y in {edge for slip in sheet.slips for edge in (slip.y, slip.bottom) if 0.01 < edge < sheet.height_mm - 0.01}:
        assert sum(start.y == end.y == pytest.approx(y, abs=0.001) for start, end in marks) == 2


def _quiet_zones(design: PadDesign, sheet: ImposedSheet) -> list[BoxMm]:
    module = design.fiducials_mm()[0].w / 6
    return [
        BoxMm(slip.x + box.x, slip.y + box.y, box.w, box.h).grown(module)
        for slip in sheet.slips
        for box in design.fiducials_mm()
    ]
