"""Credentials behind a name that are a letter away from known ones: nobody is a "DOS", and "DDS" was written."""

import re

from rapidfuzz.distance import Levenshtein

from ocr.text.line_decoder import LineReading
from schemas.names.salutation import CREDENTIALS, GENERATIONS, PARTICLES, bare_word

KNOWN = sorted(CREDENTIALS | GENERATIONS)
LETTERS_MOST = 5
# Behind a comma and a name of two words: before "Kim, Sue" stands a surname alone.
_BEHIND_NAME = re.compile(r"[^ ,]+ [^,]+,(.+)")
_WORD = re.compile(r"[a-z][a-z.-]*")


def near_credential(line: LineReading) -> str | None:
    """The folded provider's name with a known credential instead of the first that is unknown and a letter away.

    The one that the ink likes best; None when there is none.
    """
    others = _with_known_credential(line.best.text)
    return max(zip(line.inks_of(others), others, strict=True), default=(0.0, None))[1]


def _with_known_credential(text: str) -> list[str]:
    behind = _BEHIND_NAME.fullmatch(text)
    if behind is None or bare_word(text.split()[0]) in PARTICLES:  # "De Luca, Ann"
        return []
    for found in _WORD.finditer(text, behind.start(1)):
        word = bare_word(found[0])
        near = [one for one in KNOWN if Levenshtein.distance(word, one, score_cutoff=1) == 1]
        if word not in KNOWN and len(word) <= LETTERS_MOST and near:
            return [text[: found.start()] + one + text[found.end() :] for one in near]
    return []
