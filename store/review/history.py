"""The corrections of a slip: kept with each change, shown beside it, undone one by one."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.edits import Correction, changes
from schemas.reading import Finding, MarkReading, ReferralDraft, SignatureReading, TextReading
from store.database import Store
from store.tables import correction

_WHOLE = "draft"


def note_correction(
    connection: Connection, store: Store, row: RowMapping, old: ReferralDraft | None, new: ReferralDraft, who: str
) -> None:
    """Keep what turned the slip's `old` draft into `new`, in the caller's transaction; nothing when nothing did."""
    changed = changes(old, new)
    if not changed:
        return
    values = {
        "slip_id": row["id"],
        "version": row["version"] + 1,
        "before": _replaced(old, new),
        "changes": [change.model_dump() for change in changed],
        "by": who,
        "at": store.clock.now(),
    }
    connection.execute(correction.insert().values(values))


def undo_last(connection: Connection, store: Store, slip_id: int, new: ReferralDraft, who: str) -> ReferralDraft | None:
    """Undo the last correction that was not undone yet; the draft before it, None when there was none.

    Raises LookupError when there is nothing to undo.
    """
    of_slip = (correction.c.slip_id == slip_id, correction.c.undone_at.is_(None))
    last = sa.select(correction.c.id, correction.c.before).where(*of_slip).order_by(correction.c.id.desc()).limit(1)
    row = connection.execute(last).first()
    if row is None:
        raise LookupError
    undone = correction.update().where(correction.c.id == row.id)
    connection.execute(undone.values(undone_by=who, undone_at=store.clock.now()))
    return _restored(row.before, new)


def corrections_of(store: Store, slip_id: int) -> list[Correction]:
    """All corrections of a slip, oldest first, including those that were undone."""
    query = sa.select(correction).where(correction.c.slip_id == slip_id).order_by(correction.c.id)
    with store.read() as connection:
        return [
            Correction(
                **{name: row[name] for name in ("version", "by", "at", "changes")},
                is_undone=row["undone_at"] is not None,
            )
            for row in connection.execute(query).mappings()
        ]


def _replaced(old: ReferralDraft | None, new: ReferralDraft) -> dict[str, Any]:
    """The readings of `old` that are others in `new`; all of it when the pad is another."""
    if old is None or old.pad_id != new.pad_id:
        return {_WHOLE: old.model_dump(mode="json") if old else None}
    return {
        "serial": old.serial,
        "findings": [finding.model_dump(mode="json") for finding in old.findings],
        "signature": old.signature.model_dump(mode="json"),
        "signatures": {name: reading.model_dump(mode="json") for name, reading in old.signatures.items()},
        "marks": {n: reading.model_dump(mode="json") for n, reading in old.marks.items() if new.marks[n] != reading},
        "text": {n: reading.model_dump(mode="json") for n, reading in old.text.items() if new.text[n] != reading},
    }


def _restored(before: dict[str, Any], new: ReferralDraft) -> ReferralDraft | None:
    if _WHOLE in before:
        return ReferralDraft.model_validate(before[_WHOLE]) if before[_WHOLE] else None
    marks = {name: MarkReading.model_validate(reading) for name, reading in before["marks"].items()}
    text = {name: TextReading.model_validate(reading) for name, reading in before["text"].items()}
    others = before.get("signatures", {})  # corrections of before pads had several keep none
    signatures = {name: SignatureReading.model_validate(reading) for name, reading in others.items()}
    update = {
        "serial": before["serial"],
        "findings": tuple(Finding.model_validate(finding) for finding in before["findings"]),
        "signature": SignatureReading.model_validate(before["signature"]),
        "signatures": {**new.signatures, **signatures},
        "marks": {**new.marks, **marks},
        "text": {**new.text, **text},
    }
    return new.model_copy(update=update)
