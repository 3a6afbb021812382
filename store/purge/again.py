"""An older record that was put back does not bring back what was purged since."""

import sqlalchemy as sa

from schemas.export import MACHINE
from store.crashpoints import crashpoint
from store.database import Store
from store.purge.gone_list import add_to_list, mac_of, read_list
from store.purge.old_outreach import take_outreach_again
from store.purge.purging import SCANS_AT_ONCE, Purge, begin, find_purge, take
from store.tables import file, installation, purge, purged_item

AGAIN = "purged before an older record was put back"


def purge_again(store: Store) -> Purge | None:
    """Once after a record was put back: have its rows go of all that the list says was purged; None when there is none.

    `remove_rest` and `finish` do what is left.
    """
    assert store.anchor is not None  # noqa: S101 - an open record has one
    if not _is_put_back(store):
        return None
    with store.read() as connection:
        known = connection.execute(sa.select(purged_item.c.mac).where(purged_item.c.mac.is_not(None))).scalars().all()
        contents = connection.execute(sa.select(file.c.id, file.c.sha256).order_by(file.c.id)).all()
    add_to_list(store.anchor, store.anchor.folder, known)  # the state folder may be the one that was lost
    listed = read_list(store.anchor, store.anchor.folder)
    if not listed:
        return None
    back = [row.id for row in contents if mac_of(store.anchor, row.sha256) in listed]
    number = None
    for start in range(0, max(len(back), 1), SCANS_AT_ONCE):
        with store.write() as connection:
            if number is None:
                number = begin(connection, store, AGAIN, MACHINE)
                take_outreach_again(connection, store, number, listed, MACHINE)
            take(connection, store, number, back[start : start + SCANS_AT_ONCE], MACHINE)
        crashpoint("purge_again.committed")
    assert number is not None  # noqa: S101 - the loop is passed at least once
    return find_purge(store, number)


def _is_put_back(store: Store) -> bool:
    """Whether the record was put back since this was done last."""
    since = sa.select(sa.func.max(purge.c.began_at)).where(purge.c.rule == AGAIN)
    with store.read() as connection:
        at = connection.execute(sa.select(installation.c.put_back_at)).scalar()
        if at is None:
            return False
        done = connection.execute(since).scalar()
    return done is None or done < at
