"""What a text may still say of people when it has been cleaned: nothing."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refpad.ops.support.redaction import NUMBER, WORD, Redaction, program_words

LETTERS = string.ascii_letters + "éüñ"
REDACTION = Redaction()


def cleaned(text: str, *people: str) -> str:
    """The text as it is told where these people are on record."""
    redaction = Redaction()
    redaction.learn(people)
    return redaction.clean(text)


@given(st.text(LETTERS, min_size=4, max_size=12), st.sampled_from(["{} ended.", "x/{}/y.pdf", '"{}"', "{}@{}", "a_{}"]))
def test_no_word_that_the_program_does_not_write_itself_is_left(word: str, around: str) -> None:
    """Names come in every form: in a path, in an address, in an error of a library that quotes what it was given."""
    if word.lower() not in program_words():
        assert word not in REDACTION.clean(around.replace("{}", word))


@pytest.mark.parametrize("line", ["Page 3 was read by Grant.", "PAGE 3 was read by GRANT."])
def test_a_name_that_is_also_a_word_of_the_program_goes_where_it_has_a_capital(line: str) -> None:
    """Somebody is called Page, and the log speaks of pages."""
    assert "page" in program_words()
    assert cleaned(line, "Grant Page") == f"{WORD} 3 was read by {WORD}."
    assert cleaned("the page was read", "Grant Page") == "the page was read"


@pytest.mark.parametrize(
    "told",
    ["(312) 555-0142", "+13125550142", "555-0142", "312.555.0142", "1958-03-09", "3/9/58", "03-09-1958", "60601-1234"],
)
def test_telephones_birthdays_and_long_numbers_go(told: str) -> None:
    """They tell who it is as a name does."""
    assert cleaned(f"read {told} there") == f"read {NUMBER} there"


def test_a_zip_code_on_record_goes_and_counts_stay() -> None:
    """Five digits are a count or a process mostly; where they are somebody's address they are not told."""
    assert cleaned("60601 and 12345 files", "7 Lake Road, 60601") == f"{NUMBER} and 12345 files"


def test_what_a_log_says_of_the_work_stays() -> None:
    """A log of which nothing is left helps nobody."""
    line = "2026-11-29 14:08:33,217 INFO Task run 'scan-12' - Finished in state Review('2.64 s.') at 127.0.0.1:4200"
    assert cleaned(line) == line


def test_the_words_of_the_program_hold_no_invented_names() -> None:
    """Those of the simulation are in its source, and people are called so too."""
    assert {"abernathy", "kowalczyk", "walter"} & program_words() == set()
