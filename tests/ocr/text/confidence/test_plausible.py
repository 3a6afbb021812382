"""Mistakes that two readers share, caught by what a field cannot say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.text.confidence.plausible import foreign_letters, is_plausible, without_accents


@pytest.mark.parametrize(
    "name", ["Ada Okonkwo", "R. Delgado, DC", "Ana de la Cruz, DPT", "Reed-Barlow", "O'Rourke", "Zoë Ng", "F. Cho PA-C"]
)
def test_names_as_people_write_them_pass(name: str) -> None:
    """A rule that doubts true names sends every slip of theirs to a person."""
    assert is_plausible("patient_name", name)


@pytest.mark.parametrize(
    "name",
    [
        "Pieter van den Berg",
        "Maria de los Angeles Ruiz",
        "Ahmed al Masri",
        "Ali ibn Sina",
        "Anna zu Hohenlohe, MD",
        "Carla d'Amico",
        "Jean D'Arcy",
        "ten Broek, Ada",
    ],
)
def test_small_words_within_a_name_are_those_of_all_languages(name: str) -> None:
    """Whoever is called so would be asked about on every slip, known to the studio or not."""
    assert is_plausible("patient_name", name)


@pytest.mark.parametrize("name", ["6. Fairbanks", "pr. Rosenthal", "Quinn underhil", "Ada | Cho", "(ada Cho"])
def test_misread_names_do_not(name: str) -> None:
    """All of these were read alike by both readers."""
    assert not is_plausible("provider_name", name)


@pytest.mark.parametrize("name", ["Kevin lo", "Ada van", "Ada mcCoy", "Wayne d'angelo"])
def test_a_small_word_that_nothing_follows_is_a_misread_one(name: str) -> None:
    """ "van" stands before a name; at the end it is a name itself, whose capital was not seen."""
    assert not is_plausible("patient_name", name)


def test_a_lone_bracket_is_a_misread_letter() -> None:
    """An L that leans over its foot looks like a bracket: "(BP" was LBP."""
    assert not is_plausible("diagnosis", "(BP, lumbar DDD")
    assert not is_plausible("diagnosis", "knee OA)")
    assert is_plausible("diagnosis", "TKA (R), 12 wks post-op")


def test_other_fields_may_say_anything_else() -> None:
    """Doctors write digits, slashes and small letters wherever they like."""
    assert is_plausible("diagnosis", "s/p L TKA 9/14, bmi 31")
    assert is_plausible("goals", "")


# As escapes: many look like letters of English.
FOREIGN = {
    "accents": "\u00e7\u00e9\u00f1\u00fc\u00c0\u0159\u1ebf",
    "an accent of its own": "\u0301\u0327",
    "letters of other languages": "\u00f8\u00e6\u00df\u00f0\u00fe\u0142\u0131",
    "Greek": "\u03bf\u03bd\u0391\u03b1\u03bc\u00b5",
    "Cyrillic that looks like Latin": "\u0430\u0435\u043e\u0440\u0441\u0425\u0455",
    "ligatures": "\ufb01\ufb02\u0133",
    "wide letters and digits": "\uff21\uff11\u0661",
    "ordinals and raised digits": "\u00aa\u00ba\u00b2\u00bd\u2170",
}
SAID = ("L knee OA", "return to tennis", "no kneeling, BMI 31", "gait")


@pytest.mark.parametrize("kind", FOREIGN)
def test_free_text_with_a_letter_that_english_does_not_have_is_doubted(kind: str) -> None:
    """The language models see letters without accents, so that a c with a tail is as sure as the c that was typed."""
    for letter in FOREIGN[kind]:
        for text in SAID:
            for at in range(len(text) + 1):
                assert not is_plausible("goals", text[:at] + letter + text[at:])


@pytest.mark.parametrize("kind", [kind for kind in FOREIGN if not kind.startswith("accents")])
def test_a_name_may_have_accents_and_nothing_else_of_other_alphabets(kind: str) -> None:
    """People are called Zo\u00eb and Pe\u00f1a; nobody writes a slip half in Cyrillic."""
    assert not any(is_plausible("patient_name", f"Ada{letter} Quill") for letter in FOREIGN[kind])
    assert all(is_plausible("patient_name", f"Ada{letter} Quill") for letter in FOREIGN["accents"])


@given(st.text(st.characters(max_codepoint=127)))
def test_what_is_typed_in_english_has_no_foreign_letter(text: str) -> None:
    """Nor has it an accent to lose."""
    assert not foreign_letters(text)
    assert without_accents(text) == text


def test_signs_that_english_shares_are_no_letters() -> None:
    """Degrees, dashes, and curly quotes stand on slips."""
    assert is_plausible("goals", "ROM 0\u201390\u00b0 \u00b1 5, \u201cstairs\u201d, Parkinson\u2019s")


@given(st.text())
def test_an_accent_is_lost_and_nothing_else(text: str) -> None:
    """The plain text is offered to a person beside the one that was read."""
    assert without_accents("Gon\u00e7alves, Pe\u00f1a, Zoe\u0308") == "Goncalves, Pena, Zoe"
    assert without_accents(without_accents(text)) == without_accents(text)


@pytest.mark.parametrize("text", ["A", "l", "1.", "^ A", "("])
def test_one_letter_is_no_text(text: str) -> None:
    """A signature's peak in an empty field is read as an A by every reader."""
    for field in ("patient_name", "diagnosis", "goals"):
        assert not is_plausible(field, text)
    assert is_plausible("diagnosis", "MS")
