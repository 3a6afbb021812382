"""Boxes are read by the ink above the blank form, each for itself."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocr.slips.find import find_slips
from ocr.slips.found_slip import RegisteredSlip
from ocr.template import Template
from pads.labels import label
from pads.simulate.pen.marks import trouble_box
from pads.simulate.truth import MarkTrouble
from schemas.pad import Checkbox
from schemas.reading import MarkReading, MarkState
from tests.ocr.paper import (
    PX_PER_MM,
    Picture,
    bilevel_fax,
    cross,
    design,
    page,
    place,
    px,
    slip,
    template,
    templates,
)
from tests.ocr.slip_values import read_marks

NAMES = ["met-1", "post-1"]
Channel = Callable[[Picture], Picture]


def gray_scan(picture: Picture) -> Picture:
    noise = np.random.default_rng(5).normal(12, 5, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 0.8) - noise, 0, 255).astype(np.uint8)


def yellow_paper_in_shadow(picture: Picture) -> Picture:
    shade = np.linspace(0.4, 0.85, picture.shape[1])[None, :]
    return (picture * shade).astype(np.uint8)


CHANNELS = [gray_scan, bilevel_fax, yellow_paper_in_shadow]


def read(picture: Picture, channel: Channel = gray_scan, angle: float = 1.0) -> dict[str, MarkReading]:
    (found,) = find_slips(page(channel(place(picture, angle))), templates())
    assert isinstance(found, RegisteredSlip)
    return read_marks(found.picture, found.template)


def registered(picture: Picture, name: str) -> tuple[Picture, Template]:
    """The slip as if it lay exactly in its place, and its template."""
    form = template(name)
    return np.asarray(cv2.resize(picture, form.size_px, interpolation=cv2.INTER_AREA), np.uint8), form


def box(name: str) -> Checkbox:
    found = design().field(name)
    assert isinstance(found, Checkbox)
    return found


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", NAMES)
def test_an_empty_slip_has_no_ticked_box(name: str, channel: Channel) -> None:
    """Scores relative to the other boxes would tick the darkest."""
    states = {mark.value for mark in read(slip(name), channel).values()}
    assert states == {MarkState.UNCHECKED}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", NAMES)
def test_a_slip_with_every_box_ticked_has_every_box_ticked(name: str, channel: Channel) -> None:
    """Scores relative to the other boxes would read it as empty."""
    picture = slip(name)
    for checkbox in design(name).checkboxes:
        cross(picture, checkbox.box_mm)
    states = {mark.value for mark in read(picture, channel, 179.0).values()}
    assert states == {MarkState.CHECKED}


def test_one_ticked_box_leaves_the_others_alone() -> None:
    """Each box is its own question."""
    picture = slip()
    cross(picture, box("diabetes").box_mm)
    marks = read(picture)
    assert [name for name, mark in marks.items() if mark.value is MarkState.CHECKED] == ["diabetes"]
    assert [name for name, mark in marks.items() if mark.value is MarkState.AMBIGUOUS] == []


def drawn(name: str, trouble: MarkTrouble, seed: int) -> Picture:
    """A slip with `trouble` at the box `name`, as the simulator draws it."""
    picture, ink = slip(), np.zeros_like(slip())
    checkbox = box(name)
    words = label(checkbox)
    assert words is not None
    places = [
        (left, top, right - left, bottom - top) for left, top, right, bottom in map(px, (checkbox.box_mm, words.box_mm))
    ]
    trouble_box(ink, places[0], places[1], trouble, 0.45 * PX_PER_MM, np.random.default_rng(seed))
    return np.minimum(picture, 255 - (ink * 0.8).astype(np.uint8))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (MarkTrouble.SCRIBBLED, "it looks scribbled out"),
        (MarkTrouble.CIRCLED, "something is drawn over or around its label"),
        (MarkTrouble.RINGED, "something is drawn around it"),
        (MarkTrouble.BESIDE, "a mark stands beside it"),
        (MarkTrouble.DOT, "a dot of"),
        (MarkTrouble.FAINT, "a faint mark of"),
    ],
)
def test_a_box_in_trouble_is_for_a_person_who_is_told_why(trouble: MarkTrouble, reason: str, seed: int) -> None:
    """Ticked, then thought better of; circled as one circles words; a pen that rested, missed or hardly wrote."""
    mark = read(drawn("diabetes", trouble, seed))["diabetes"]
    assert mark.value is MarkState.AMBIGUOUS
    assert reason in mark.reason


@pytest.mark.parametrize("channel", CHANNELS)
def test_writing_beside_an_unticked_other_is_for_a_person(channel: Channel) -> None:
    """Whoever names another condition most likely means it."""
    picture, room = slip(), design().field("other_condition")
    assert room is not None
    left, _, _, bottom = px(room.box_mm)
    cv2.putText(picture, "vertigo", (left + 20, bottom - 12), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.4, 40, 4, cv2.LINE_AA)
    marks = read(picture, channel)
    assert "written beside" in marks["condition_other"].reason
    assert {mark.value for name, mark in marks.items() if name != "condition_other"} == {MarkState.UNCHECKED}
    cross(picture, box("condition_other").box_mm)
    assert read(picture, channel)["condition_other"].value is MarkState.CHECKED


def dusty(picture: Picture, seed: int) -> Picture:
    """Specks of 0.17 and 0.25 mm all over the slip, as on a fine fax: one on every 8 square millimeters."""
    rng = np.random.default_rng(seed)
    high, wide = picture.shape
    for x, y in rng.uniform(0, 1, (round(high * wide / PX_PER_MM**2 / 8), 2)) * (wide, high):
        right, bottom = np.array([x, y]) + rng.integers(2, 4, 2)
        picture[int(y) : int(bottom), int(x) : int(right)] = 0
    return picture


@pytest.mark.parametrize("name", NAMES)
def test_dust_around_empty_boxes_is_neither_writing_nor_a_ring(name: str) -> None:
    """Specks in the room beside an "Other" once counted as writing, on two faxes of three."""
    for seed in range(3):
        marks = read_marks(*registered(dusty(slip(name), seed), name))
        assert [mark.reason for mark in marks.values() if "written" in mark.reason or "drawn" in mark.reason] == []


def test_writing_among_dust_is_still_seen() -> None:
    """Only what is too small for a stroke is dust."""
    picture, room = dusty(slip(), 1), design().field("other_service")
    assert room is not None
    left, _, _, bottom = px(room.box_mm)
    cv2.putText(picture, "yoga", (left + 20, bottom - 12), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.4, 40, 4, cv2.LINE_AA)
    assert "written beside" in read_marks(*registered(picture, "met-1"))["service_other"].reason


@pytest.mark.parametrize("gray", [60, 90, 120])
def test_pens_of_any_color_tick(gray: int) -> None:
    """Blue, red and green ink are 60 to 120 of 255 to a gray scanner, a soft pencil too."""
    picture = slip()
    cross(picture, box("diabetes").box_mm, gray)
    assert read(picture)["diabetes"].value is MarkState.CHECKED


@pytest.mark.parametrize("scale", [0.9, 1.1])
def test_boxes_printed_smaller_or_larger_are_read(scale: float) -> None:
    """Printers fit to page."""
    picture = slip()
    cross(picture, box("diabetes").box_mm)
    (found,) = find_slips(page(gray_scan(place(picture, scale=scale))), templates())
    assert isinstance(found, RegisteredSlip)
    marks = read_marks(found.picture, template())
    assert [name for name, mark in marks.items() if mark.value is not MarkState.UNCHECKED] == ["diabetes"]


def test_the_long_arm_of_a_neighbors_tick_ticks_nothing() -> None:
    """Arms of hasty ticks run up over the row above."""
    picture = slip()
    left, top, right, bottom = px(box("diabetes").box_mm)
    arm = np.array([[left + 4, top + 15], [left + 14, bottom - 8], [right + 14, top - 62]], np.int32)
    cv2.polylines(picture, [arm], False, 50, 5, cv2.LINE_AA)
    marks = read(picture)
    assert marks["diabetes"].value is MarkState.CHECKED
    assert MarkState.CHECKED not in {mark.value for name, mark in marks.items() if name != "diabetes"}


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_scanner_streak_through_a_column_of_boxes_ticks_none_and_hides_none(channel: Channel) -> None:
    """A speck on the scanner's glass draws a line down every page."""
    picture = slip()
    cross(picture, box("osteoporosis").box_mm)
    sheet = place(picture, 0.0)
    x = round(1275 + (box("arthritis").box_mm.center.x - design().width_mm / 2) * 300 / 25.4)
    cv2.line(sheet, (x, 0), (x, sheet.shape[0]), 30, 3)
    (found,) = find_slips(page(channel(sheet)), templates())
    assert isinstance(found, RegisteredSlip)
    marks = read_marks(found.picture, template())
    assert marks["osteoporosis"].value is not MarkState.UNCHECKED
    assert MarkState.CHECKED not in {mark.value for name, mark in marks.items() if name != "osteoporosis"}


