"""What is learned from, and in which company."""

import numpy as np

from training.text.examples import BATCH, Example, batches, examples_of
from training.text.shards import SeenLine

CHARACTERS = ("a", "b", " ")


def _seen(text: str, steps: int) -> SeenLine:
    return SeenLine(np.zeros((2, 1, steps), np.float16), text, "font", "kalam", "fax")


def test_a_line_is_learned_from_when_every_character_has_a_step_of_its_own() -> None:
    """CTC needs a blank between two of the same; a line that is too short has no path, and its loss is endless."""
    lines = [_seen("ab a", 4), _seen("aab", 3), _seen("aab", 4), _seen("añb", 9), _seen("", 9)]
    found = examples_of(lines, CHARACTERS, 1)
    assert [example.columns for example in found.usable] == [(1, 2, 3, 1), (1, 1, 2)]
    assert (found.unknown, found.crowded) == (2, 1)


def test_two_columns_of_features_can_make_one_step() -> None:
    """The backbone's last stage sees twice the width that the head tells characters from."""
    assert len(examples_of([_seen("abab", 8), _seen("abab", 7)], CHARACTERS, 2).usable) == 1


def test_a_pass_shows_every_line_once_among_lines_of_its_width() -> None:
    """Attention runs over the whole line: padding would be learned from."""
    widths = [3] * (BATCH + 2) + [5] * 3
    lines = [Example(np.zeros((2, 1, width), np.float16), (number,)) for number, width in enumerate(widths)]
    found = list(batches(lines, np.random.default_rng(1)))
    assert sorted(example.columns[0] for batch in found for example in batch) == list(range(len(lines)))
    assert all(len({example.features.shape for example in batch}) == 1 for batch in found)
    assert max(map(len, found)) == BATCH
