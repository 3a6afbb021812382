"""What speaks for the reading of words, by readings whose scores are given."""

import numpy as np
import pytest

from ocr.language.alphabet import CHARACTERS, END, PLACE, SIZE
from ocr.language.fields import Languages, kind_of
from ocr.language.rescore import Guess, ink_of
from ocr.recognizers.recognizer import Spread
from ocr.text.confidence.word_evidence import Reading, sign_evidence, word_evidence
from ocr.text.line_decoder import LineReading, Look
from ocr.text.lines.segment_lines import FieldInk

LANGUAGES = Languages()
NO_SPREAD = Spread("\0", np.ones((1, 1), np.float32))
NO_INK = FieldInk((), 0.0, torn=False)


def _line(text: str, rivals: dict[str, float], sure: float = 0.99, eye: str | None = None) -> LineReading:
    """A line that was read so; each rival is so many nats behind by ink; the eye alone may have seen another text."""
    best = Guess(text.casefold(), ink=-0.1, language=-10.0, score=0.0, inks=(-0.1,))
    others = [Guess(rival, -0.1 - behind, -10.0, -behind, (-0.1 - behind,)) for rival, behind in rivals.items()]
    plain = (eye or text).casefold()
    looks = (Look(NO_SPREAD, (text.casefold(),), plain),)
    return LineReading(text, (sure,) * len(text), (best, *others), Guess(plain, -0.1, -10.0, 0.0, (-0.1,)), looks)


def measures_of(
    text: str, field: str = "goals", rivals: dict[str, float] | None = None
) -> tuple[dict[str, float], dict[str, float]]:
    """The measures of words and of signs of a clear line that says `text`."""
    read = Reading(field, [_line(text, rivals or {})], LANGUAGES.of(kind_of(field)), LANGUAGES.lexicon, NO_INK)
    return word_evidence(read), sign_evidence(read)


def test_a_rival_that_differs_in_a_comma_is_a_doubt_about_the_comma() -> None:
    """86 of 307 doubts about right readings were of that kind: nobody doubts the words for it."""
    line = _line("Rosa Levine, PT", {"rosa levine pt": 0.5, "rosa lavine, pt": 9.0})
    read = Reading("provider_name", [line], LANGUAGES.of("names"), LANGUAGES.lexicon, NO_INK)
    assert word_evidence(read)["margin"] == pytest.approx(np.log1p(9.0))
    assert sign_evidence(read)["lead"] == pytest.approx(np.log1p(0.5))


def test_a_comma_at_the_very_end_is_no_rival_at_all() -> None:
    """No value ends in one; within a text, or above another line, it parts what comes after it."""
    words, signs = measures_of("Felicia Delaney", "patient_name", {"felicia delaney,": 0.5, "felicia, delaney": 4.0})
    assert words["lead"] == signs["lead"] == pytest.approx(np.log1p(4.0))
    above = _line("low back pain", {"low back pain,": 0.5})
    read = Reading("goals", [above, _line("balance", {})], LANGUAGES.of("text"), LANGUAGES.lexicon, NO_INK)
    assert sign_evidence(read)["lead"] == pytest.approx(np.log1p(0.5))


def test_words_that_no_list_has_and_near_misses_are_counted() -> None:
    """What is one letter from a known word is that word misread, more often than not."""
    assert measures_of("improve zolmivexan")[0]["unknown"] == 1
    assert measures_of("improve balanse")[0]["near_miss"] == 1
    known = measures_of("improve balance")[0]
    assert (known["unknown"], known["near_miss"]) == (0, 0)


def test_a_short_word_that_no_list_has_may_be_an_abbreviation_and_is_counted_apart() -> None:
    """DDD and HTN are as right as knee; qzx is not, but nobody can tell them by a list."""
    words = measures_of("lumbar qzx")[0]
    assert (words["unknown"], words["short_unknown"]) == (0, 1)


def test_a_credential_behind_a_name_is_no_unknown_word() -> None:
    """A DPT is known to everybody in the field; in a diagnosis the same letters are what no list has."""
    assert measures_of("ann bell, dpt, ccsp", "provider_name")[0]["short_unknown"] == 0
    assert measures_of("ann bell, qzx", "provider_name")[0]["short_unknown"] == 1
    assert measures_of("ccsp", "diagnosis")[0]["short_unknown"] == 1


@pytest.mark.parametrize(
    ("kept", "lost", "measure"),
    [
        ("Rosa Levine, PT", "Rosa Levine PT", "comma_expected"),
        ("Dr. Levine", "Dr Levine", "point_expected"),
        ("Rosa O'Brien", "Rosa OBrien", "apostrophe_expected"),
    ],
)
def test_a_sign_that_is_missed_where_people_write_one_speaks_against_the_signs(
    kept: str, lost: str, measure: str
) -> None:
    """A comma on the rule goes with the rule: then the reader is sure of a text without it."""
    assert measures_of(lost, "provider_name")[1][measure] > measures_of(kept, "provider_name")[1][measure] + 2


@pytest.mark.parametrize(("share", "doubted"), [(0.4, True), (1e-4, False)])
def test_a_comma_that_the_search_kept_no_rival_of_is_doubted_as_far_as_the_ink_goes(
    share: float, *, doubted: bool
) -> None:
    """A right "Maria Delgado" was doubted for a comma that no view shows; a faint one is a doubt."""
    text = "ann bell"
    chances = np.full((2 * len(text), SIZE), 1e-5, np.float32)
    chances[1::2, END] = 1.0
    for at, letter in enumerate(text):
        chances[2 * at, PLACE[letter]] = 1.0
    chances[5, PLACE[","]], chances[5, END] = share, 1 - share
    spread = Spread("\0" + CHARACTERS, np.roll(chances, 1, axis=1))
    look = Look(spread, (text,), text)
    inks = (float(ink_of([text], [look.chances])[0, 0]),)
    best = Guess(text, inks[0], -10.0, 0.0, inks)
    read = Reading(
        "patient_name",
        [LineReading(text, (1.0,) * len(text), (best,), best, (look,))],
        LANGUAGES.of("names"),
        LANGUAGES.lexicon,
        NO_INK,
    )
    assert (sign_evidence(read)["edit_lead"] < 1.5) is doubted


def test_the_weakest_line_of_a_field_counts() -> None:
    """One wrong line is a wrong value, however clear the other one is."""
    lines = [_line("increase core", {"increase care": 0.4}), _line("strength", {"strengths": 20.0})]
    read = Reading("goals", lines, LANGUAGES.of("text"), LANGUAGES.lexicon, NO_INK)
    assert word_evidence(read)["margin"] == pytest.approx(np.log1p(0.4))
