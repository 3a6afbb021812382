"""The kept original of a slip or a file, whatever became of it, to be read once more for people to look at."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from schemas.base import Value
from schemas.errors import UsageError
from schemas.text import clean
from store import audit
from store.database import Store
from store.tables import file, slip

NUMBER_DIGITS_MOST = 9


class Kept(Value):
    """One original: the day it came, the pad that a person named; `page` and `slip` when one slip of it is meant."""

    file_id: int
    original: Path
    received_on: date
    read_as: str | None
    page: int | None = None
    slip: int | None = None


def kept(store: Store, item: str, who: str) -> Kept:
    """The original of slip "s12", or of file "12"; that somebody looks at it goes into the audit.

    Raises UsageError when there is none.
    """
    is_slip, number = item.startswith("s"), item.removeprefix("s")
    if not (number.isascii() and number.isdecimal() and len(number) <= NUMBER_DIGITS_MOST):
        raise UsageError(f'"{clean(item)}" is no item of the record: write s12 for a slip, 7 for a file.')
    columns = (file.c.id.label("file_id"), *file.c["sha256", "received_on", "read_as"])
    of_slip = sa.select(*columns, *slip.c["page", "slip"]).join(slip, slip.c.file_id == file.c.id)
    query = of_slip.where(slip.c.id == int(number)) if is_slip else sa.select(*columns).where(file.c.id == int(number))
    with store.read() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise UsageError(f"There is no {'slip' if is_slip else 'file'} {number} in the record.")
    audit.write(store, who, "read", f"{'slip' if is_slip else 'file'} {number}")
    told = {name: value for name, value in row.items() if name != "sha256"}
    return Kept(**told, original=store.original(row["sha256"]))
