"""Restore guard: a record that was restored from a backup must not send again what was sent since.

The anchor outside the record knows the audit's last line, and each step of a letter is a line. A record without that
line was put back, and one without its anchor was moved, or both were lost: then the letters that wait are held until a
person has looked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.export import MACHINE
from schemas.letter import LetterState
from store import audit
from store.anchor.anchor import Anchor, Head
from store.anchor.installation import holds, last_line
from store.crashpoints import crashpoint
from store.database import Store
from store.tables import audit as lines
from store.tables import installation, outbox, webhook

RESTORED = "The record was put back from a backup: it may have been sent before. Release it, or drop it."
WEBHOOK_RESTORED = "The record was put back from a backup: have the other program read all anew, then enable it."

TOLD_FOR = timedelta(days=7)  # within a week everybody who works at the desk has looked at Today
PUT_BACK = "restored"  # what the audit's line is called
HELD_AS = {
    LetterState.READY: LetterState.HELD,
    LetterState.SENDING: LetterState.UNCERTAIN,
    LetterState.PRINTING: LetterState.UNCERTAIN,
}


@dataclass(frozen=True)
class PutBack:
    """When the record was put back, from which backup ("": not by `refpad restore`), and what waits for people since.

    `held` letters are to be released or dropped; until `is_acknowledged`, nobody has said that it was them.
    """

    at: datetime
    backup: str
    held: int
    is_acknowledged: bool


def check_restored(store: Store) -> bool:
    """Whether the record was restored or moved since its audit's last line; if it was, its letters are now held."""
    if store.anchor is None or _is_anchored(store, store.anchor):
        return False
    with store.write() as connection:
        head = store.anchor.read()  # within the transaction: the anchor never leads what is committed
        if head is not None and holds(connection, head):
            return False
        begin_again(store, connection, head)
        crashpoint("restore_guard.before_commit")
    crashpoint("restore_guard.committed")
    return True


def _is_anchored(store: Store, anchor: Anchor) -> bool:
    """As every start asks, without waiting for writers; the head is read before the record, which it never leads."""
    head = anchor.read()
    with store.read() as connection:
        return head is not None and holds(connection, head)


def begin_again(store: Store, connection: Connection, lost: Head | None, backup: str = "") -> None:
    """Hold the letters, say in the audit that it goes on from here, and anchor that line.

    The anchor moves before the commit: after a crash between the two the record counts as put back once more.
    """
    assert store.anchor is not None  # noqa: S101 - asked by the caller
    last, _ = last_line(connection)
    now = store.clock.now()
    connection.execute(installation.update().values(put_back_at=now, acknowledged_at=None, acknowledged_by=None))
    _hold_all(connection, now)
    detail: dict[str, object] = {"last_line": last, **({} if lost is None else {"anchored_line": lost.line})}
    audit.append(connection, now, MACHINE, PUT_BACK, "record", detail | ({"backup": backup} if backup else {}))
    keyed_from = connection.execute(sa.select(installation.c.keyed_from)).scalar_one()
    store.anchor.begin(Head(*last_line(connection), keyed_from))


def restored_at(connection: Connection) -> datetime | None:
    """When the record was last found to be restored; letters of earlier follow-ups may have been sent already."""
    return connection.execute(sa.select(installation.c.put_back_at)).scalar()


def find_put_back(store: Store) -> PutBack | None:
    """How the record was put back last, as long as people have something to do about it, or do not know it yet.

    `refpad restore` acknowledges itself: that a backup was restored is told for TOLD_FOR even if no letter is held.
    """
    with store.read() as connection:
        row = connection.execute(sa.select(installation)).mappings().one()
        if row["put_back_at"] is None:
            return None
        waits = outbox.c.state.in_([LetterState.HELD.value, LetterState.UNCERTAIN.value])
        count = sa.select(sa.func.count()).select_from(outbox).where(waits, outbox.c.message == RESTORED)
        held = connection.execute(count).scalar_one()
        line = sa.select(lines.c.detail).where(lines.c.what == PUT_BACK).order_by(lines.c.id.desc()).limit(1)
        backup = (connection.execute(line).scalar() or {}).get("backup", "")
    is_news = bool(backup) and store.clock.now() - row["put_back_at"] < TOLD_FOR
    if not held and row["acknowledged_at"] is not None and not is_news:
        return None
    return PutBack(row["put_back_at"], backup, held, row["acknowledged_at"] is not None)


def acknowledge(store: Store, who: str) -> bool:
    """Note that somebody knows that the record was put back; whether there was anything to note."""
    unknown = sa.and_(installation.c.put_back_at.is_not(None), installation.c.acknowledged_at.is_(None))
    with store.write() as connection:
        now = store.clock.now()
        values = {"acknowledged_at": now, "acknowledged_by": who}
        noted = connection.execute(installation.update().where(unknown).values(values))
        if noted.rowcount:
            audit.append(connection, now, who, audit.ACKNOWLEDGED, "record")
        crashpoint("acknowledge_restore.before_commit")
    crashpoint("acknowledge_restore.committed")
    return bool(noted.rowcount)


def _hold_all(connection: Connection, now: datetime) -> None:
    """What was ready waits for a release; what was being sent, or was printed and may be in the mail, is uncertain.

    Webhooks wait until somebody enables them: what they told since is unknown here.
    """
    for state, into in HELD_AS.items():
        these = outbox.update().where(outbox.c.state == state.value)
        connection.execute(these.values(state=into.value, message=RESTORED))
    enabled = webhook.update().where(webhook.c.disabled_at.is_(None))
    connection.execute(enabled.values(disabled_at=now, problem=WEBHOOK_RESTORED))
