"""An older record that was put back does not bring back what was purged since."""

from collections.abc import Callable, Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.export import MACHINE
from store.crashpoints import crashpoint
from store.database import Store
from store.purge.gone_list import add_to_list, mac_of, read_list
from store.purge.old_outreach import take_outreach
from store.purge.purging import ROWS_AT_ONCE, SCANS_AT_ONCE, Purge, begin, find_purge, take
from store.tables import file, installation, outreach, purge, purged_item

AGAIN = "purged before an older record was put back"


def purge_again(store: Store) -> Purge | None:
    """Once after a record was put back: have its rows go of all that the list says was purged; None when there is none.

    One that was ended in the middle goes on. `remove_rest` and `finish` do what is left.
    """
    with store.read() as connection:
        is_to_do, begun = _found(connection)
    listed = _listed(store) if is_to_do else frozenset()
    number = begun or (_begun(store) if listed else None)
    if not listed or number is None:
        return None
    talks, scans = _back(store, number, listed)
    if begun is not None and not (talks or scans):
        return None
    _take_some(store, number, talks, ROWS_AT_ONCE, take_outreach)
    _take_some(store, number, scans, SCANS_AT_ONCE, _take_scans)
    return find_purge(store, number)


def _listed(store: Store) -> frozenset[str]:
    """What was ever purged; the state folder may be the one that was lost, so it gets what the record knows."""
    assert store.anchor is not None  # noqa: S101 - an open record has one
    with store.read() as connection:
        known = connection.execute(sa.select(purged_item.c.mac).where(purged_item.c.mac.is_not(None))).scalars().all()
    add_to_list(store.anchor, store.anchor.folder, known)
    return read_list(store.anchor, store.anchor.folder)


def _back(store: Store, number: int, listed: Collection[str]) -> list[list[int]]:
    """The visits and the files that the record brought back; what came anew since the purge was begun is no such."""
    assert store.anchor is not None  # noqa: S101 - an open record has one
    with store.read() as connection:
        last = connection.execute(sa.select(purge.c.numbers).where(purge.c.id == number)).scalar_one()
        found = [
            connection.execute(
                sa.select(table.c.id, content).where(table.c.id <= last[table.name]).order_by(table.c.id)
            )
            for table, content in ((outreach, outreach.c.content_sha256), (file, file.c.sha256))
        ]
        return [[its for its, sha256 in rows if mac_of(store.anchor, sha256) in listed] for rows in found]


def _take_some(store: Store, number: int, going: Sequence[int], most: int, act: "Act") -> None:
    """At most so many in one transaction; what another process has taken meanwhile is nothing any more."""
    for start in range(0, len(going), most):
        with store.write() as connection:
            act(connection, store, number, going[start : start + most], MACHINE)
        crashpoint("purge_again.committed")


def _take_scans(connection: Connection, store: Store, number: int, some: Sequence[int], who: str) -> None:
    there = sa.select(file.c.id).where(file.c.id.in_(some)).order_by(file.c.id)
    take(connection, store, number, connection.execute(there).scalars().all(), who)


def _begun(store: Store) -> int | None:
    """The number of the purge that is going on, begun now unless another process was quicker, or has ended it."""
    with store.write() as connection:
        is_to_do, number = _found(connection)
        if is_to_do and number is None:
            number = begin(connection, store, AGAIN, MACHINE)
    crashpoint("purge_again.begun")
    return number


def _found(connection: Connection) -> tuple[bool, int | None]:
    """Whether the record was put back and this was not done to its end since, and the purge in which it was begun."""
    at = connection.execute(sa.select(installation.c.put_back_at)).scalar()
    if at is None:
        return False, None
    since = sa.select(purge.c.id, purge.c.finished_at).where(purge.c.rule == AGAIN, purge.c.began_at >= at)
    last = connection.execute(since.order_by(purge.c.id.desc()).limit(1)).first()
    return (True, None) if last is None else (last.finished_at is None, last.id)


Act = Callable[[Connection, Store, int, Sequence[int], str], None]
