"""Tokens that a language model must not change: numbers, sides, single letters and negations."""

import re

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z]+")
PROTECTED_WORDS = frozenset(
    {"left", "right", "lt", "rt", "bilat", "bilateral", "no", "not", "non", "without", "avoid", "never"}
)

ProtectedTokens = tuple[tuple[str, ...], tuple[str, ...]]


def protected_tokens(text: str) -> ProtectedTokens:
    """The numbers of a folded text, and its sides, single letters and negations, in their order.

    "R rotator cuff repair, 12 wks" and "L rotator cuff repair, 12 wks" are equally good English.
    """
    words = (word for word in _WORD.findall(text) if len(word) == 1 or word in PROTECTED_WORDS)
    return tuple(_NUMBER.findall(text)), tuple(words)
