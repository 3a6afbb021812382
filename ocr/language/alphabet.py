"""The characters that language is counted in: lower case without accents, and an end."""

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

LETTERS = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
OTHER = "?"  # stands for every character that is not in the alphabet
CHARACTERS = " " + LETTERS + DIGITS + ".,;:'\"()/-+&<>=%#!*@" + OTHER
END = len(CHARACTERS)  # the place of "the text ends here"
SIZE = END + 1
PLACE = {character: place for place, character in enumerate(CHARACTERS)}
# The place of each character of ASCII, as bytes.translate takes it.
_PLACES = bytes(PLACE.get(chr(code), PLACE[OTHER]) for code in range(256))
_ALIKE = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-"})  # noqa: RUF001


@lru_cache(maxsize=1024)
def fold_character(character: str) -> str:
    """`character` as language knows it: A and à as a, anything unknown as OTHER."""
    plain = unicodedata.normalize("NFD", character.lower().translate(_ALIKE))[:1]
    return plain if plain in PLACE else OTHER


def fold(text: str) -> str:
    """`text` in the alphabet, runs of spaces as one."""
    return " ".join("".join(map(fold_character, text)).split())


def places_of(folded: str) -> bytes:
    """The place of each character of a folded text, a byte each."""
    return folded.encode("ascii", "replace").translate(_PLACES)


@lru_cache(maxsize=4)
def folding_matrix(symbols: str) -> NDArray[np.float32]:
    """(len(symbols), SIZE): what turns a reader's symbols into characters; the blank, symbols[0], takes END's place.

    A reader never sees an end, and language never sees a blank, so that both can share the last column.
    """
    matrix = np.zeros((len(symbols), SIZE), np.float32)
    matrix[0, END] = 1
    for index, symbol in enumerate(symbols[1:], start=1):
        matrix[index, PLACE[fold_character(symbol)]] = 1
    return matrix
