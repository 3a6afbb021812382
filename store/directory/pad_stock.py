"""The pads that an office was given, and how many of their slips are left by the serials that came back."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.followup import HandOut, SlipsLeft
from schemas.states import SlipState
from store.database import Store
from store.tables import file, serial_range, slip


def hand_outs(connection: Connection, store: Store, offices: Collection[str]) -> tuple[HandOut, ...]:
    """Every hand-out to these offices, which count as one, oldest first; what is left is told of a design's latest.

    A new edition takes the place of the one before it, whose last slips are used up or thrown away.
    """
    query = sa.select(serial_range).where(serial_range.c.office_id.in_(offices)).order_by(serial_range.c.id)
    rows = connection.execute(query).mappings().all()
    latest = {row["design"]: row["id"] for row in rows}
    return tuple(
        HandOut(
            number=row["id"],
            given_on=store.clock.day_of(row["printed_at"]),
            slips=row["last"] - row["first"] + 1,
            is_latest=latest[row["design"]] == row["id"],
            seen=_seen(connection, row) if latest[row["design"]] == row["id"] else (),
        )
        for row in rows
    )


def _seen(connection: Connection, given: RowMapping) -> tuple[SlipsLeft, ...]:
    """One entry for each slip that came in with a higher serial than all before it."""
    query = (
        sa.select(file.c.received_on, slip.c.serial)
        .join(file, file.c.id == slip.c.file_id)
        .where(slip.c.design == given["design"], slip.c.edition == given["edition"], slip.c.state != SlipState.REJECTED)
        .where(slip.c.serial.between(given["first"], given["last"]))
        .order_by(file.c.received_on, slip.c.serial)
    )
    seen, highest = [], 0
    for on, serial in connection.execute(query):
        if serial > highest:
            highest = serial
            seen.append(SlipsLeft(on=on, slips=given["last"] - serial))
    return tuple(seen)
