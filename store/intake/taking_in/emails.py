"""Messages of the mailbox into the record: each once, whatever is killed between its server and here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.mailbox import EmailState
from store import files
from store.crashpoints import crashpoint
from store.database import Store
from store.intake.taking_in.entering import enter_delivered
from store.tables import email, mailbox_look

DONE = (EmailState.TAKEN, EmailState.AGAIN)


@dataclass(frozen=True)
class EmailPlace:
    """Which message it is: its server gives these numbers to no other."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True)
class MailboxLook:
    """How the last look into the mailbox went; `problem` is "" when it went well."""

    looked_at: datetime
    well_at: datetime | None
    problem: str


def known_uids(store: Store, mailbox: str, uidvalidity: int, terms: str) -> dict[int, bool]:
    """The messages that need no further look, and whether their server is still to be told so.

    One that was left there is looked at again under other `terms`.
    """
    done = email.c.state.in_(DONE)
    query = sa.select(email.c.uid, sa.and_(done, email.c.marked_at.is_(None))).where(
        email.c.mailbox == mailbox, email.c.uidvalidity == uidvalidity, sa.or_(done, email.c.terms == terms)
    )
    with store.read() as connection:
        return {uid: bool(is_unmarked) for uid, is_unmarked in connection.execute(query)}


def leave_email(store: Store, place: EmailPlace, state: EmailState, terms: str) -> None:
    """Note that a message was left where it is: it is of a stranger, or too large."""
    with store.write() as connection:
        _enter(connection, store, place, state, terms)
        crashpoint("leave_email.before_commit")
    crashpoint("leave_email.committed")


def take_email(store: Store, place: EmailPlace, content: bytes, terms: str) -> EmailState:
    """Take a message into the record as one file, unless its words and files are there from another message.

    The original is kept before its rows are written; file, drop and message are one transaction. `content` is as the
    server gives it, the same each time.
    """
    body = _body_sha256(content)
    with files.write_in(content, store.incoming) as copied:
        store.original(copied.sha256).keep(copied)
        with store.write() as connection:
            state = EmailState.AGAIN if _is_taken(connection, body) else EmailState.TAKEN
            if state is EmailState.TAKEN:
                fingerprint = f"email:{hashlib.sha256(repr(place).encode()).hexdigest()}"
                enter_delivered(connection, store, f"e-mail {place.uid}.eml", fingerprint, copied)
            _enter(connection, store, place, state, terms, body)
            crashpoint("take_email.before_commit")
    crashpoint("take_email.committed")
    return state


def note_marked(store: Store, place: EmailPlace) -> None:
    """Note that the server knows the message to be done."""
    with store.write() as connection:
        connection.execute(email.update().where(*_is(place)).values(marked_at=store.clock.now()))
        crashpoint("mark_email.before_commit")
    crashpoint("mark_email.committed")


def note_look(store: Store, mailbox: str, problem: str = "") -> None:
    """Note how a look into the mailbox went."""
    now = store.clock.now()
    values = {"looked_at": now, "problem": problem or None} | ({} if problem else {"well_at": now})
    with store.write() as connection:
        changed = connection.execute(mailbox_look.update().where(mailbox_look.c.mailbox == mailbox).values(values))
        if not changed.rowcount:
            connection.execute(mailbox_look.insert().values(mailbox=mailbox, **values))


def last_look(store: Store, mailbox: str) -> MailboxLook | None:
    """How the last look into it went, or None when there was none."""
    query = sa.select(*mailbox_look.c["looked_at", "well_at", "problem"]).where(mailbox_look.c.mailbox == mailbox)
    with store.read() as connection:
        row = connection.execute(query).first()
    return None if row is None else MailboxLook(row.looked_at, row.well_at, row.problem or "")


def count_emails(store: Store, mailbox: str) -> dict[EmailState, int]:
    """How many messages of the mailbox were taken in, came again, or were left there."""
    query = sa.select(email.c.state, sa.func.count()).where(email.c.mailbox == mailbox).group_by(email.c.state)
    with store.read() as connection:
        return {EmailState(state): number for state, number in connection.execute(query)}


def _enter(
    connection: Connection, store: Store, place: EmailPlace, state: EmailState, terms: str, body: str | None = None
) -> None:
    """The message's row, in the place of an earlier one that says it was left."""
    connection.execute(email.delete().where(*_is(place)))
    numbers = {"mailbox": place.mailbox, "uidvalidity": place.uidvalidity, "uid": place.uid}
    values = {"state": state, "body_sha256": body, "terms": terms, "seen_at": store.clock.now()}
    connection.execute(email.insert().values(numbers | values))


def _is(place: EmailPlace) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        email.c.mailbox == place.mailbox,
        email.c.uidvalidity == place.uidvalidity,
        email.c.uid == place.uid,
    )


def _is_taken(connection: Connection, body: str) -> bool:
    taken = sa.select(email.c.id).where(email.c.body_sha256 == body, email.c.state == EmailState.TAKEN)
    return connection.execute(taken.limit(1)).scalar() is not None


def _body_sha256(content: bytes) -> str:
    """Of the Message-ID and all behind the headers: servers write others on each copy's way."""
    head, _, body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = (line for line in head.split(b"\n") if line.lower().startswith(b"message-id:"))
    return hashlib.sha256(next(lines, b"").strip() + b"\n\n" + body).hexdigest()
