"""What people changed on a slip, field by field."""

from datetime import datetime

from schemas.base import Value
from schemas.reading import ReferralDraft


class Change(Value):
    """One field before and after, as people write it; `field` is its name on the pad, or "pad" or "serial"."""

    field: str
    before: str
    after: str


class Correction(Value):
    """One correction of a slip by a person; `version` is the slip's version after it."""

    version: int
    by: str
    at: datetime
    changes: tuple[Change, ...]
    is_undone: bool


def changes(old: ReferralDraft | None, new: ReferralDraft) -> tuple[Change, ...]:
    """What differs between two drafts of one slip, including readings that were only confirmed."""
    before, after = (_told(old) if old else {}), _told(new)
    names = dict.fromkeys([*before, *after])
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(Change(field=name, before=one, after=other) for name, one, other in pairs if one != other)


def _told(draft: ReferralDraft) -> dict[str, str]:
    return {
        "pad": str(draft.pad_id),
        "serial": "" if draft.serial is None else str(draft.serial),
        **{name: mark.value.value for name, mark in draft.marks.items()},
        **{name: signed.value.value for name, signed in draft.all_signatures.items()},
        **{name: f"{text.value}{'' if text.confidence == 1 else ' (in doubt)'}" for name, text in draft.text.items()},
    }
