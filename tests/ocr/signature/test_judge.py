"""Whether someone signed follows from numbers alone; every doubt is named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.signature.judge import NOTHING_MM2, SIGNED_HEIGHT_MM, SignatureMeasure, judge_signature
from ocr.signature.outline import Outline
from ocr.signature.rows import Rows
from ocr.signature.shape import Shape
from ocr.signature.strokes import Stroke
from schemas.geometry import BoxMm
from schemas.reading import SignatureState

LOOPS = Stroke(4.0, 6.0, 25.0, 8.0, 70.0, 0.4, 6.0, 0.35, 1)
DOT = Stroke(18.0, 5.0, 0.9, 0.9, 1.0, 0.5, 0.9, 1.0, 2)
SIGNED = SignatureMeasure(
    strokes=(LOOPS, DOT),
    neighbors=(),
    room_mm=BoxMm(4.0, 6.0, 46.0, 6.7),
    area_mm2=28.0,
    ink_height_mm=7.5,
    level=0.1,
    crumbs=0.01,
    grain=0.1,
    shape=Shape(two_ways=0.55, rectangle=0.6, top_share=0.45, top_mm=6.0, top_clear=0.4),
)
EMPTY = replace(SIGNED, strokes=(), area_mm2=0.0, ink_height_mm=0.0, shape=Shape())
ROW = tuple(replace(LOOPS, left_mm=35.0 + 3 * n, width_mm=2.5, height_mm=4.0, length_mm=9.0) for n in range(4))


def test_a_signature_is_present_and_an_empty_line_absent() -> None:
    """Plain cases need nobody."""
    assert judge_signature(SIGNED).value is SignatureState.PRESENT
    assert judge_signature(EMPTY).value is SignatureState.ABSENT
    assert judge_signature(EMPTY).confidence == 1


@pytest.mark.parametrize(
    ("measure", "reason"),
    [
        (replace(SIGNED, strokes=(replace(LOOPS, thick_mm=2.5),)), "smudge"),
        (replace(SIGNED, area_mm2=60, strokes=(replace(LOOPS, solid=0.9),)), "smudge"),
        (replace(SIGNED, grain=3.0, strokes=(replace(LOOPS, solid=0.7),)), "smudge"),
        (replace(SIGNED, crumbs=0.7), "specks"),
        (replace(SIGNED, shape=replace(SIGNED.shape, top_share=0.9, top_mm=30.0, top_clear=1.0)), "stamp"),
        (replace(SIGNED, shape=replace(SIGNED.shape, rectangle=0.95)), "stamp"),
        (replace(SIGNED, shape=replace(SIGNED.shape, two_ways=0.95)), "straight"),
        (replace(SIGNED, ink_height_mm=16.0), "straight"),
        (replace(SIGNED, level=0.9, ink_height_mm=3.0), "typed"),
        (replace(SIGNED, strokes=ROW, small_shapes=12, tallest_mm=3.0), "typed or stamped"),
        (replace(SIGNED, small_shapes=20, tallest_mm=4.0), "typed or stamped"),
        (replace(SIGNED, rows=Rows(count=12, tallest_mm=3.0, letter_share=0.9)), "typed or stamped"),
        (replace(SIGNED, outline=Outline(corner_mm=40.0)), "stamp"),
        (replace(SIGNED, outline=Outline(corner_mm=30.0, sides_mm=50.0)), "stamp"),
        (replace(SIGNED, strokes=ROW, ink_height_mm=4.5), "date"),
        (replace(SIGNED, strokes=(replace(LOOPS, length_mm=12.0, width_mm=5.0),)), "12 mm of pen strokes"),
        (replace(SIGNED, strokes=(replace(LOOPS, length_mm=24.0, width_mm=5.0),)), "24 mm of pen strokes"),
        (replace(SIGNED, strokes=tuple(replace(DOT, left_mm=float(n), length_mm=3.0) for n in range(12))), "short"),
        (replace(SIGNED, area_mm2=2.0), "2 mm2 of ink"),
        (replace(SIGNED, ink_height_mm=3.2), "3.2 mm high"),
    ],
)
def test_each_doubt_is_named(measure: SignatureMeasure, reason: str) -> None:
    """The person who settles it should know what to look for."""
    reading = judge_signature(measure)
    assert reading.value is SignatureState.UNCERTAIN
    assert reason in reading.reason


@given(st.floats(NOTHING_MM2, 200), st.floats(0, 20), st.floats(0.1, 200), st.floats(0, 60))
def test_nobody_signed_with_little_or_low_ink(area: float, height: float, path: float, width: float) -> None:
    """False "present" is the error that counts: it lets an unsigned slip through."""
    stroke = replace(LOOPS, length_mm=path, width_mm=width)
    reading = judge_signature(replace(SIGNED, strokes=(stroke,), area_mm2=area, ink_height_mm=height))
    assert reading.value is not SignatureState.ABSENT
    if reading.value is SignatureState.PRESENT:
        assert height >= SIGNED_HEIGHT_MM
        assert path >= 20


def test_a_small_hand_is_a_signature_when_its_edges_are_ragged() -> None:
    """Some people sign low and wide; machines write low and level."""
    ragged = replace(SIGNED, ink_height_mm=3.2, shape=replace(SIGNED.shape, top_share=0.3))
    assert judge_signature(ragged).value is SignatureState.PRESENT


def test_a_bar_over_the_name_is_no_stamp() -> None:
    """Flourishes cross the letters; a stamp keeps a margin below its line."""
    crossed = replace(SIGNED.shape, top_share=0.9, top_mm=30.0, top_clear=0.3)
    assert judge_signature(replace(SIGNED, shape=crossed)).value is SignatureState.PRESENT


@given(st.floats(0, NOTHING_MM2, exclude_max=True))
def test_next_to_no_ink_is_absent(area: float) -> None:
    """A few specks are no signature, and no question."""
    assert judge_signature(replace(EMPTY, area_mm2=area)).value is SignatureState.ABSENT
