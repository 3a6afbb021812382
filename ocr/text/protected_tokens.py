"""What no prior may change: numbers, sides, single letters and negations."""

import re

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z]+")
TELLING = frozenset(
    {"left", "right", "lt", "rt", "bilat", "bilateral", "no", "not", "non", "without", "avoid", "never"}
)

Facts = tuple[tuple[str, ...], tuple[str, ...]]


def facts(text: str) -> Facts:
    """The numbers of a folded text, and its sides, single letters and negations, in their order.

    "R rotator cuff repair, 12 wks" and "L rotator cuff repair, 12 wks" are equally good English.
    """
    words = (word for word in _WORD.findall(text) if len(word) == 1 or word in TELLING)
    return tuple(_NUMBER.findall(text)), tuple(words)
