"""What people do with letters: release them, print and post them, and say what became of doubtful ones."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.base import Value
from schemas.errors import NotOnRecordError, UsageError
from schemas.followup import FollowUpState, LetterKind
from schemas.letter import LetterState, Recipient
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.changing import change_follow_up
from store.followups.outbox import has_way
from store.followups.planning import note_event
from store.letters.addresses import renew_within
from store.letters.sending import finish_sent
from store.studio_rules import StudioRules
from store.tables import follow_up, outbox, print_batch, referral

PAGE = 100
OPEN = frozenset(LetterState) - {LetterState.SENT, LetterState.DROPPED}  # somebody, or the machine, has to do something
_OFFICE = sa.func.coalesce(follow_up.c.office_id, referral.c.office_id).label("office_id")
# A letter about a slip that is accepted is about its referral.
_IS_ABOUT = sa.or_(referral.c.id == follow_up.c.referral_id, referral.c.slip_id == follow_up.c.slip_id)
Verdict = Literal["sent", "again", "drop"]


class KeptLetter(Value):
    """A letter in the outbox; `message` is why it is held, failed or not certain.

    By its `message_id` an office's mail program finds whether it arrived. It is about a referral, a slip or an office,
    or about a slip and the referral that it became; of a referral `office_id` is its office, as far as that is known.
    """

    id: int
    follow_up_id: int
    referral_id: int | None
    slip_id: int | None
    office_id: str | None
    patient_name: str
    kind: LetterKind
    cycle: int
    state: LetterState
    channel: str | None
    recipient: Recipient | None
    made_at: datetime | None
    sent_at: datetime | None
    attempts: int
    batch_id: int | None
    message_id: str | None
    message: str
    pdf_sha256: str | None

    @property
    def can_go(self) -> bool:
        """Whether it is known where it goes: by mail, or to a postal address or fax number."""
        return has_way(self.channel, None if self.recipient is None else self.recipient.model_dump())

    @property
    def needs_address(self) -> bool:
        """Whether a person must say where it goes; one that waits is made first, and may know by then."""
        return self.state in (LetterState.HELD, LetterState.FAILED) and not self.can_go


def letters(
    store: Store, states: Collection[LetterState] = OPEN, after: int | None = None, limit: int = PAGE
) -> list[KeptLetter]:
    """Letters in one of `states`, in the order they were asked for."""
    wanted = [state.value for state in states]
    query = (
        sa.select(outbox, referral.c.id.label("referral_id"), follow_up.c.slip_id, _OFFICE, referral.c.record)
        .join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
        .outerjoin(referral, _IS_ABOUT)
        .where(outbox.c.state.in_(wanted))
        .order_by(outbox.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(outbox.c.id > after)
    with store.read() as connection:
        return [_kept(row) for row in connection.execute(query).mappings()]


def letter_counts(store: Store) -> dict[LetterState, int]:
    """How many letters are in each state; counted by the database, all of them."""
    query = sa.select(outbox.c.state, sa.func.count().label("number")).group_by(outbox.c.state)
    with store.read() as connection:
        counts = {row.state: row.number for row in connection.execute(query)}
    return {state: counts.get(state.value, 0) for state in LetterState}


def open_batches(store: Store) -> list[int]:
    """The batches that are printed and not posted yet."""
    printing = sa.select(outbox.c.batch_id).where(outbox.c.state == LetterState.PRINTING.value)
    with store.read() as connection:
        return list(connection.execute(printing.distinct().order_by(outbox.c.batch_id)).scalars())


def letter_pdf(store: Store, letter_id: int) -> bytes:
    """The letter as it was made; raises UsageError when it was not made yet."""
    with store.read() as connection:
        row = _row(connection, letter_id)
    if row["pdf_sha256"] is None:
        raise UsageError(
            f"Letter {letter_id} is not made yet",
            f"`refpad letters preview {row['follow_up_id']}` makes it",
            "it is made within the hour; look again then",
        )
    return store.letter(row["pdf_sha256"]).read_bytes()


def release(store: Store, letter_ids: Collection[int], who: str) -> int:
    """Release these held letters; how many. Raises UsageError, and releases none, unless all are held and can go."""
    return _release(store, outbox.c.id.in_(letter_ids), who, least=len(set(letter_ids)))


def release_all(store: Store, who: str) -> int:
    """Release every held letter of which it is known where it goes; how many."""
    return _release(store, sa.true(), who)


def _release(store: Store, chosen: sa.ColumnElement[bool], who: str, least: int = 0) -> int:
    held = sa.select(outbox).where(outbox.c.state == LetterState.HELD.value, chosen).order_by(outbox.c.id)
    with store.write() as connection:
        found = connection.execute(held).mappings().all()
        rows = [row for row in found if has_way(row["channel"], row["recipient"])]
        if len(found) < least:
            raise UsageError(
                "Not all of these letters are held",
                "`refpad letters list` shows those that are",
                "look at the page Letters again",
            )
        if len(rows) < least:
            nowhere = next(row["id"] for row in found if row not in rows)
            raise UsageError(f"It is not known where letter {nowhere} goes: enter that first, then release it.")
        for row in rows:
            free = {"state": LetterState.READY.value, "released_by": who, "message": None}
            connection.execute(outbox.update().where(outbox.c.id == row["id"]).values(free))
            _set_state(connection, store, row["follow_up_id"], FollowUpState.WAITING, "Its letter was released.", who)
            audit.append(connection, store.clock.now(), who, "release", f"letter {row['id']}")
        crashpoint("release_letters.before_commit")
    crashpoint("release_letters.committed")
    return len(rows)


def print_ready(store: Store, who: str) -> int | None:
    """Put all letters that are ready for paper into a batch; its number, None when there are none.

    One whose address has changed since is made anew first, and comes with a later batch.
    """
    with store.write() as connection:
        renew_within(connection, store)
        ready = (outbox.c.state == LetterState.READY.value, outbox.c.channel == "print")
        ids = connection.execute(sa.select(outbox.c.id).where(*ready)).scalars().all()
        if not ids:
            return None
        made = print_batch.insert().values(made_at=store.clock.now(), made_by=who)
        batch = int(connection.execute(made.returning(print_batch.c.id)).scalar_one())
        values = {"state": LetterState.PRINTING.value, "batch_id": batch}
        connection.execute(outbox.update().where(outbox.c.id.in_(ids)).values(values))
        audit.append(connection, store.clock.now(), who, "print", f"batch {batch}", {"letters": len(ids)})
        crashpoint("print.before_commit")
    crashpoint("print.committed")
    return batch


def batch_pdfs(store: Store, batch: int) -> list[bytes]:
    """The letters of a batch in the order they were asked for; as often as paper jams."""
    query = sa.select(outbox.c.pdf_sha256).where(outbox.c.batch_id == batch).order_by(outbox.c.id)
    with store.read() as connection:
        hashes = connection.execute(query).scalars().all()
    if not hashes:
        raise NotOnRecordError(f"There is no batch {batch}", "`refpad letters print` makes one of what is ready")
    return [store.letter(sha256).read_bytes() for sha256 in hashes]


def mark_posted(store: Store, rules: StudioRules, batch: int, who: str) -> int:
    """Record that the letters of a batch were posted or faxed; how many there were."""
    with store.write() as connection:
        printing = (outbox.c.batch_id == batch, outbox.c.state == LetterState.PRINTING.value)
        rows = connection.execute(sa.select(outbox).where(*printing).order_by(outbox.c.id)).mappings().all()
        if not rows:
            raise UsageError(f"No letter of batch {batch} waits to be posted.")
        for row in rows:
            _mark_sent(connection, store, rules, row, who)
        done = {"posted_at": store.clock.now(), "posted_by": who}
        connection.execute(print_batch.update().where(print_batch.c.id == batch).values(done))
        audit.append(connection, store.clock.now(), who, "posted", f"batch {batch}", {"letters": len(rows)})
        crashpoint("posted.before_commit")
    crashpoint("posted.committed")
    return len(rows)


def settle_letter(store: Store, rules: StudioRules, letter_id: int, verdict: Verdict, who: str) -> None:
    """Say what became of a letter that failed, is held, printed or not certain: it arrived, goes again, or never."""
    open_to_people = (LetterState.HELD, LetterState.FAILED, LetterState.UNCERTAIN, LetterState.PRINTING)
    with store.write() as connection:
        row = _row(connection, letter_id)
        if row["state"] not in open_to_people:
            raise UsageError(f"Letter {letter_id} is {row['state']}: there is nothing to decide about it.")
        if verdict == "sent":
            _mark_sent(connection, store, rules, row, who)
        else:
            _send_again_or_never(connection, store, row, verdict, who)
        detail = {"batch": row["batch_id"]} if row["batch_id"] is not None else {}
        audit.append(connection, store.clock.now(), who, f"letter_{verdict}", f"letter {letter_id}", detail)
        crashpoint("settle_letter.before_commit")
    crashpoint("settle_letter.committed")


def _mark_sent(connection: Connection, store: Store, rules: StudioRules, row: RowMapping, who: str) -> None:
    values = {"state": LetterState.SENT.value, "sent_at": store.clock.now(), "sent_by": who, "message": None}
    connection.execute(outbox.update().where(outbox.c.id == row["id"]).values(values))
    finish_sent(connection, store, rules, row["follow_up_id"], who)


def _send_again_or_never(connection: Connection, store: Store, row: RowMapping, verdict: Verdict, who: str) -> None:
    """Again means made anew: whatever was wrong with it, an address perhaps, is corrected by now."""
    if verdict == "again":
        values = {"state": LetterState.WAITING.value, "message": None, "batch_id": None, "attempts": row["attempts"]}
        note = "Its letter is made again."
    else:
        values = {"state": LetterState.DROPPED.value, "message": None}
        note = "Its letter was dropped: settle the follow-up, or enter what it is to say."
    connection.execute(outbox.update().where(outbox.c.id == row["id"]).values(values))
    state = FollowUpState.OPEN if verdict == "again" else FollowUpState.FAILED
    _set_state(connection, store, row["follow_up_id"], state, note, who)


def _set_state(
    connection: Connection, store: Store, follow_up_id: int, state: FollowUpState, note: str, who: str
) -> None:
    if change_follow_up(connection, follow_up_id, {"state": state.value, "note": note}, standing=True):
        note_event(connection, store, follow_up_id, who, state.value, note=note)


def _row(connection: Connection, letter_id: int) -> RowMapping:
    row = connection.execute(sa.select(outbox).where(outbox.c.id == letter_id)).mappings().first()
    if row is None:
        raise NotOnRecordError(f"There is no letter {letter_id}", "`refpad letters list` shows those that there are")
    return row


def _kept(row: RowMapping) -> KeptLetter:
    values = {name: row[name] for name in KeptLetter.model_fields if name != "patient_name"}
    name = (row["record"] or {}).get("patient_name", "")
    return KeptLetter(**{**values, "message": row["message"] or "", "patient_name": name})
