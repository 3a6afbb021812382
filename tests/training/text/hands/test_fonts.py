"""Fonts as hands."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from pads.simulate.pen.fonts import HANDWRITING_FOLDER
from tests.training.text.conftest import PLAIN
from training.text.hands.fonts import (
    KEPT_FOR_TESTS,
    LEFT_OUT,
    KeptForTestsError,
    find_fonts,
    font_hands,
    typed_hands,
)
from training.text.hands.rows import inked_width


def test_fonts_that_are_kept_for_tests_are_refused_by_name(tmp_path: Path) -> None:
    """A figure on a hand that was trained on says nothing about hands that were not."""
    for name in ("square-peg", "zeyada"):
        assert name in KEPT_FOR_TESTS
        shutil.copy(HANDWRITING_FOLDER / "kalam.ttf", tmp_path / f"{name}.ttf")
    with pytest.raises(KeptForTestsError, match="square-peg, zeyada"):
        find_fonts(tmp_path)


def test_a_folder_without_fonts_is_told_instead_of_training_on_refpads_few(tmp_path: Path) -> None:
    """A wrong path made lines in eleven hands instead of a hundred, and said nothing."""
    with pytest.raises(FileNotFoundError, match="has no fonts"):
        find_fonts(tmp_path / "nothing")


def test_the_list_of_fonts_names_none_that_may_not_be_trained_on() -> None:
    """Whoever follows the list makes the lines that the shipped weights are from."""
    listed = (Path("training") / "text" / "fonts.txt").read_text().split()
    assert listed == sorted(set(listed))
    assert not (KEPT_FOR_TESTS | LEFT_OUT) & set(listed)


def test_refpads_own_handwritings_are_there_without_any_folder() -> None:
    """Lines can be made with nothing installed; other fonts come on top."""
    assert {"kalam", "caveat", "patrick-hand"} <= set(find_fonts(None))
    assert not KEPT_FOR_TESTS & set(find_fonts(None))


def test_the_same_text_is_never_written_twice_alike() -> None:
    """A font's letters are all the same; whoever learns them so reads that font and nobody's hand."""
    hand = font_hands(find_fonts(None))["patrick-hand"]
    rng = np.random.default_rng(1)
    first, second = (hand.write("knee OA", 2000, PLAIN, 4, rng) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.ink.shape != second.ink.shape or not np.array_equal(first.ink, second.ink)


def test_a_row_has_as_many_words_as_fit_and_is_not_cut_off() -> None:
    """Letters that run out of the picture are in the label and not in the ink."""
    hand = font_hands(find_fonts(None))["kalam"]
    row = hand.write("improve balance and gait", 480, PLAIN, 4, np.random.default_rng(2))
    assert row is not None
    assert row.text in ("improve", "improve balance", "improve balance and")
    assert inked_width(row.ink) <= 485
    assert not row.ink[:, [0, -1]].any()
    assert hand.write("osteochondrodysplasia", 100, PLAIN, 4, np.random.default_rng(2)) is None


def test_hands_that_join_their_letters_write_no_block_capitals() -> None:
    """Nobody does; the flourished capitals of such fonts one after the other are no letters that are ever read."""
    hands = font_hands(find_fonts(None))
    assert not hands["la-belle-aurore"].has_capitals
    assert hands["patrick-hand"].has_capitals


def test_typed_lines_are_alike_whenever_they_are_typed() -> None:
    """The same recognizer is shown typed slips: what it learns of pens must not cost it print."""
    hand = typed_hands()["arimo"]
    first, second = (hand.write("knee OA", 2000, PLAIN, 4, np.random.default_rng(seed)) for seed in (1, 2))
    assert first is not None
    assert second is not None
    assert first.text == "knee OA"
    assert np.array_equal(first.ink, second.ink)
    assert not first.ink[:, [0, -1]].any()
