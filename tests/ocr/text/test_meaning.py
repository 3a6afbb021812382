"""What two readings must differ in to be rivals."""

import pytest

from ocr.text.meaning import meaning, runs_together, without_end_pause


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("reverse tsa r, 16 wks", "reverse tsa r 16 wks"),
        ("rosa levine, pt", "rosa levine pt"),
        ("dc, ccsp", "dc. ccsp"),
        ("ex. only", "ex only"),
        ("3x/wk", "3 x/wk"),
        ("hr < 120", "hr <120"),
        ("l4-5", "l 4-5"),
        ("o'brien", "obrien"),
        ("fall risk; walk", "fall risk, walk"),
    ],
)
def test_commas_points_and_spaces_beside_signs_say_nothing(one: str, other: str) -> None:
    """A person who is asked about such a difference laughs."""
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pain < 3/10", "pain 3/10"),
        ("t-score -2.7", "t-score 2.7"),
        ("a1c 7.0", "a1c 70"),
        ("1 1/2", "11/2"),
        ("5, 6", "56"),
        ("owen tran", "owentran"),
        ("r knee", "l knee"),
        ("12 wks", "17 wks"),
        ("hr > 120", "hr < 120"),
        ("+ slr", "slr"),
    ],
)
def test_letters_digits_signs_and_words_that_are_parted_do(one: str, other: str) -> None:
    """Another dose, another side, or another person."""
    assert meaning(one) != meaning(other)


def test_words_that_are_run_together_are_told_from_others() -> None:
    """A letter more or less, a digit's space, or a space too many is another thing."""
    assert runs_together("owentran, md", "owen tran md")
    pairs = (("owen tran", "owentran"), ("owentram", "owen tran"), ("11/2", "1 1/2"), ("owen tran", "owen tran"))
    for text, other in pairs:
        assert not runs_together(text, other)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ("Felicia Delaney,", "Felicia Delaney"),
        ("Post-partum diastasis recti :", "Post-partum diastasis recti"),
        ("low back pain;,", "low back pain"),
        ("R TKA, 12 wks", "R TKA, 12 wks"),
        ("J. Zeller, M.D.", "J. Zeller, M.D."),
        (",", ""),
    ],
)
def test_nothing_ends_in_a_pause(read: str, said: str) -> None:
    """A point may end an abbreviation; a comma that nothing follows is a stroke that slipped."""
    assert without_end_pause(read) == said
