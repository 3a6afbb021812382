"""Contexts are found by the ends of texts, in a table that is small."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocr.language.alphabet import CHARACTERS
from ocr.language.context_index import LONGEST_MOST, ContextIndex, Keys, key_of, lengths_of, numbers_of_shorter
from ocr.language.ngrams import START

TEXTS = st.text(START + CHARACTERS, max_size=LONGEST_MOST)


def with_endings(texts: set[str]) -> list[str]:
    """The texts and all that they end in, as models hold contexts."""
    return sorted(
        {text[at:] for text in texts for at in range(len(text) + 1)} | {""}, key=lambda text: (len(text), text)
    )


def keys_of(contexts: list[str]) -> Keys:
    return np.array([key_of(context) for context in contexts], np.uint64)


@given(st.sets(TEXTS), TEXTS)
def test_the_longest_context_that_a_text_ends_in_is_found(texts: set[str], ending: str) -> None:
    """A dictionary tells it as well; of some 400,000 contexts it takes 60 MB."""
    contexts = with_endings(texts)
    index = ContextIndex(keys_of(contexts))
    longest = next(ending[at:] for at in range(len(ending) + 1) if ending[at:] in contexts)
    assert contexts[index.number(ending)] == longest


@given(st.sets(TEXTS))
def test_each_context_knows_the_one_that_is_a_character_shorter(texts: set[str]) -> None:
    """Rare contexts keep a share of what their shorter ones expect."""
    contexts = with_endings(texts)
    assert [contexts[at] for at in numbers_of_shorter(keys_of(contexts))] == [context[1:] for context in contexts]
    assert lengths_of(keys_of(contexts)).tolist() == [len(context) for context in contexts]
