"""What the record still knows of what was purged: that it went, when, by whom and under which rule."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.export import MACHINE
from store.clock import Clock
from store.tables import audit, file, purge, purged_item


def purged_sentence(connection: Connection, clock: Clock, noun: str, number: int) -> str | None:
    """That "referral", "slip" or "file" of this number was purged; None when it was not."""
    query = (
        sa.select(purge.c.began_at, purge.c.by, purge.c.rule)
        .join(purged_item, purged_item.c.purge_id == purge.c.id)
        .where(purged_item.c.noun == noun, purged_item.c.number == number)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    by = "automatically" if row.by == MACHINE else f"by {row.by}"
    return f"{noun.capitalize()} {number} was purged on {clock.day_of(row.began_at)} {by} ({row.rule})"


def purge_faults(connection: Connection) -> Iterator[tuple[str, str]]:
    """What of purges is not as the audit tells it, each a subject and a sentence."""
    going_on = sa.select(purge.c.id).where(purge.c.finished_at.is_(None)).order_by(purge.c.id)
    for number in connection.execute(going_on).scalars():
        yield f"purge {number}", "It was begun and not ended, and bytes of it may be left: type refpad purge --yes."
    told: dict[str, set[tuple[str, int]]] = {}
    query = sa.select(audit.c.subject, audit.c.detail).where(audit.c.what == "purge")
    for subject, detail in connection.execute(query):
        told[subject] = {("slip", item) for item in detail["slips"]} | {("referral", i) for i in detail["referrals"]}
    known = set(connection.execute(sa.select(purged_item.c.noun, purged_item.c.number)).tuples())
    of_audit = {("file", int(subject.split()[1])) for subject in told} | {item for of in told.values() for item in of}
    for noun, number in sorted(known - of_audit):
        yield f"{noun} {number}", "It counts as purged, and no line of the audit says so: restore it."
    for noun, number in sorted(of_audit - known):
        yield f"{noun} {number}", "The audit says that it was purged, and the record does not: restore the record."
    yield from _vanished(connection, known)


def _vanished(connection: Connection, purged: set[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """Files that were read once, and are neither on record nor purged."""
    read = sa.select(audit.c.subject).where(audit.c.what == "read", audit.c.who == MACHINE)
    there = set(connection.execute(sa.select(file.c.id)).scalars())
    for number in sorted({int(subject.split()[1]) for subject in connection.execute(read.distinct()).scalars()}):
        if number not in there and ("file", number) not in purged:
            why = "The audit says that it was read, and it is neither on record nor purged: restore it."
            yield f"file {number}", why
