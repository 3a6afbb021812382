"""Whose ink is it: numbers to a reason, without a picture."""

from dataclasses import replace

import pytest

from ocr.marks.judge import BoxMeasure, judge_mark
from ocr.marks.ownership import OWN, RUNS_ON_MM, Ownership, foreign_reason
from schemas.reading import MarkState

TICKED = BoxMeasure(ink=0.2, ink_mm2=1.5, core_mm2=0.8, stroke_mm=4.0, outline=0.8)
EMPTY = BoxMeasure(ink=0.0, ink_mm2=0.0, core_mm2=0.0, stroke_mm=0.0, outline=0.8)


@pytest.mark.parametrize(
    ("ink", "reason"),
    [
        (replace(OWN, runs_on_mm=(9.0, 6.0)), "runs on"),
        (replace(OWN, arms_mm=(8.0, 5.0)), "runs on"),
        (replace(OWN, strays_mm=0.2, runs_on_mm=(13.0, 0.0)), "runs on"),
        (replace(OWN, arms_mm=(13.5, 0.0)), "larger"),
        (replace(OWN, arms_mm=(9.0, 3.0)), "larger"),
        (replace(OWN, near=0.2), "larger"),
        (replace(OWN, bulk_mm2=4.0), "larger"),
        (replace(OWN, row=2, around_mm2=3.0), "row"),
        (replace(OWN, row=1, around_mm2=5.0), "row"),
        (replace(OWN, around_mm2=9.0), "around"),
        (replace(OWN, writing_mm=0.5), "letters"),
    ],
)
def test_each_sign_of_foreign_ink_is_named(ink: Ownership, reason: str) -> None:
    """A person who is told that it may be a stamp settles the box at a glance."""
    mark = judge_mark(replace(TICKED, ownership=ink))
    assert mark.value is MarkState.AMBIGUOUS
    assert reason in mark.reason


@pytest.mark.parametrize(
    "ink",
    [
        OWN,
        Ownership(near=0.5, arms_mm=(12.0, 1.5), runs_on_mm=(12.5, 1.0), strays_mm=0.4),  # a tick with a long arm
        Ownership(near=0.6, arms_mm=(4.3, 4.2), bulk_mm2=0.5),  # a cross that spills over a small box
        Ownership(runs_on_mm=(RUNS_ON_MM + 1, RUNS_ON_MM - 0.3), strays_mm=0.1),  # a slash through it
        Ownership(row=1, around_mm2=1.4),  # print cut its arm in two
        Ownership(around_mm2=5.5),  # a word beside it
        Ownership(writing_mm=0.13),  # the foot of a hook
    ],
)
def test_what_real_ticks_show_leaves_a_box_ticked(ink: Ownership) -> None:
    """Doubting every hasty tick would have people look at nearly every slip."""
    assert not foreign_reason(ink)
    assert judge_mark(replace(TICKED, ownership=ink)).value is MarkState.CHECKED


def test_an_empty_box_is_not_doubted_for_what_stands_around_it() -> None:
    """Whose ink it is asks only who would otherwise call the box ticked."""
    assert judge_mark(replace(EMPTY, ownership=Ownership(around_mm2=20.0, row=3))).value is MarkState.UNCHECKED
