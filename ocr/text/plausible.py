"""What a field cannot say, whoever read it: two readers that look at the same stroke share their mistakes."""

import re

# Fields that hold a person's name.
NAMES = ("patient_name", "provider_name")
PARTICLES = frozenset(
    ["bin", "da", "de", "del", "della", "der", "di", "dos", "du", "el", "la", "le", "ten", "ter", "van", "von", "y"]
)
_NAME = re.compile(r"[^\W\d_]|[ .,'’/&()-]")  # noqa: RUF001
_PAIRS = {")": "(", "]": "["}


def is_plausible(field: str, text: str) -> bool:
    """Whether `text` can stand in the text field of that name."""
    return _balanced(text) and (field not in NAMES or _like_a_name(text))


def _like_a_name(text: str) -> bool:
    """Letters only, and a capital at the start of each word but particles: "Ana de la Cruz, DPT"."""
    if not all(map(_NAME.fullmatch, text)):
        return False
    words = re.findall(r"[^\W\d_]+", text.replace("'", ""))
    return all(word[0].isupper() or word in PARTICLES for word in words)


def _balanced(text: str) -> bool:
    """Whether every bracket has its partner: a lone one is a misread letter."""
    open_ones: list[str] = []
    for character in text:
        if character in _PAIRS.values():
            open_ones.append(character)
        elif character in _PAIRS and (not open_ones or open_ones.pop() != _PAIRS[character]):
            return False
    return not open_ones
