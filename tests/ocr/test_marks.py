"""Boxes are read by the ink above the blank form, each for itself."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ocr.marks import read_marks
from ocr.slips import find_slips
from schemas.geometry import BoxMm
from schemas.pad import Checkbox
from schemas.reading import MarkReading, MarkState
from tests.ocr.paper import Picture, bilevel_fax, cross, design, lay, page, px, slip, templates

NAMES = ["met-1", "post-1"]
Channel = Callable[[Picture], Picture]


def grey_scan(picture: Picture) -> Picture:
    noise = np.random.default_rng(5).normal(12, 5, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 0.8) - noise, 0, 255).astype(np.uint8)


def yellow_paper_in_shadow(picture: Picture) -> Picture:
    shade = np.linspace(0.4, 0.85, picture.shape[1])[None, :]
    return (picture * shade).astype(np.uint8)


CHANNELS = [grey_scan, bilevel_fax, yellow_paper_in_shadow]


def read(picture: Picture, channel: Channel = grey_scan, angle: float = 1.0) -> dict[str, MarkReading]:
    (found,) = find_slips(page(channel(lay(picture, angle))), templates())
    assert found.registered is not None
    assert found.template is not None
    return read_marks(found.registered, found.template)


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
    for each in design(name).checkboxes:
        cross(picture, each.box_mm)
    states = {mark.value for mark in read(picture, channel, 179.0).values()}
    assert states == {MarkState.CHECKED}


def test_one_ticked_box_leaves_the_others_alone() -> None:
    """Each box is its own question."""
    picture = slip()
    cross(picture, box("diabetes").box_mm)
    marks = read(picture)
    assert [name for name, mark in marks.items() if mark.value is MarkState.CHECKED] == ["diabetes"]
    assert [name for name, mark in marks.items() if mark.value is MarkState.AMBIGUOUS] == []


def test_a_scribbled_out_box_is_for_a_person() -> None:
    """It was ticked, and then it was not."""
    picture = slip()
    left, top, right, bottom = px(box("arthritis").box_mm.grown(1.0))
    for x in range(left, right, 5):
        cv2.line(picture, (x, top), (left + right - x, bottom), 40, 5)
    cv2.rectangle(picture, (left + 4, top + 4), (right - 4, bottom - 4), 40, -1)
    assert read(picture)["arthritis"].value is MarkState.AMBIGUOUS


def test_a_circled_label_is_for_a_person() -> None:
    """Some people circle words instead of ticking boxes."""
    picture = slip()
    target = box("diabetes").box_mm
    centre = (round((target.right + 9) * 300 / 25.4), round(target.centre.y * 300 / 25.4))
    cv2.ellipse(picture, centre, (85, 27), 0, 0, 360, 50, 5, cv2.LINE_AA)
    assert read(picture)["diabetes"].value is MarkState.AMBIGUOUS


def test_a_mark_beside_its_box_is_for_a_person() -> None:
    """A hasty cross lands on the paper."""
    picture = slip()
    target = box("arthritis").box_mm
    cross(picture, BoxMm(target.x - 2.6, target.y + 0.5, 2.2, 2.2))
    assert read(picture)["arthritis"].value is MarkState.AMBIGUOUS


def test_a_scanner_streak_through_a_column_of_boxes_ticks_none() -> None:
    """A speck on the scanner's glass draws a line down every page."""
    sheet = lay(slip(), 0.0)
    x = round(1275 + (box("arthritis").box_mm.centre.x - design().width_mm / 2) * 300 / 25.4)
    cv2.line(sheet, (x, 0), (x, sheet.shape[0]), 30, 3)
    (found,) = find_slips(page(sheet), templates())
    assert found.registered is not None
    assert found.template is not None
    states = {mark.value for mark in read_marks(found.registered, found.template).values()}
    assert MarkState.CHECKED not in states


def test_a_line_drawn_through_boxes_is_for_a_person() -> None:
    """One stroke over several boxes may tick them all, or strike them out."""
    picture = slip()
    column = [each.box_mm for each in design().checkboxes if each.box_mm.x < 10][:4]
    x, top, bottom = (round(v * 300 / 25.4) for v in (column[0].centre.x, column[0].y - 1, column[-1].bottom + 1))
    cv2.line(picture, (x, top), (x, bottom), 50, 5)
    marks = read(picture)
    crossed = [each.name for each in design().checkboxes if each.box_mm in column]
    assert {marks[name].value for name in crossed} == {MarkState.AMBIGUOUS}
