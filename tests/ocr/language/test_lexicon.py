"""Known words, and what is one letter from one."""

import pytest

from ocr.language.lexicon import Lexicon


@pytest.mark.parametrize("text", ["check gucose before ex", "improve balence", "osteoarthrits"])
def test_a_word_one_letter_from_a_known_one_is_suspicious(text: str) -> None:
    """Two readers can lose the same letter; what is left reads as well, and is no word."""
    assert Lexicon().near_miss(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "stretch quads and glutes",
        "aquatics, Pilates",
        "rollator, theraband",
        "check glucose before exercise",
        "s/p L TKA 9/14",
        "Maria Delgado, DPT",
        "LBP x 6 wks",
        "",
    ],
)
def test_words_names_and_shorthand_are_not(text: str) -> None:
    """Short words and abbreviations have too many neighbors to say anything."""
    assert Lexicon().near_miss(text) is None


def test_a_word_of_ones_own_is_known() -> None:
    """What a person has added is no misspelling of something else."""
    assert Lexicon().near_miss("Thornbery") is not None
    assert Lexicon(["Thornbery"]).near_miss("Thornbery") is None


def test_words_in_no_list_are_told_and_shorthand_is_not() -> None:
    """They are what a person must look at; four letters may be anything."""
    assert Lexicon().unknown("mrplus would be PLOF, qxzt") == ["mrplus"]
    assert Lexicon(["zolmivexan"]).unknown("taper zolmivexan") == []


def test_known_words_like_a_misread_one_are_told_the_nearest_first() -> None:
    """A person picks the word sooner than they type it."""
    like = Lexicon(["Thornbery"]).like("preventon")
    assert like[0] == "prevention"
    assert "thornbery" in Lexicon(["Thornbery"]).like("thornbey")
    assert Lexicon().like("qqqqqqqqqqqq") == []
