"""Names of strangers that are nearly those of known people: one letter off, another first name, another initial."""

import re
from collections.abc import Sequence

import numpy as np

from ocr.language.alphabet import LETTERS, fold
from ocr.text.meaning import meaning

# What each letter is easily taken for in handwriting, from common knowledge of hands.
ALIKE = {
    "a": "ou",
    "b": "h",
    "c": "e",
    "d": "a",
    "e": "clo",
    "f": "t",
    "g": "yq",
    "h": "bk",
    "i": "le",
    "j": "i",
    "k": "h",
    "l": "tie",
    "m": "n",
    "n": "urm",
    "o": "ae",
    "p": "y",
    "q": "g",
    "r": "nv",
    "s": "rz",
    "t": "lf",
    "u": "nvo",
    "v": "ur",
    "w": "u",
    "x": "v",
    "y": "g",
    "z": "s",
}
_WORD = re.compile(r"[^\W\d_]+")
# Words that are credentials, or too short to be changed without becoming another initial.
_NO_NAME = re.compile(r"dr|[A-Z]{2,4}|.{1,2}", re.ASCII)


def near_names(name: str, count: int, first_names: Sequence[str], rng: np.random.Generator) -> list[str]:
    """`count` other names, each one step from `name`: as when a relative, or somebody of a like name, comes first."""
    found = dict[str, None]()
    while len(found) < count:
        words = list(_WORD.finditer(name))
        long = [word for word in words if not _NO_NAME.fullmatch(word[0]) or (word[0].isupper() and len(word[0]) > 4)]
        word = (long or words)[int(rng.integers(len(long or words)))]
        other = _changed(word[0], first_names, rng)
        near = name[: word.start()] + (other.upper() if word[0].isupper() else other) + name[word.end() :]
        if meaning(fold(near)) != meaning(fold(name)):
            found[near] = None
    return list(found)


def _changed(word: str, first_names: Sequence[str], rng: np.random.Generator) -> str:
    """Another word: one letter replaced, mostly by one that looks like it, added or lost; or another first name."""
    at, letter = int(rng.integers(len(word))), LETTERS[int(rng.integers(len(LETTERS)))]
    kind = rng.random()
    if kind < 0.2:
        changed = word[:at] + letter + word[at + 1 :]
    elif kind < 0.5:
        like = ALIKE.get(word[at].lower(), letter)
        changed = word[:at] + like[int(rng.integers(len(like)))] + word[at + 1 :]
    elif kind < 0.65:
        changed = word[:at] + word[at + 1 :]
    elif kind < 0.8:
        changed = word[:at] + letter + word[at:]
    else:
        return first_names[int(rng.integers(len(first_names)))]
    return changed[:1].upper() + changed[1:]
