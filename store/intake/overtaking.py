"""Files that are recorded at the same time do not see each other: whether one of them should have."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.export import MACHINE
from schemas.reading import SlipReading
from schemas.states import SlipState
from store.referrals.duplicates import may_be_one_slip
from store.tables import audit, slip

READ = "read"  # what the audit says of a file that was recorded


class OvertakenError(Exception):
    """Another file was recorded meanwhile, with a slip that may be one of these: judge them anew, alone."""


def must_not_be_overtaken(
    connection: Connection, last: int, readings: Sequence[SlipReading], pictures: Collection[str]
) -> None:
    """Raise OvertakenError when a file recorded since line `last` of the audit has a slip that these must be held for.

    In turn, within the caller's transaction: by now every such file is on record, and each is a line of the audit.
    """
    query = sa.select(audit.c.subject).where(audit.c.id > last, audit.c.what == READ, audit.c.who == MACHINE)
    files = [int(subject.partition(" ")[2]) for subject in connection.execute(query).scalars()]
    if not files or not readings:
        return
    theirs = sa.select(*slip.c["reading", "picture_sha256"])
    theirs = theirs.where(slip.c.file_id.in_(files), slip.c.state != SlipState.REJECTED)
    for row in connection.execute(theirs):
        other = SlipReading.model_validate(row.reading)
        if row.picture_sha256 in pictures or any(may_be_one_slip(one, other) for one in readings):
            raise OvertakenError
