"""Strokes go to their line and field, and lines are cut tight."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM
from ocr.text.lines.ink_line import EDGE_PX
from ocr.text.lines.segment_lines import field_ink
from schemas.geometry import BoxMm
from schemas.pad import TextField

FIELD = TextField(name="goals", label="Goals", box_mm=BoxMm(10, 20, 60, 14), lines=2)
HEIGHT_MM, WIDTH_MM = 50, 80


def _paper() -> NDArray[np.uint8]:
    return np.zeros((round(HEIGHT_MM * PX_PER_MM), round(WIDTH_MM * PX_PER_MM)), np.uint8)


def _draw(ink: NDArray[np.uint8], x_mm: float, y_mm: float, w_mm: float, h_mm: float) -> None:
    left, top, right, bottom = (round(mm * PX_PER_MM) for mm in (x_mm, y_mm, x_mm + w_mm, y_mm + h_mm))
    ink[top:bottom, left:right] = 200


def test_an_empty_field_has_no_lines() -> None:
    """Most fields of most slips are empty; none may invent a line."""
    found = field_ink(_paper(), FIELD)
    assert (found.lines, found.dust_mm2, found.torn) == ((), 0.0, False)


@settings(max_examples=60, deadline=None)
@given(x=st.floats(11, 60), first_y=st.floats(20.0, 23.0), second_y=st.floats(28.0, 29.5), high=st.floats(1.5, 3.5))
def test_two_rows_of_letters_are_two_lines(x: float, first_y: float, second_y: float, high: float) -> None:
    """Rows stray from their rules; each letter still goes to the row it stands in, and no ink is lost."""
    ink = _paper()
    _draw(ink, x, first_y, 3, high)
    _draw(ink, x + 1, second_y, 3, high)
    found = field_ink(ink, FIELD)
    assert len(found.lines) == 2
    assert found.ink_mm2 == pytest.approx(np.count_nonzero(ink) / PX_PER_MM**2)
    assert found.lines[0].ink_mm2 == pytest.approx(found.lines[1].ink_mm2, rel=0.15)


def test_a_tail_into_the_next_line_stays_with_its_letter() -> None:
    """A g hangs 2 mm below the rule, between the ascenders of the line below."""
    ink = _paper()
    _draw(ink, 12, 24, 3, 2.5)
    _draw(ink, 14, 24, 0.5, 5)
    _draw(ink, 30, 30, 3, 3)
    first, second = field_ink(ink, FIELD).lines
    assert first.picture.shape[0] == pytest.approx(5 * PX_PER_MM + 2 * EDGE_PX, abs=1.5)
    assert second.picture.shape[0] == pytest.approx(3 * PX_PER_MM + 2 * EDGE_PX, abs=1.5)


def test_letters_of_two_lines_that_touch_are_parted() -> None:
    """A long tail that runs into a capital below must not drag the whole word into the line above."""
    ink = _paper()
    _draw(ink, 12, 22, 8, 4)
    _draw(ink, 12, 29.5, 8, 4)
    _draw(ink, 15, 22, 0.4, 11)
    lines = field_ink(ink, FIELD).lines
    assert len(lines) == 2
    assert lines[0].ink_mm2 == pytest.approx(lines[1].ink_mm2, rel=0.1)


def test_a_line_is_cut_tight_and_keeps_its_place() -> None:
    """The tight cut halves the reader's errors; cells are found again by where the cut began."""
    ink = _paper()
    _draw(ink, 30, 22, 10, 3)
    (line,) = field_ink(ink, FIELD).lines
    assert line.picture.shape == (round(3 * PX_PER_MM) + 2 * EDGE_PX, round(10 * PX_PER_MM) + 2 * EDGE_PX)
    assert line.left_px == round(30 * PX_PER_MM) - EDGE_PX
    assert line.picture[EDGE_PX, EDGE_PX] == 55
    assert (line.picture[0] == 255).all()


