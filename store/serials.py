"""Which serials are this record's, where several studios print pads on one installation."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.serial_block import SerialBlock
from store.database import Store
from store.tables import installation


def keep_serials(store: Store, block: SerialBlock) -> None:
    """Note which serials this studio prints; nothing is written where that is known."""
    with store.read() as connection:
        if serials_of(connection) == block:
            return
    with store.write() as connection:
        connection.execute(installation.update().values(serial_first=block.first, serial_last=block.last))


def serials_of(connection: Connection) -> SerialBlock | None:
    """The serials of this studio; None where it is the only one."""
    row = connection.execute(sa.select(installation.c.serial_first, installation.c.serial_last)).first()
    return SerialBlock(first=row.serial_first, last=row.serial_last) if row and row.serial_first else None
