"""A letter without the words that it only quotes: names, and what the slip says. They are nobody's offer.

Whoever is called Cash has a right to letters, and a doctor who writes "gift of walking" among the goals promises
nothing: neither could be said in other words. What the studio writes, in entries and templates, stays as it is.
"""

import re
from collections.abc import Collection
from typing import TypeVar

from schemas.answers import ToldAnswer
from schemas.base import Value
from schemas.letter import Letter, ThankYou
from schemas.referral import VERBATIM, Referral
from schemas.studio import Studio

ADDRESSEE = ("person", "office", "address")
LETTERHEAD = ("name", "specialist", "email", "address")

Said = TypeVar("Said", bound=Value)


def without_quotes(letter: Letter) -> Letter:
    """The same letter with a blank for each character of what it quotes, so that templates find it as long."""
    referral: Referral | None = getattr(letter, "referral", None)
    changes: dict[str, object] = {"to": _blanked(letter.to, ADDRESSEE)}
    if referral is not None:
        changes["referral"] = _blanked(referral, VERBATIM)
    if isinstance(letter, ThankYou):
        changes |= _boxes_and_answers(letter)
    return letter.model_copy(update=changes)


def without_names(studio: Studio) -> Studio:
    """The studio with a blank for each character of what it is called and where it is."""
    return _blanked(studio, LETTERHEAD)


def _boxes_and_answers(letter: ThankYou) -> dict[str, object]:
    """Boxes and questions are the pad's, and the studio's own words; what is written beside them is the slip's."""
    record = letter.referral
    beside = {record.other_condition, record.other_service} - {""}
    written = {value for value in record.answers.values() if isinstance(value, str)}
    return {
        "conditions": tuple(_without(label, beside) for label in letter.conditions),
        "services": tuple(_without(label, beside) for label in letter.services),
        "answers": tuple(
            ToldAnswer(label, _blank(text) if text in written else text) for label, text in letter.answers
        ),
    }


def _without(label: str, beside: Collection[str]) -> str:
    for words in beside:
        label = label.replace(f": {words}", f": {_blank(words)}")
    return label


def _blanked(said: Said, names: Collection[str]) -> Said:
    return said.model_copy(update={name: _blank(text) for name in names if (text := getattr(said, name))})


def _blank(text: str) -> str:
    return re.sub(r"\w", "_", text)