def test_dust_is_counted_but_not_written() -> None:
    """Fax speckle far from letters would widen the cut; the point of an i near its letter must stay."""
    ink = _paper()
    _draw(ink, 30, 23, 4, 3)
    _draw(ink, 31, 22, 0.4, 0.4)
    _draw(ink, 60, 30, 0.4, 0.4)
    found = field_ink(ink, FIELD)
    (line,) = found.lines
    assert line.picture.shape[0] == pytest.approx(4 * PX_PER_MM + 2 * EDGE_PX, abs=1.5)
    assert found.dust_mm2 == pytest.approx(0.16, abs=0.08)


def test_the_line_above_the_field_is_another_fields_business() -> None:
    """Tails of the field above hang into this one."""
    ink = _paper()
    _draw(ink, 20, 16, 4, 3)
    _draw(ink, 22, 16, 0.5, 5.0)
    found = field_ink(ink, FIELD)
    assert (found.lines, found.torn) == ((), False)


def test_a_stroke_from_outside_that_crosses_letters_is_cut_and_told() -> None:
    """A signature that hangs together with a letter must neither take the letter away nor pass for one."""
    ink = _paper()
    _draw(ink, 20, 24, 3, 3)
    _draw(ink, 30, 29, 3, 3)
    _draw(ink, 31, 29, 0.7, 16)
    _draw(ink, 24, 38, 30, 2)
    found = field_ink(ink, FIELD)
    assert (found.torn, found.goes_on) == (True, False)
    assert len(found.lines) == 2


def test_the_last_word_may_run_out_to_the_right() -> None:
    """People do not stop writing where the rule stops."""
    ink = _paper()
    _draw(ink, 64, 23, 4, 3)
    _draw(ink, 69.5, 23, 2, 3)
    (line,) = field_ink(ink, FIELD).lines
    assert line.ink_mm2 == pytest.approx(18, rel=0.1)


def test_a_stroke_from_outside_leaves_an_unwritten_field_empty_but_not_surely() -> None:
    """The capital of a signature reaches into the field above: it is no name, yet a name may have slipped down."""
    ink = _paper()
    _draw(ink, 30, 32, 1.5, 9)
    found = field_ink(ink, FIELD)
    assert (found.lines, found.torn) == ((), True)


@pytest.mark.parametrize(("beyond_mm", "goes_on"), [(2.5, True), (3.4, False)])
def test_a_line_that_goes_on_beyond_the_field_is_not_taken_for_whole(beyond_mm: float, goes_on: bool) -> None:
    """Who ran out of room wrote over the edge; what stands further off belongs to the field beside."""
    ink = _paper()
    for x_mm in (-8.0, -4.5, -1.5, beyond_mm):
        _draw(ink, FIELD.box_mm.right + x_mm, 22, 1.2, 2.5)
    found = field_ink(ink, FIELD)
    assert (found.torn, found.goes_on) == (goes_on, goes_on)


def test_a_line_that_runs_on_into_free_room_is_followed_to_its_end() -> None:
    """Nobody stops in the middle of a word because the rule stops; beside the field there is only paper."""
    ink = _paper()
    for x_mm in (-4.5, -1.5, 2.5, 8.0):
        _draw(ink, FIELD.box_mm.right + x_mm, 22, 1.2, 2.5)
    found = field_ink(ink, FIELD, room_to_mm=FIELD.box_mm.right + 9.5)
    (line,) = found.lines
    assert line.ink_mm2 == pytest.approx(4 * 1.2 * 2.5, rel=0.1)
    assert not found.torn


def test_a_line_is_followed_no_further_than_its_room() -> None:
    """What stands in the next field belongs there; a line that reaches it is not taken for whole."""
    ink = _paper()
    for x_mm in (-4.5, -1.5, 2.0, 4.5):
        _draw(ink, FIELD.box_mm.right + x_mm, 22, 1.2, 2.5)
    found = field_ink(ink, FIELD, room_to_mm=FIELD.box_mm.right + 4.0)
    (line,) = found.lines
    assert line.ink_mm2 == pytest.approx(3 * 1.2 * 2.5, rel=0.1)
    assert found.goes_on


def _written_line(ink: NDArray[np.uint8], rule_y_mm: float = 27.0) -> None:
    """A row of letters that stand on the rule at that height."""
    for x in (14.0, 18.0, 22.0):
        _draw(ink, x, rule_y_mm - 3.0, 2.5, 3.0)


