"""What a backup holds: something that was purged since? the record of which studio?"""

import sqlalchemy as sa

from schemas.serial_block import SerialBlock
from store.backup.snapshot import engine_of
from store.backup.target import Backup
from store.database import Store
from store.purge.gone_list import mac_of
from store.serials import serials_of
from store.tables import file, installation, purged_item


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


def serials_held(backup: Backup) -> SerialBlock | None:
    """The serials of the studio whose record it is; None where it was the only one, or the record cannot be read."""
    if not backup.record.is_file():  # SQLite would make it
        return None
    engine = engine_of(backup.record)
    try:
        with engine.connect() as record:
            columns = {column["name"] for column in sa.inspect(record).get_columns(installation.name)}
            return serials_of(record) if set(installation.c.keys()) <= columns else None  # a record may be older
    except sa.exc.SQLAlchemyError:
        return None
    finally:
        engine.dispose()
