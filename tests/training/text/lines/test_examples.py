"""What is learned from, and in which company."""

from itertools import pairwise

import numpy as np

from training.text.lines.examples import BATCH, STEP_PX, STRETCH, Example, batches, examples_of, widths
from training.text.lines.shards import LabeledLine

CHARACTERS = ("a", "b", " ")


def _line(text: str, steps: int) -> LabeledLine:
    return LabeledLine(np.full((48, STEP_PX * steps), 255, np.uint8), text, "font", "kalam", "fax")


def test_a_line_is_learned_from_when_every_character_has_a_step_of_its_own() -> None:
    """CTC needs a blank between two of the same; a line that is too short has no path, and its loss is endless."""
    lines = [_line("ab a", 4), _line("aab", 3), _line("aab", 4), _line("añb", 9), _line("", 9)]
    found = examples_of(lines, CHARACTERS)
    assert [example.columns for example in found.usable] == [(1, 2, 3, 1), (1, 1, 2)]
    assert (found.unknown, found.crowded) == (2, 1)


def test_a_pass_shows_every_line_once_among_lines_of_its_width() -> None:
    """Attention runs over the whole line: padding would be learned from."""
    lines = [Example(_line("a", 10).picture, (number,)) for number in range(2 * BATCH + 3)]
    found = list(batches(lines, np.random.default_rng(1)))
    assert sorted(columns[0] for batch in found for columns in batch.columns) == list(range(len(lines)))
    assert {len(batch.pictures) <= BATCH for batch in found} == {True}
    assert all(len(batch.pictures) == len(batch.columns) for batch in found)
    shown = {batch.pictures.shape[2] for batch in found}
    assert len(shown) > 1, "a line is as wide in every pass: it would be learned by heart"
    assert min(shown) >= STRETCH[0] * 10 * STEP_PX


def test_a_line_is_never_squeezed_below_a_step_for_each_character() -> None:
    """A narrow line of many characters would have no path, and one endless loss ends the training."""
    lines = [Example(_line("ab" * 5, 10).picture, (1, 2) * 5) for _ in range(BATCH)]
    assert all(batch.pictures.shape[2] >= 10 * STEP_PX for batch in batches(lines, np.random.default_rng(2)))


def test_widths_are_whole_steps_and_close_to_each_other() -> None:
    """Lines of like width are learned from together; the stretch hides how far they were brought."""
    assert all(width % STEP_PX == 0 for width in widths())
    assert all(first < second <= max(first + STEP_PX, 1.15 * first) for first, second in pairwise(widths()))