def _rules() -> NDArray[np.uint8]:
    """Both rules of the field, and that of a field above it, each 0.4 mm thick."""
    rules = _paper()
    for y in (19.6, 27.0, 34.0):
        _draw(rules, 10, y, 60, 0.4)
    return rules


@pytest.mark.parametrize("second", ["specks", "rule", "comb", "streak"])
def test_what_no_pen_wrote_is_no_line(second: str) -> None:
    """A fax's specks, remains of a rule or of cells, and a streak were read as a second line: "- -" behind a text."""
    ink = _paper()
    _written_line(ink)
    if second == "streak":
        _draw(ink, 50, 17, 0.5, 22)
    for at in range(8):
        if second == "specks":
            _draw(ink, 13 + 2 * at, 29.5 + 0.4 * (at % 3), 0.4, 0.5)
        elif second == "rule":
            _draw(ink, 12 + 6 * at, 33.7, 3.5, 0.5)
        elif second == "comb":
            _draw(ink, 12 + 6 * at, 28.0, 0.3, 0.9)
    (line,) = field_ink(ink, FIELD, rules=_rules()).lines
    assert line.picture.shape[0] < 4.5 * PX_PER_MM


def test_a_line_of_small_letters_is_a_line_all_the_same() -> None:
    """Nobody's "see ran" is 1.2 mm high, but small hands come near; what is written must not vanish."""
    ink = _paper()
    _written_line(ink)
    for x in (14.0, 16.0, 18.0):
        _draw(ink, x, 32.3, 1.2, 1.5)
    assert len(field_ink(ink, FIELD, rules=_rules()).lines) == 2


def test_a_lone_dash_is_kept() -> None:
    """Where nothing else is written, a dash says "none"."""
    ink = _paper()
    _draw(ink, 14, 24.5, 6, 0.5)
    assert len(field_ink(ink, FIELD, rules=_rules()).lines) == 1


@pytest.mark.parametrize("rule_y_mm", [27.0, 34.0])
@pytest.mark.parametrize("parted", [True, False])
def test_a_comma_that_hangs_below_its_rule_stays(rule_y_mm: float, parted: bool) -> None:
    """Most of it lies in the field below; without it, or as a point, "Dc. CCSP" and "C5-6 R" stand in the record."""
    ink = _paper()
    _written_line(ink, rule_y_mm)
    before = field_ink(ink, FIELD, rules=_rules()).lines[0].picture
    if parted:
        _draw(ink, 25.2, rule_y_mm - 0.5, 0.6, 0.5)
        _draw(ink, 25.0, rule_y_mm + 0.4, 0.6, 1.6)
    else:
        _draw(ink, 25.0, rule_y_mm - 0.1, 0.6, 2.1)
    (line,) = field_ink(ink, FIELD, rules=_rules()).lines
    assert line.picture.shape[0] >= before.shape[0] + 1.2 * PX_PER_MM


@pytest.mark.parametrize("parted", [True, False])
def test_a_tail_of_the_field_above_is_no_letter_and_no_tear(parted: bool) -> None:
    """The g of a name hangs into the diagnosis: it is neither read there as a J nor does it doubt what is written."""
    ink = _paper()
    _written_line(ink, 34.0)
    _draw(ink, 30, 15.4, 3.5, 4.2)
    if not parted:
        _draw(ink, 32.8, 19.0, 0.7, 1.2)
    _draw(ink, 32.8, 20.0, 0.7, 2.2)
    _draw(ink, 30.0, 22.0, 3.5, 0.6)
    found = field_ink(ink, FIELD, rules=_rules())
    assert (len(found.lines), found.torn) == (1, False)
    assert found.lines[0].picture.shape[0] < 4.0 * PX_PER_MM


def test_the_foot_of_a_tall_letter_is_no_line_of_its_own() -> None:
    """An f of a large hand reaches from the field's top into its second line."""
    ink = _paper()
    _written_line(ink)
    _draw(ink, 26, 19.7, 1.6, 10.4)
    (line,) = field_ink(ink, FIELD, rules=_rules()).lines
    assert line.picture.shape[0] >= 10 * PX_PER_MM
