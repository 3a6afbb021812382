"""A name that a list or a model of letters made of another one goes to a person."""

import pytest

from ocr.language.fields import Languages
from ocr.text.line_decoder import read_again, read_line
from ocr.text.rivals.spellings import near_spelling
from tests.ocr.text.rivals.drawn_lines import seen_line

LANGUAGES = Languages()
NAMES, LEXICON = LANGUAGES.of("names"), LANGUAGES.lexicon
# A name as it was written, the place of a letter, and the letter that a commoner name has there.
RARE = (
    ("nils lindqvist", 10, "u"),
    ("ada whittock", 8, "l"),
    ("rosa delgada", 11, "o"),
    ("tomas fischor", 11, "e"),
    ("ines kowalczik", 12, "y"),
)


@pytest.mark.parametrize(("name", "at", "common"), RARE)
def test_a_name_that_was_read_as_a_commoner_one_is_doubted(name: str, at: int, common: str) -> None:
    """Lindqvist passed as Lindquist seven times in 3,675: the eye saw the v."""
    line = read_line([seen_line(name, {at: {name[at]: 0.7, common: 0.3}})], NAMES)
    assert line.best.text == name[:at] + common + name[at + 1 :]
    assert near_spelling(line, LEXICON) == name


@pytest.mark.parametrize(("name", "at", "common"), RARE)
def test_a_name_that_two_looks_see_otherwise_stays_doubted(name: str, at: int, common: str) -> None:
    """Two networks that were trained on the same names share their mistakes."""
    seen = seen_line(name, {at: {name[at]: 0.7, common: 0.3}})
    assert near_spelling(read_again(read_line([seen], NAMES), [seen], NAMES), LEXICON) == name


@pytest.mark.parametrize(("name", "at", "misread"), [("vernon wong", 1, "c"), ("norma aguilar, md", 3, "h")])
def test_a_name_that_one_of_two_looks_shows_by_itself_is_no_doubt(name: str, at: int, misread: str) -> None:
    """One network misreads a letter of one name in ten; the other one saw every letter, lists or not."""
    first = read_line([seen_line(name, {at: {misread: 0.7, name[at]: 0.3}})], NAMES)
    assert near_spelling(first, LEXICON) is not None
    assert near_spelling(read_again(first, [seen_line(name)], NAMES), LEXICON) is None


@pytest.mark.parametrize(("at", "other", "share"), [(0, "f", 0.03), (0, "l", 0.1), (0, "t", 0.3)])
def test_an_initial_is_told_by_its_ink_alone(at: int, other: str, share: float) -> None:
    """An F was a J, and nothing else in "J. Thornbury" tells."""
    text = "j. thornbury, md"
    line = read_line([seen_line(text, {at: {"j": 1 - share, other: share}})], NAMES)
    assert near_spelling(line, LEXICON) == other + text[1:]


def test_a_name_that_is_in_a_list_too_is_nearer_than_one_that_is_in_none() -> None:
    """Dana and Dara are both people; an Aberuathy nobody has met."""
    for text, at, other, doubted in (("dana bell", 2, "r", True), ("ann abernathy", 8, "u", False)):
        line = read_line([seen_line(text, {at: {text[at]: 0.7, other: 0.3}})], NAMES)
        assert line.best.text == text
        assert (near_spelling(line, LEXICON) is not None) is doubted


@pytest.mark.parametrize(
    ("text", "at", "other"),
    [("a. bell, md", 9, "h"), ("dr. rosa levine", 1, "n"), ("rosa levine, pt", 11, "."), ("jo lee, pa-c", 11, "l")],
)
def test_a_credential_or_a_comma_makes_no_other_name(text: str, at: int, other: str) -> None:
    """Nobody signs as an HD; and whether a comma stands there is another matter."""
    line = read_line([seen_line(text, {at: {text[at]: 0.45, other: 0.55}})], NAMES)
    assert line.best.text == text
    assert near_spelling(line, LEXICON) is None


def test_a_clear_name_is_no_doubt_however_rare() -> None:
    """What the eye saw stays, in a list or not; nor is there anything to say of an empty line."""
    for text in ("nils lindqvist", "selma thornbury", "o. o'rourke, do", "zbigniew wojcik", ""):
        assert near_spelling(read_line([seen_line(text)], NAMES), LEXICON) is None
