"""How far a reading is ahead of what else the line may say."""

import pytest

from ocr.language.rescore import Guess
from ocr.text.line_decoder import UNRIVALLED, LineReading


def _line(*guesses: tuple[str, float]) -> LineReading:
    """A reading whose guesses have these scores."""
    made = tuple(Guess(text, ink=score, language=0.0, score=score) for text, score in guesses)
    return LineReading(made[0].text, (), made, made[0], ())


@pytest.mark.parametrize("rival", ["tsa r 16 wks", "tsa r. 16 wks", "tsa r,16 wks"])
def test_a_rival_that_differs_in_a_comma_is_no_rival(rival: str) -> None:
    """86 of 307 doubts about right readings were of that kind; the next that says something else is the rival."""
    line = _line(("tsa r, 16 wks", 0.0), (rival, -2.0), ("tsa r, 10 wks", -9.0))
    assert line.margin == 9.0


@pytest.mark.parametrize("rival", ["pain 3/10", "pain < 8/10", "pan < 3/10"])
def test_a_rival_that_differs_in_a_letter_a_digit_or_a_sign_is_one(rival: str) -> None:
    """Without its sign "pain < 3/10" says something else."""
    assert _line(("pain < 3/10", 0.0), (rival, -2.0)).margin == 2.0


def _with_expectation(best: tuple[str, float], rival: tuple[str, float]) -> LineReading:
    made = tuple(Guess(text, 0.0, language, -number) for number, (text, language) in enumerate((best, rival)))
    return LineReading(made[0].text, (), made, made[0], ())


def test_two_names_run_together_are_no_rival_of_two_names() -> None:
    """Block capitals stand close, and nobody is called Heatherlarsen."""
    assert _with_expectation(("heather larsen", -20.0), ("heatherlarsen", -29.0)).margin == UNRIVALLED


@pytest.mark.parametrize("language", [-20.0, -23.0])
def test_a_name_that_may_have_fallen_apart_has_its_whole_as_a_rival(language: float) -> None:
    """Erik Sen is as good a name as Eriksen."""
    assert _with_expectation(("erik sen", -20.0), ("eriksen", language)).margin == 1.0
    assert _with_expectation(("eriksen", -20.0), ("erik sen", -29.0)).margin == 1.0


def test_how_far_the_words_are_ahead_a_comma_does_not_tell() -> None:
    """Where it is a toss-up whether a comma stands there, that is a doubt about the comma and not about the words."""
    line = _line(("rosa levine, pt", 0.0), ("rosa levine pt", -0.5), ("rosa lavine, pt", -7.0))
    assert line.margin == 7.0


def test_without_a_rival_nothing_speaks_against_a_reading() -> None:
    """All that else was found says the same."""
    assert _line(("fall risk", 0.0)).margin == UNRIVALLED
    assert _line(("fall risk.", 0.0), ("fall risk", -3.0)).margin == UNRIVALLED
