"""Names that differ in one letter, and that the ink does not tell apart: nobody knows every name that there is."""

import re

from ocr.language.letter_edits import best_edits
from ocr.language.lexicon import Lexicon
from ocr.text.line_decoder import LineReading
from schemas.names.salutation import CREDENTIALS, TITLES

# A name with another letter must be so far behind by the ink, in nats: an initial, of which nothing tells but the ink,
# a name that is in a list as well, and one that is in none. With names that no view shows, 38 of 812 right names that
# passed on 200 simulated slips in four channels are doubted so, and 8 of 13 wrong ones; on other slips 9 of 257 right
# ones, and 2 of 4.
INITIAL_LEAST, LISTED_LEAST, UNLISTED_LEAST = 4.0, 1.5, 0.0
EDITS_WEIGHED = 40
NO_NAMES = CREDENTIALS | TITLES.keys()
_PARTS = re.compile("[a-z]+")


def near_spelling(line: LineReading, lexicon: Lexicon) -> str | None:
    """The folded text of another name that the line may say as well; None when there is none so near.

    It is what the first view shows without any list or language, where no view shows the name so, or else the
    likeliest text with another letter. Where one of two views shows it, of names that passed on simulated slips 24
    were right and none was wrong.
    """
    text = line.best.text
    if not text:
        return None
    if all(_is_another_name(text, look.plain) for look in line.looks):
        return line.looks[0].plain
    edits = best_edits(text, [look.chances for look in line.looks], EDITS_WEIGHED, line.edited)[0]
    return next(
        (edit.text for edit in edits if line.best.ink - edit.ink < _behind_least(text, edit.text, lexicon)), None
    )


def _is_another_name(text: str, other: str) -> bool:
    """Whether two texts differ in the letters of a name; credentials are known, and misread ones no other name."""
    words, others = _words(text), _words(other)
    if len(words) != len(others):
        return "".join(words) != "".join(others)
    return any(word != new and word not in NO_NAMES for word, new in zip(words, others, strict=True))


def _behind_least(text: str, other: str, lexicon: Lexicon) -> float:
    """How far behind the text with another letter must be."""
    changed = [(word, new) for word, new in zip(_words(text), _words(other), strict=False) if word != new]
    word, new = changed[0] if changed else ("", "")
    if word in NO_NAMES and new not in NO_NAMES:
        return float("-inf")
    if len(word) == len(new) == 1:
        return INITIAL_LEAST
    return LISTED_LEAST if all(part in lexicon for part in _PARTS.findall(new)) else UNLISTED_LEAST


def _words(text: str) -> list[str]:
    """The words of a folded name, without points, commas and hyphens: pa-c as pac."""
    return [word for word in (re.sub("[^a-z]", "", word) for word in text.split()) if word]
