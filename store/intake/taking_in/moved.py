"""A scan that came to another studio of the installation, and is taken in here as it came there."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from store import audit, files
from store.crashpoints import crashpoint
from store.database import Store
from store.intake.taking_in.entering import TakeIn, enter_delivered
from store.kept_files.kept_file import KeptFile
from store.tables import file, occurrence, slip
from store.waiting import note_received


def take_moved(store: Store, original: KeptFile, came_as: str, received_on: date, who: str) -> int:
    """Take in a scan that another studio received on that day; the number of its file here.

    `came_as` names the scan there, the same each time: what a killed move has brought is not brought again.
    """
    with files.write_in(original.read_bytes(), store.incoming) as copied:
        store.original(copied.sha256).keep(copied)
        with store.write() as connection:
            brought = sa.select(occurrence.c.file_id).where(occurrence.c.fingerprint == came_as)
            if (known := connection.execute(brought).scalar()) is not None:
                return int(known)
            taken = enter_delivered(connection, store, came_as, came_as, copied)
            if taken.outcome is TakeIn.TAKEN and taken.file_id is not None:
                came = file.update().where(file.c.id == taken.file_id, file.c.received_on > received_on)
                connection.execute(came.values(received_on=received_on))
                note_received(connection, taken.file_id)
            audit.append(connection, store.clock.now(), who, "move", f"file {taken.file_id}", {"from": came_as})
            crashpoint("take_moved.before_commit")
    crashpoint("take_moved.committed")
    assert taken.file_id is not None  # noqa: S101 - what is delivered is a file
    return taken.file_id


def slips_of_file(store: Store, file_id: int) -> list[dict[str, Any]]:
    """Number, state and serial of each slip of a file."""
    query = sa.select(*slip.c["id", "state", "serial"]).where(slip.c.file_id == file_id).order_by(slip.c.id)
    with store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
