"""What a field cannot say, whoever read it: two readers that look at the same stroke share their mistakes."""

import re
import unicodedata

from ocr.text.confidence.possible_numbers import impossible_number
from schemas.names.salutation import SMALL_PARTICLES
from schemas.names.spelling import NAMES

_NAME = re.compile(r"[^\W\d_]|[ .,'’/&()-]")  # noqa: RUF001
# Words of three letters and more that a point may follow in a name; after any other it is a misread comma.
_SHORTENED = frozenset(["mrs", "prof", "esq", "rev", "hon", "drs", "phd", "sgt", "capt", "chas", "geo", "thos"])
_WORD_WITH_POINT = re.compile(r"([^\W\d_]{3,})\.")
_SMALL_D = re.compile(r"\bd['’](?=[^\W\d_])")  # noqa: RUF001 - of "Carla d'Amico", whose capital is the A
# Nobody writes one letter and no more: it is the tail of a signature or of a word above, read as an A or an l.
CHARACTERS_LEAST = 2
_PAIRS = {")": "(", "]": "["}


def is_plausible(field: str, text: str) -> bool:
    """Whether `text` can stand in the text field of that name."""
    if text and sum(map(str.isalnum, text)) < CHARACTERS_LEAST:
        return False
    if field in NAMES:
        return _balanced(text) and _like_a_name(text) and not foreign_letters(without_accents(text))
    return _balanced(text) and not foreign_letters(text) and impossible_number(text.casefold()) is None


def foreign_letters(text: str) -> str:
    """The letters, digits and accents of `text` that English is not written with: a typed c is read as a c with a tail.

    Language models know no accents, so that nothing but the eye speaks for one.
    """
    return "".join(sign for sign in text if not sign.isascii() and unicodedata.category(sign)[0] in "LMN")


def without_accents(text: str) -> str:
    """`text` with each accented letter as its plain one: Zoë as Zoe; other letters and signs as they are."""
    return "".join(_plain_letter(sign) for sign in unicodedata.normalize("NFC", text))


def _plain_letter(sign: str) -> str:
    base = unicodedata.normalize("NFD", sign)[0]
    return base if base.isascii() and base.isalpha() else sign


def _like_a_name(text: str) -> bool:
    """Letters only; capitals first, but for particles before a name; points after short words: "Dr. Ana de la Cruz"."""
    if not all(map(_NAME.fullmatch, text)):
        return False
    if any(word.casefold() not in _SHORTENED for word in _WORD_WITH_POINT.findall(text)):
        return False
    words = re.findall(r"[^\W\d_]+", _SMALL_D.sub("", text).replace("'", ""))
    small = [number for number, word in enumerate(words) if not word[0].isupper()]
    return all(words[number] in SMALL_PARTICLES and number + 1 < len(words) for number in small)


def _balanced(text: str) -> bool:
    """Whether every bracket has its partner: a lone one is a misread letter."""
    open_ones: list[str] = []
    for character in text:
        if character in _PAIRS.values():
            open_ones.append(character)
        elif character in _PAIRS and (not open_ones or open_ones.pop() != _PAIRS[character]):
            return False
    return not open_ones
