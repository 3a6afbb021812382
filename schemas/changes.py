"""What changed on record since a cursor, for programs that read on from where they were."""

import re
from enum import StrEnum

from schemas.base import Value
from schemas.errors import UsageError

START = "0"  # the cursor before the first change
_CURSOR = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{8})")


class ChangedNoun(StrEnum):
    """What changed."""

    REFERRAL = "referral"
    FOLLOW_UP = "follow_up"


class ChangeKind(StrEnum):
    """How. `OFFICE`: its office is called otherwise, or is another by now. `WITHDRAWN` and `PURGED`: it is gone."""

    ADDED = "added"
    CHANGED = "changed"
    OFFICE = "office"
    WITHDRAWN = "withdrawn"
    PURGED = "purged"


GONE = frozenset({ChangeKind.WITHDRAWN, ChangeKind.PURGED})


class RecordChange(Value):
    """One change: `number` is the referral's or follow-up's own, `cursor` is where to read on behind it."""

    noun: ChangedNoun
    number: int
    what: ChangeKind
    cursor: str


class Removed(Value):
    """What is said of a referral or follow-up that is not on record any more."""

    noun: ChangedNoun
    id: str
    removed: ChangeKind


def parse_cursor(text: str) -> tuple[int, str]:
    """The number and the mark of the change that a cursor stands behind; raises UsageError."""
    if text == START:
        return 0, ""
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise UsageError(f"A cursor is what an earlier answer gave, like 345-0f3a99c1, or {START} for all.")
    return int(found[1]), found[2]
