"""A file that changed in the inbox after it was taken in was read before: which slips it only repeats."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import Store
from store.tables import occurrence, slip


def repeated_slip(connection: Connection, file_id: int, picture_sha256: str | None) -> int | None:
    """The slip of another version of the file whose picture is the same to the last pixel, or None.

    A page to which nothing was added is decoded to the same pixels. Any other likeness is left to the doubts about
    duplicates, which a person settles.
    """
    others = _other_versions(connection, file_id) if picture_sha256 else ()
    if not others:
        return None
    same = sa.select(slip.c.id).where(slip.c.file_id.in_(others), slip.c.picture_sha256 == picture_sha256)
    return connection.execute(same.order_by(slip.c.id).limit(1)).scalar()


def grown_files(store: Store) -> int:
    """How often a file changed in the inbox after it was taken in, and was read again."""
    with store.read() as connection:
        grown = sa.select(sa.func.count()).select_from(occurrence).where(occurrence.c.version_of.is_not(None))
        return connection.execute(grown).scalar_one()


def _other_versions(connection: Connection, file_id: int) -> tuple[int, ...]:
    """The files that the drops of this one were before, or became later, in any number of steps."""
    drops = occurrence.c["id", "file_id", "version_of"]
    ours = set(connection.execute(sa.select(occurrence.c.id).where(occurrence.c.file_id == file_id)).scalars())
    files, newest = set[int](), ours
    while newest:
        linked = sa.or_(occurrence.c.version_of.in_(newest), occurrence.c.id.in_(_earlier_of(connection, newest)))
        found = connection.execute(sa.select(*drops).where(linked)).all()
        newest = {row.id for row in found} - ours
        ours |= newest
        files |= {row.file_id for row in found}
    return tuple(files - {file_id})


def _earlier_of(connection: Connection, drops: set[int]) -> set[int]:
    query = sa.select(occurrence.c.version_of).where(occurrence.c.id.in_(drops), occurrence.c.version_of.is_not(None))
    return set(connection.execute(query).scalars())
