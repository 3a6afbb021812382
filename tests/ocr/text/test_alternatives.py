"""What else a line may say, for a person who has to decide."""

from collections.abc import Sequence

import numpy as np

from ocr.language.fields import Languages
from ocr.recognizers.ppocr import SYMBOLS
from ocr.recognizers.recognizer import RecognizedLine, Spread
from ocr.text.alternatives import OFFERED_MOST, other_lines, other_texts
from ocr.text.line_decoder import LineReading, read_line

LANGUAGES = Languages()


def _read(text: str, doubts: Sequence[tuple[int, str, float]] = ()) -> LineReading:
    """A line as a reader sees it that is sure of `text`, but that at a place another letter may stand."""
    chances = np.full((2 * len(text) + 1, 1 + len(SYMBOLS)), 1e-6, np.float32)
    chances[0::2, 0] = 0.98
    for at, letter in enumerate(text):
        chances[2 * at + 1, 1 + SYMBOLS.index(letter)] = 0.98
    for at, letter, chance in doubts:
        chances[2 * at + 1, 1 + SYMBOLS.index(text[at])] -= chance
        chances[2 * at + 1, 1 + SYMBOLS.index(letter)] = chance
    spread = Spread("\0" + SYMBOLS, chances / chances.sum(axis=1, keepdims=True))
    return read_line([RecognizedLine(text, 0.9, (), spread)], LANGUAGES.of("text"))


def _others(line: LineReading) -> list[str]:
    return [guess.text for _, guess in other_texts(line, LANGUAGES.of("text"), LANGUAGES.lexicon)]


def test_two_letters_that_were_misread_are_both_mended_in_one_text() -> None:
    """The search keeps what differs in one place; a person had to type what two mistakes had spoiled."""
    line = _read("Kiee OA, gait trainjng", [(1, "n", 0.1), (19, "i", 0.1)])
    assert "knee oa, gait training" in [line.best.text, *_others(line)][:OFFERED_MOST]


def test_a_word_in_no_list_is_offered_as_a_known_one() -> None:
    """No reader saw the letter that is missing, and everybody knows the word."""
    assert "fall prevention" in _others(_read("fall preventon"))[:OFFERED_MOST]


def test_what_is_read_is_not_offered_again_and_nothing_twice() -> None:
    """Each key of a person's nine is worth having."""
    line = _read("improve gait")
    others = _others(line)
    assert line.best.text not in others
    assert len(set(others)) == len(others)
    assert "" not in others


def test_what_differs_in_a_comma_at_its_end_alone_is_not_offered() -> None:
    """Of nine keys one or two were spent on it; in a line above another a comma parts what follows."""
    priors = LANGUAGES.of("text"), LANGUAGES.lexicon
    line = _read("gait training,", [(13, ".", 0.3)])
    alone = other_lines([line], [""], *priors)
    assert alone
    assert not any(text.endswith((",", ";", ":")) or text == "gait training" for _, text in alone)
    above = other_lines([line, _read("balance")], ["", "gait training, "], *priors)
    assert (0, "gait training") in above


def test_a_scrap_beside_a_line_may_be_none() -> None:
    """The tail of a letter from the field above is read as a line of its own."""
    lines = [_read("R THA 8/3/26"), _read("l")]
    offered = other_lines(lines, ["", "r tha 8/3/26 "], LANGUAGES.of("text"), LANGUAGES.lexicon)
    assert (1, "") in offered
    assert len(offered) <= OFFERED_MOST


def test_an_empty_line_says_nothing_else() -> None:
    """There is nothing to choose from."""
    assert _others(_read("")) == []
