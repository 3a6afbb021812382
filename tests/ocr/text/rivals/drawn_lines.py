"""Lines as a reader sees them, letter by letter: sure of most, and torn between two where a test says so."""

from collections.abc import Mapping

import numpy as np

from ocr.language.alphabet import CHARACTERS, END, PLACE, SIZE
from ocr.recognizers.recognizer import RecognizedLine, Spread

SYMBOLS = "\0" + CHARACTERS
NOTHING = ""  # instead of a character: that there is none
_LEAST = 1e-7


def seen_line(text: str, torn: Mapping[int, Mapping[str, float]] | None = None) -> RecognizedLine:
    """`text` in the alphabet, each character followed by a blank; at each place of `torn` these, with their shares."""
    chances = np.full((2 * len(text) + 1, SIZE), _LEAST, np.float32)
    chances[0::2, END] = 1.0
    for at, character in enumerate(text):
        for other, share in ((torn or {}).get(at) or {character: 1.0}).items():
            chances[2 * at + 1, END if other == NOTHING else PLACE[other]] = share
    chances /= chances.sum(axis=1, keepdims=True)
    probabilities = np.column_stack([chances[:, END], chances[:, :END]]).astype(np.float32)
    best = (max(torn[at], key=torn[at].__getitem__) if torn and at in torn else sign for at, sign in enumerate(text))
    plain = " ".join("".join(best).split())
    return RecognizedLine(plain, 0.99, (0.99,) * len(plain), Spread(SYMBOLS, probabilities))
