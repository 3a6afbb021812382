"""Who is trained on, and what the cells of simulated slips hold."""

from datetime import date

import numpy as np
import pytest

from ocr.recognizers.cell_digits import CELL_PX, NO_DIGIT
from pads.catalog import load_all
from pads.simulate.invent import SlipSpec, invent_slip
from pads.simulate.pen.fill import Habits, comb_digits, fill
from pads.simulate.printed_slips import numbered_slip
from schemas.fields.kinds import CELLS_FIT
from schemas.geometry import BoxMm
from schemas.pad import CombField, FieldKind, PadDesign
from schemas.studio import Studio
from tests.schemas.examples import design as example
from training.cells import CellPlan, FilledCells, any_digits, digit_fields, filled_cells
from training.gather import cells_of, hands_of, part_of
from training.hands import SPOILED, FontHand, Labeled, pen_hands
from training.unipen import PenDigit

TODAY = date(2026, 11, 23)
PARTS = ("train", "fit", "check")
STROKE = np.array([[0.0, 0.0], [4.0, 10.0], [0.0, 20.0]])
PEOPLE = [PenDigit(str(number % 10), (STROKE,), f"abc/{number // 10}") for number in range(600)]
WITH_CODES = [pad for pad in load_all() if any(field.content is FieldKind.ICD10 for field in pad.writing)]
GROUPS = ((3, 3, 4), (2, 2, 4), (6,), (3, 4))


def _with_all_combs() -> PadDesign:
    """The example pad with a comb of every kind that there is, one below the other."""
    pad = example()
    combs = [
        CombField.model_validate(
            {
                "name": f"own_{kind}",
                "label": kind,
                "kind": kind,
                "box_mm": BoxMm(12, 70 + 8 * at, 55, 7),
                "cells": next(cells for cells in GROUPS if fits(cells)),
            }
        )
        for at, (kind, fits) in enumerate(CELLS_FIT.items())
    ]
    return pad.model_copy(update={"fields": (*combs, *pad.fields)})


PADS = pytest.mark.parametrize("pad", [*load_all(), _with_all_combs()], ids=lambda pad: str(pad.pad_id))


@pytest.fixture(scope="module")
def filled() -> list[FilledCells]:
    """The comb fields of two slips, one in strokes and one in a font, with every fourth digit spoiled, and codes."""
    hands = [*pen_hands(PEOPLE[:10]).items(), ("kalam", FontHand())]
    return list(filled_cells(CellPlan(hands, 2, 5, sensible=True, spoil_share=0.25, designs=WITH_CODES)))


def test_nobody_is_both_trained_on_and_measured_on() -> None:
    """Figures on hands that the network knows say nothing about those that it does not."""
    names = {part: {name for name, _ in hands_of(part, PEOPLE)} for part in PARTS}
    for part in PARTS:
        assert names[part]
        assert all(names[part].isdisjoint(names[other]) for other in PARTS if other != part)
    assert {part_of(digit.writer) for digit in PEOPLE} == set(PARTS)


def test_every_cell_of_a_slip_has_its_label(filled: list[FilledCells]) -> None:
    """A label beside the wrong cell teaches the network to read one digit for another."""
    assert {one.hand for one in filled} == {"abc/0", "kalam"}
    for one in filled:
        assert len(one.labels) == sum(one.field.cells)
    cells = cells_of(filled)
    assert cells.pictures.shape == (sum(len(one.labels) for one in filled), CELL_PX, CELL_PX)
    labels = [label for one in filled for label in one.labels]
    assert [str(number) if number != NO_DIGIT else SPOILED for number in cells.classes] == labels
    assert SPOILED in labels


def test_without_people_only_fonts_are_trained_on() -> None:
    """Whoever doubts the license of the collection trains without it."""
    assert all(isinstance(hand, FontHand) for _, hand in hands_of("train", []))


@PADS
def test_people_fill_in_every_pad_and_the_digits_are_told_from_the_rest(pad: PadDesign) -> None:
    """UNIPEN's people have no letters for a code's cells, and labels go on behind them and behind empty cells."""
    rng = np.random.default_rng(4)
    truth = invent_slip(pad, 7, TODAY, rng)
    (hand,) = pen_hands(PEOPLE[:10]).values()
    pen = Labeled(hand.writer(rng))
    fill(numbered_slip(pad, 7, Studio()), pad, truth, rng, habits=Habits(write_digit=pen))
    combs = [field for field in pad.writing if isinstance(field, CombField) and field.name in truth.text]
    signs = {field.name: comb_digits(field, truth.text[field.name]) for field in combs}
    found = {field.name: "".join(labels) for field, labels in digit_fields(pad, truth.text, pen.labels)}
    wide = {field.name: sum(field.cells) for field in combs}
    assert "".join(signs.values()) == "".join(pen.labels)
    assert found == {name: text for name, text in signs.items() if text.isdecimal() and len(text) == wide[name]}


@PADS
def test_a_slip_to_train_on_has_any_digit_in_any_cell(pad: PadDesign) -> None:
    """Years of birth are 19 and 20, and codes begin with letters: the network would learn these, and not the ink."""
    rng = np.random.default_rng(5)
    seen: dict[str, list[str]] = {}
    for serial in range(80):
        truth = invent_slip(pad, serial, TODAY, rng, SlipSpec(text=any_digits(pad, rng)))
        for field in pad.writing:
            if isinstance(field, CombField) and field.name in truth.text:
                seen.setdefault(field.name, []).append(comb_digits(field, truth.text[field.name])[: sum(field.cells)])
    assert seen
    for name, texts in seen.items():
        assert all(set(cell) == set("0123456789") for cell in zip(*texts, strict=True)), name
