"""What a reader saw where a name stands."""

import numpy as np
import pytest

from ocr.language.fields import Languages
from ocr.recognizers.recognizer import RecognizedLine, Spread
from ocr.text.line_decoder import read_line
from ocr.text.names.letters import as_name, in_capitals_of, with_capitals

SYMBOLS = "\0 ILTKAOZBSGabcdefghijklmnoprstuvwxyz0123456789.,'|-"
CLEAR = 0.95


def _seen(text: str) -> RecognizedLine:
    """A line that the reader is sure of, letter by letter with a blank between."""
    chances = np.full((2 * len(text) + 1, len(SYMBOLS)), (1 - CLEAR) / (len(SYMBOLS) - 1), np.float32)
    chances[::2, 0] = CLEAR
    for place, letter in enumerate(text):
        chances[2 * place + 1, SYMBOLS.index(letter)] = CLEAR
    return RecognizedLine(text, CLEAR, (CLEAR,) * len(text), Spread(SYMBOLS, chances))


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("0. Tanaka", "O. Tanaka"),
        ("1. Bloom", "I. Bloom"),
        ("|an Bloom", "Ian Bloom"),
        ("S0sa", "SOsa"),
        ("Tod5on", "Todson"),
    ],
)
def test_a_digit_in_a_name_is_the_letter_that_looks_like_it(seen: str, meant: str) -> None:
    """Nobody is called "0. Tanaka"; a person who is asked about it laughs."""
    assert as_name(_seen(seen)).text == meant


def test_a_small_l_that_stands_by_itself_is_a_capital_i() -> None:
    """An initial is a capital, and a capital L has a foot."""
    assert as_name(_seen("l. Bloom, np")).text == "I. Bloom, np"
    assert as_name(_seen("Ada l. Bloom")).text == "Ada I. Bloom"


@pytest.mark.parametrize(("seen", "meant"), [("lan Bloom", "Ian Bloom"), ("lena Bloom", "lena Bloom")])
def test_a_small_l_that_begins_a_name_is_what_the_language_says(seen: str, meant: str) -> None:
    """The reader sees one stroke in both; Ian and Lena are names, Lan and Iena are not."""
    line = read_line([as_name(_seen(seen))], Languages().of("names"))
    assert line.value == meant


@pytest.mark.parametrize("seen", ["Karla Bell", "B. Allen", "Saul Lee-Tal"])
def test_a_small_l_within_a_name_stays_one(seen: str) -> None:
    """Only what begins a word can be a capital."""
    assert as_name(_seen(seen)).text == seen


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("Rosa weiss", "Rosa Weiss"),
        ("z. Mendoza, MD", "Z. Mendoza, MD"),
        ("conrad Greenberg, PA-c", "Conrad Greenberg, PA-C"),
        ("Jean-Paul xiong", "Jean-Paul Xiong"),
        ("Ludwig van Dyke", "Ludwig van Dyke"),
        ("Rosa mcCoy", "Rosa mcCoy"),
    ],
)
def test_a_name_begins_with_a_capital_where_the_small_letter_looks_alike(seen: str, meant: str) -> None:
    """Only its size tells a W from a w; a right name was doubted for it, and a person who is asked laughs."""
    assert with_capitals(seen) == meant


@pytest.mark.parametrize(
    ("written", "other", "meant"),
    [
        ("KIM JACKSON MO", "kim jackson mD", "KIM JACKSON MD"),
        ("Jess stiffness in Am", "less stiffnEss in Am", "Less stiffness in Am"),
        ("Pain fire ADLs", "pain freE adlS,", "Pain free ADLs,"),
        ("He of falls", "tÖe of falls", "Toe of falls"),
        ("CTS bilat, R >", "CTS bilat, R > l", "CTS bilat, R > l"),
        ("Quentin O'Hora", "quentin o'hara", "Quentin O'hara"),
    ],
)
def test_another_text_has_its_writers_capitals(written: str, other: str, meant: str) -> None:
    """Who chooses it enters it into the record as it stands there."""
    assert in_capitals_of(written, other) == meant
