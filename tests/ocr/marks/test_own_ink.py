"""Ink in a box that belongs to a stamp, a note, a loop or a line is no tick; ticks of every kind stay ticks."""

from collections import Counter
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from ocr.marks.ink_sheet import InkSheet
from ocr.marks.own_ink import measure_ownership
from ocr.marks.ownership import RULES, foreign_reason
from ocr.scale import PX_PER_MM as SHEET_PX
from pads.simulate.paper.overlays import CANCELING, Overlay, lay_over
from pads.simulate.paper.short_notes import draw_short_note
from pads.simulate.pen.fonts import handwriting_named
from pads.simulate.pen.handwriting import Script, write_lines
from pads.simulate.pen.marks import tick_box
from pads.simulate.truth import MarkStyle
from schemas.geometry import BoxMm
from schemas.reading import MarkReading, MarkState
from tests.ocr.paper import PX_PER_MM, Picture, cross, design, px, slip, template
from tests.ocr.slip_values import read_marks

NAMES = ("met-1", "post-1")
SEEDS = range(3)
FOREIGN = ("runs on", "larger", "in a row", "around it", "letters")


def read(picture: Picture, name: str) -> dict[str, MarkReading]:
    """The boxes of a slip (H, W) at 300 dpi that lies exactly in its place."""
    form = template(name)
    gray = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return read_marks(np.asarray(cv2.resize(gray, form.size_px, interpolation=cv2.INTER_AREA), np.uint8), form)


def overlaid(overlay: Overlay) -> Iterator[dict[str, MarkReading]]:
    """Slips on which nothing is checked, each with the overlay somewhere over a box."""
    for name in NAMES:
        for seed in SEEDS:
            picture = np.repeat(slip(name)[..., None], 3, axis=2)
            lay_over(picture, design(name), overlay, np.random.default_rng([seed, 5]))
            yield read(picture, name)


def test_what_was_stamped_written_or_spilled_over_boxes_ticks_hardly_any() -> None:
    """Such ink once ticked one to three boxes of every second slip, with certainty; refpad bench counts each kind."""
    states = Counter[MarkState]()
    for overlay in sorted(set(Overlay) - CANCELING):
        of_kind = Counter(mark.value for marks in overlaid(overlay) for mark in marks.values())
        assert of_kind[MarkState.AMBIGUOUS] > of_kind[MarkState.CHECKED], overlay
        states += of_kind
    assert states[MarkState.AMBIGUOUS] >= 50
    assert states[MarkState.CHECKED] <= 0.12 * states[MarkState.AMBIGUOUS]


def test_the_reason_says_whose_the_ink_may_be() -> None:
    """Whoever looks knows what to look for."""
    reasons = [mark.reason for marks in overlaid(Overlay.STAMP) for mark in marks.values() if mark.reason]
    assert sum(any(words in reason for words in FOREIGN) for reason in reasons) >= len(SEEDS)
    assert len(RULES) == len(FOREIGN)


@pytest.mark.parametrize("name", NAMES)
def test_a_short_note_across_a_box_checks_hardly_any_and_unchecks_none(name: str) -> None:
    """Initials, "pd" or "see note" in a margin, in many hands, once checked every second empty box that they cross."""
    states = Counter[tuple[bool, MarkState]]()
    rng, empty = np.random.default_rng([11, len(name)]), read(slip(name), name)
    for number in range(24):
        box = design(name).checkboxes[number % len(empty)]
        mask, checked = np.zeros_like(slip(name)), bool(number % 4 == 0)
        if checked:
            left, top, right, bottom = px(box.box_mm)
            tick_box(mask, (left, top, right - left, bottom - top), MarkStyle.CROSS, 0.5 * PX_PER_MM, rng)
        draw_short_note(mask, box.box_mm, rng)
        mark = read(np.minimum(slip(name), 255 - (mask * 0.8).astype(np.uint8)), name)[box.name]
        states[checked, mark.value] += 1
    assert states[True, MarkState.UNCHECKED] == 0
    assert states[False, MarkState.CHECKED] <= 2


@pytest.mark.parametrize("style", MarkStyle)
def test_ticks_of_every_kind_are_their_boxes_own(style: MarkStyle) -> None:
    """Long arms, strokes that spill over and neighbors that touch are how people tick."""
    for name in NAMES:
        rng = np.random.default_rng([7, len(style)])
        ink = np.zeros_like(slip(name))
        for box in design(name).checkboxes:
            left, top, right, bottom = px(box.box_mm)
            if rng.random() < 0.4:
                tick_box(ink, (left, top, right - left, bottom - top), style, 0.5 * PX_PER_MM, rng)
        marks = read(np.minimum(slip(name), 255 - (ink * 0.8).astype(np.uint8)), name)
        assert [mark.reason for mark in marks.values() if any(words in mark.reason for words in FOREIGN)] == []


@pytest.mark.parametrize("radius_mm", [3, 5, 6])
def test_a_ring_through_a_box_is_followed_once(radius_mm: int) -> None:
    """Whoever follows its stroke comes back to the start, and must not go on for ever."""
    ring, box = np.zeros((400, 400), np.uint8), BoxMm(24.0, 24.0, 3.5, 3.5)
    middle = (round((box.center.x + radius_mm) * SHEET_PX), round(box.center.y * SHEET_PX))
    cv2.circle(ring, middle, round(radius_mm * SHEET_PX), 255, 4)
    found = measure_ownership(InkSheet(ring, ring, np.zeros_like(ring)), box, [])
    assert found.runs_on_mm[0] >= 2 * radius_mm - box.w
    assert foreign_reason(found)


def test_crosses_that_touch_each_other_down_a_column_stay_ticked() -> None:
    """Each is its own box's, though together they are one tall shape."""
    picture = slip()
    column = [box for box in design().checkboxes if box.box_mm.x < 10][:3]
    for box in column:
        cross(picture, box.box_mm.grown(0.8))
    marks = read(picture, "met-1")
    assert {marks[box.name].value for box in column} == {MarkState.CHECKED}


def test_a_word_written_beside_a_tick_leaves_it_ticked() -> None:
    """Doctors write "left" beside what they tick."""
    picture, ink = slip(), np.zeros_like(slip())
    box = next(box for box in design().checkboxes if box.name == "joint_replacement").box_mm
    cross(picture, box)
    left, top, _, _ = px(BoxMm(box.x + 2, box.bottom, 30, 6))
    script = Script(handwriting_named("kalam"), 2.4 * PX_PER_MM, 0.4 * PX_PER_MM, 0.0, 0.0, 0.0)
    write_lines(ink, "left", (left, top, 30 * PX_PER_MM, 5 * PX_PER_MM), 1, script, np.random.default_rng(3))
    marks = read(np.minimum(picture, 255 - (ink * 0.8).astype(np.uint8)), "met-1")
    assert marks["joint_replacement"].value is MarkState.CHECKED
