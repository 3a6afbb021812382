"""How a name that was typed in small letters may be meant: a proposal, which a person takes or leaves."""

import re
from collections.abc import Mapping

from schemas.names.salutation import DOCTORS, GENERATIONS, OTHERS, SMALL_PARTICLES, bare_word

NAMES = ("patient_name", "provider_name")  # the fields of a slip that hold one
LEAST = 2  # letters of a word that is no initial
_OTHER_CAPITALS = {"phd": "PhD", "pharmd": "PharmD", "psyd": "PsyD", "aud": "AuD", "edd": "EdD", "drph": "DrPH"}
_OTHER_CAPITALS |= {"mspt": "MSPT", "jr": "Jr", "sr": "Sr"}
_MC = re.compile(r"mc([a-z]{3,})")  # McDonald, McCoy; of Mac nobody can tell: Macdonald, MacArthur, Macias


def spelling_of(name: str) -> str:
    """The name with its capitals, "Maria O'Neil" for "maria o'neil"; "" when it has them, or nothing is to be said.

    Only words without any capital are changed, and what stays small within a name ("de la", "van") is left.
    """
    words = name.split()
    small = [word for word in words if word.islower() and bare_word(word) not in SMALL_PARTICLES]
    if not any(len(bare_word(word)) >= LEAST for word in small):
        return ""
    proposed = " ".join(_word(word, at, is_last=at == len(words) - 1) for at, word in enumerate(words))
    return proposed if proposed != name else ""


def spellings_of(typed: Mapping[str, str]) -> dict[str, str]:
    """What is proposed for the names among these fields that are in small letters, by field."""
    return {name: proposed for name in NAMES if (proposed := spelling_of(typed.get(name, "")))}


def _word(word: str, at: int, *, is_last: bool) -> str:
    bare = bare_word(word)
    if not word.islower() or (bare in SMALL_PARTICLES and len(bare) > 1 and not is_last):
        return word
    if at > 1 and (bare in GENERATIONS or bare in OTHERS or bare in DOCTORS):
        return _OTHER_CAPITALS[bare] + word[len(bare) :] if bare in _OTHER_CAPITALS else word.upper()
    return re.sub(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?", lambda found: _name(found[0]), word)


def _name(word: str) -> str:
    """One part of a name between hyphens: "o'neil" is O'Neil, "d'angelo" D'Angelo, "mcdonald" McDonald."""
    first, apostrophe, rest = re.fullmatch(r"([^'\u2019]+)(['\u2019]?)(.*)", word).groups()  # type: ignore[union-attr]
    if apostrophe and len(first) == 1:
        return f"{first.upper()}{apostrophe}{_name(rest)}"
    found = _MC.fullmatch(first)
    return f"{f'Mc{found[1].capitalize()}' if found else first[0].upper() + first[1:]}{apostrophe}{rest}"
