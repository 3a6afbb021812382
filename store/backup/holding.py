"""Does a backup still hold what was purged since?"""

import sqlalchemy as sa

from store.backup.snapshot import engine_of
from store.backup.target import Backup
from store.database import Store
from store.purge.gone_list import mac_of
from store.tables import file, purged_item


def holds_any(backup: Backup, store: Store) -> bool:
    """Whether one of the files that were ever purged from the record is in the backup."""
    assert store.anchor is not None  # noqa: S101 - an open record has one
    with store.read() as connection:
        purged = set(connection.execute(sa.select(purged_item.c.mac).where(purged_item.c.mac.is_not(None))).scalars())
    engine = engine_of(backup.record)
    with engine.connect() as record:
        contents = record.execute(sa.select(file.c.sha256)).scalars().all()
    engine.dispose()
    return any(mac_of(store.anchor, sha256) in purged for sha256 in contents)
