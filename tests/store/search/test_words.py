"""What is typed and what is written become the same words."""

import pytest

from store.search import words
from store.search.words import phone_digits, plain_words, tokens_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("José Núñez-Ortega", ["jose", "nunez", "ortega"]),
        ("Łukasz Ødegård, Straße", ["lukasz", "odegard", "strasse"]),
        ("back_pain", ["back", "pain"]),
        ("Dx: M17.11, s/p L TKA", ["dx", "m1711", "s", "p", "l", "tka"]),
        ("v. 3.5", ["v", "3", "5"]),
    ],
)
def test_words_are_small_and_without_accents_and_a_code_is_one(text: str, found: list[str]) -> None:
    """Letters that Unicode does not take apart too: whoever types has no such keys."""
    assert plain_words(text) == found


def test_any_text_has_words_that_fit_the_index() -> None:
    """Hostile names too: the index keeps small letters and digits, at most 40 of a word."""
    assert plain_words("<script>Ünïcode</script> " + "x" * 99) == ["script", "unicode", "script", "x" * 40]
    assert all(len(word) <= words.WORD_MOST for word in plain_words("y" * 500))
    assert plain_words("\u202e\x00 中文") == []


@pytest.mark.parametrize(
    "written",
    [
        "2125550142",
        "(212) 555-0142",
        "212.555.0142",
        "212 555 0142",
        "1-212-555-0142",
        "+1 212 555 0142",
        "001 212 555 0142",
        "212\u2013555\u20130142",
        "(212) 555-0142 x12",
        "212-555-0142 ext. 7",
    ],
)
def test_a_telephone_number_is_one_word_however_it_is_written(written: str) -> None:
    """Beside a name as well; what it is on record is the same word."""
    assert tokens_of(written) == [phone_digits("+12125550142")] == ["2125550142"]
    assert tokens_of(f"Quill {written}") == ["2125550142", "quill"]


def test_a_number_of_another_country_is_found_as_it_is_dialled_there() -> None:
    """With its country, with the zero of home between or alone."""
    on_record = phone_digits("+442079460142")
    for written in ("+44 20 7946 0142", "011 44 20 7946 0142", "+44 (0)20 7946 0142", "020 7946 0142"):
        [token] = tokens_of(written)
        assert token in on_record


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("2026-11-20", ["2026-11-20"]),
        ("11/20/2026 damaged", ["2026-11-20", "damaged"]),
        ("11/2/26", ["2026-11-02"]),
        ("11/20", ["-11-20"]),
        ("file Nov. 20", ["-11-20", "file"]),
        ("november 5, 2026", ["2026-11-05"]),
    ],
)
def test_a_day_is_one_word_where_days_are_looked_for(query: str, found: list[str]) -> None:
    """As it is said on the telephone, with or without the year."""
    assert tokens_of(query, has_days=True) == found


def test_without_days_a_query_stays_what_it_says() -> None:
    """A slip says "s/p TKA 9/14"."""
    assert tokens_of("TKA 9/14") == ["tka", "9", "14"]
