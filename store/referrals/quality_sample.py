"""Second looks: slips that the machine was sure of and a person sees all the same, to measure the error."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.changes import ChangedNoun, ChangeKind
from schemas.export import MACHINE
from schemas.quality import Share, wrong_fields
from schemas.referral import Referral
from store import changes
from store.database import Store
from store.directory.providers import find_or_add_provider
from store.search import index
from store.tables import referral, second_look
from store.tables.columns import content_hash
from store.waiting import renew_slips

SAMPLE, GROUP = "sample", "group"


def request_look(connection: Connection, store: Store, slip_id: int, cause: str) -> None:
    """Have an accepted slip come to a person; one that is to come, or came, already does so no more."""
    if connection.execute(sa.select(second_look.c.slip_id).where(second_look.c.slip_id == slip_id)).first():
        return
    values = {"slip_id": slip_id, "cause": cause, "drawn_at": store.clock.now()}
    connection.execute(second_look.insert().values(values))
    renew_slips(connection, [slip_id])


def open_looks() -> sa.Select[tuple[int]]:
    """The query of the slips that a person is still to look at."""
    return sa.select(second_look.c.slip_id).where(second_look.c.settled_at.is_(None))


def is_open(connection: Connection, slip_id: int) -> bool:
    """Whether a person is to look at this accepted slip."""
    return connection.execute(open_looks().where(second_look.c.slip_id == slip_id)).first() is not None


def settle(
    connection: Connection, store: Store, slip_id: int, seen: Referral, values_seen: int, who: str
) -> int | None:
    """Note what the person saw, and make the record say so; the referral's id if anything in it was wrong.

    Raises LookupError when there is no record.
    """
    row = connection.execute(sa.select(referral.c.id, referral.c.record).where(referral.c.slip_id == slip_id)).first()
    if row is None:
        raise LookupError
    wrong = wrong_fields(Referral.model_validate(row.record), seen)
    if wrong:
        _amend(connection, store, row.id, seen)
    close(connection, store, slip_id, wrong, values_seen, who)
    return int(row.id) if wrong else None


def _amend(connection: Connection, store: Store, referral_id: int, seen: Referral) -> None:
    record = seen.model_dump(mode="json")
    office_id = connection.execute(sa.select(referral.c.office_id).where(referral.c.id == referral_id)).scalar()
    values = {
        "record": record,
        "content_sha256": content_hash(record),
        "provider_id": find_or_add_provider(connection, store, seen.provider_name, office_id),
        "next_visit_on": seen.next_visit_on,
    }
    connection.execute(referral.update().where(referral.c.id == referral_id).values(values))
    index.write(connection, [(referral_id, record)])
    changes.note(connection, ChangedNoun.REFERRAL, [referral_id], ChangeKind.CHANGED)


def close(
    connection: Connection, store: Store, slip_id: int, wrong: tuple[str, ...], values_seen: int, who: str
) -> None:
    """End the second look with what was found."""
    values = {"settled_at": store.clock.now(), "settled_by": who, "values_seen": values_seen, "wrong": list(wrong)}
    connection.execute(second_look.update().where(second_look.c.slip_id == slip_id).values(values))
    renew_slips(connection, [slip_id])


class MeasuredShare(Share):
    """What a share is of."""

    of: str


def measure_error(store: Store) -> list[MeasuredShare]:
    """The error among slips accepted by the machine, from those drawn by chance alone: by slip, and by value."""
    drawn = sa.select(second_look.c.wrong, second_look.c.values_seen).where(
        second_look.c.cause == SAMPLE, second_look.c.settled_at.is_not(None)
    )
    with store.read() as connection:
        rows = connection.execute(drawn).all()
    wrong = [len(row.wrong) for row in rows]
    return [
        MeasuredShare(of="slips", wrong=sum(fields > 0 for fields in wrong), seen=len(rows)),
        MeasuredShare(of="values", wrong=sum(wrong), seen=sum(row.values_seen for row in rows)),
    ]


def accepted_by_machine(store: Store) -> tuple[int, int]:
    """How many referrals the machine accepted, and how many of them were drawn."""
    of_machine = sa.select(sa.func.count()).where(referral.c.accepted_by == MACHINE)
    drawn = sa.select(sa.func.count()).where(second_look.c.cause == SAMPLE)
    with store.read() as connection:
        return connection.execute(of_machine).scalar_one(), connection.execute(drawn).scalar_one()