def test_a_line_drawn_through_boxes_is_for_a_person() -> None:
    """One stroke over several boxes may tick them all, or strike them out."""
    picture = slip()
    column = [checkbox.box_mm for checkbox in design().checkboxes if checkbox.box_mm.x < 10][:4]
    x, top, bottom = (round(v * 300 / 25.4) for v in (column[0].center.x, column[0].y - 1, column[-1].bottom + 1))
    cv2.line(picture, (x, top), (x, bottom), 50, 5)
    marks = read(picture)
    crossed = [checkbox.name for checkbox in design().checkboxes if checkbox.box_mm in column]
    assert {marks[name].value for name in crossed} == {MarkState.AMBIGUOUS}


def creased(name: str, turn_deg: float, aside_mm: float, first_mm: float) -> Picture:
    """A slip laid in its place with pieces of a straight line of 0.16 mm over it: one ends at the box `name`."""
    form = template()
    px_per_mm = form.size_px[0] / design().width_mm
    rows, columns = (at / px_per_mm for at in np.mgrid[: form.size_px[1], : form.size_px[0]] + 0.5)
    x, y = box(name).box_mm.center
    way = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    along = (columns - x) * way[0] + (rows - y) * way[1]
    aside = (columns - x) * way[1] - (rows - y) * way[0] - aside_mm
    shown = (
        np.clip((0.08 - np.abs(aside)) * px_per_mm + 0.5, 0, 1) * ((along - first_mm) % 9 < 5) * (np.abs(along) < 30)
    )
    return np.minimum(form.blank, 255 - np.round(255 * shown)).astype(np.uint8)


@settings(max_examples=8, deadline=None)
@given(st.floats(20, 70), st.booleans(), st.floats(-0.6, 0.6), st.floats(-3, -2))
@example(turn_deg=49.3, falls=False, aside_mm=0.27, first_mm=-2.6)
def test_a_piece_of_a_crease_is_no_tick(turn_deg: float, falls: bool, aside_mm: float, first_mm: float) -> None:
    """A black-and-white scan shows a crease as a broken hairline, of which a piece may look like a stroke in a box."""
    picture = creased("diabetes", turn_deg if falls else -turn_deg, aside_mm, first_mm)
    assert read_marks(picture, template())["diabetes"].value is not MarkState.CHECKED
