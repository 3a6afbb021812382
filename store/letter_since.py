"""Since when a letter is in the state that it is in; the outbox keeps the state, the audit when each began."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.letter import LetterState
from store.tables import audit, follow_up, installation, outbox

# What the audit says of a letter, or of the batch that it was printed in, and the state that began with it.
BEGINS: Mapping[str, LetterState] = {
    "letter_again": LetterState.WAITING,
    "hold": LetterState.HELD,
    "make": LetterState.READY,
    "release": LetterState.READY,
    "try_later": LetterState.READY,
    "print": LetterState.PRINTING,
    "send": LetterState.SENDING,
    "sent": LetterState.SENT,
    "posted": LetterState.SENT,
    "letter_sent": LetterState.SENT,
    "failed": LetterState.FAILED,
    "uncertain": LetterState.UNCERTAIN,
    "letter_drop": LetterState.DROPPED,
}
BY_RESTORE = (LetterState.HELD, LetterState.UNCERTAIN)  # what a record that was put back makes of its letters


def letters_since(connection: Connection, letter_ids: Collection[int]) -> dict[int, datetime]:
    """For each of these letters, since when it is in its state."""
    columns = (*outbox.c["id", "state", "batch_id", "written_at", "sent_at"], follow_up.c.settled_at)
    query = sa.select(*columns).join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
    rows = connection.execute(query.where(outbox.c.id.in_(letter_ids))).mappings().all()
    subjects = {subject for row in rows for subject in _subjects(row)}
    said = sa.select(*audit.c["subject", "what", "at"]).where(audit.c.subject.in_(subjects), audit.c.what.in_(BEGINS))
    lines = connection.execute(said.order_by(audit.c.id)).all()
    put_back_at = connection.execute(sa.select(installation.c.put_back_at)).scalar()
    return {row["id"]: _since(row, [line for line in lines if line[0] in _subjects(row)], put_back_at) for row in rows}


def _subjects(row: RowMapping) -> tuple[str, ...]:
    return f"letter {row['id']}", *([] if row["batch_id"] is None else [f"batch {row['batch_id']}"])


def _since(row: RowMapping, lines: list[sa.Row[tuple[str, str, datetime]]], put_back_at: datetime | None) -> datetime:
    """By its last line; a state that began without one began with a restore, or with the end of its follow-up."""
    state = LetterState(row["state"])
    sent_at: datetime | None = row["sent_at"]
    if state is LetterState.SENT and sent_at is not None:
        return sent_at
    last = lines[-1] if lines else None
    times: list[datetime | None] = [row["written_at"], last.at if last else None]
    if last is None or BEGINS[last.what] is not state:
        times.append(put_back_at if state in BY_RESTORE else None)
        times.append(row["settled_at"] if state is LetterState.DROPPED else None)
    return max(time for time in times if time is not None)
