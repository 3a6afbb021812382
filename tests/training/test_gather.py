"""Who is trained on, and what the cells of one simulated slip hold."""

import numpy as np
import pytest

from ocr.recognizers.cell_digits import CELL_PX, NO_DIGIT
from training.cells import CellPlan, FilledCells, filled_cells
from training.gather import cells_of, hands_of, part_of
from training.hands import SPOILED, FontHand, pen_hands
from training.unipen import PenDigit

PARTS = ("train", "fit", "check")
STROKE = np.array([[0.0, 0.0], [4.0, 10.0], [0.0, 20.0]])
PEOPLE = [PenDigit(str(number % 10), (STROKE,), f"abc/{number // 10}") for number in range(600)]


@pytest.fixture(scope="module")
def filled() -> list[FilledCells]:
    """The comb fields of two slips, one in strokes and one in a font, with every fourth cell spoiled."""
    people = pen_hands(PEOPLE[:10])
    return list(filled_cells(CellPlan([*people.items(), ("kalam", FontHand())], 2, 5, spoil_share=0.25)))


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
