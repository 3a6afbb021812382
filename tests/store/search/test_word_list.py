"""Words are found by their pieces, whether they lie in one of the long texts or came since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.search import word_list
from store.search.word_list import WordList

WORDS = st.lists(st.text("ab1", min_size=1, max_size=4), unique=True, max_size=30)
PIECES = st.text("ab1", min_size=1, max_size=2)


@pytest.fixture(scope="module", autouse=True)
def _short_texts() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_list, "A_TEXT", 7)
        yield


def list_of(words: list[str]) -> WordList:
    made = WordList()
    for word in words:
        made.add(word)
    return made


@given(WORDS, PIECES, st.sampled_from([None, 3]))
def test_the_newest_with_a_piece_are_found(words: list[str], piece: str, most: int | None) -> None:
    """As if each word were looked at by itself."""
    made = list_of(words)
    assert list(made) == words
    newest = words[::-1]
    assert made.beginning(piece, most) == [word for word in newest if word.startswith(piece)][:most]
    assert made.holding(piece, most) == [word for word in newest if piece in word][:most]


@given(WORDS, PIECES)
def test_an_end_may_be_told_by_a_pattern(words: list[str], piece: str) -> None:
    """The first digits of a number, with as many behind them as there are."""
    made = list_of(words)
    assert made.ending(piece) == [word for word in words if word.endswith(piece)]
    cut = (word for word in words if any(word[:-last].endswith(piece) for last in (1, 2)))
    assert made.ending(f"{piece}[ab1]{{1,2}}") == list(cut)
