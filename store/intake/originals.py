"""The kept original of a slip or a file, whatever became of it, to be read once more for people to look at."""

import re
from datetime import date

import sqlalchemy as sa

from schemas.base import Value
from schemas.errors import NotOnRecordError, UsageError
from schemas.item_id import ItemId
from schemas.text import clean
from store import audit
from store.database import Store
from store.kept_files.kept_file import KeptFile
from store.tables import file, slip

_FILE_ID = re.compile("[0-9]{1,9}")


class KeptOriginal(Value):
    """One original: the day it came, the pad that a person named; `page` and `slip` when one slip of it is meant."""

    file_id: int
    original: KeptFile
    received_on: date
    read_as: str | None
    page: int | None = None
    slip: int | None = None


def find_original(store: Store, item: str, who: str) -> KeptOriginal:
    """The original of slip "s12", or of file "12"; that somebody looks at it goes into the audit.

    Raises UsageError when there is none.
    """
    columns = (file.c.id.label("file_id"), *file.c["sha256", "received_on", "read_as"])
    slip_id = ItemId.parse(item)
    if slip_id is not None and slip_id.is_slip:
        named = f"slip {slip_id.number}"
        query = sa.select(*columns, *slip.c["page", "slip"]).join(slip, slip.c.file_id == file.c.id)
        query = query.where(slip.c.id == slip_id.number)
    elif _FILE_ID.fullmatch(item):
        named = f"file {int(item)}"
        query = sa.select(*columns).where(file.c.id == int(item))
    else:
        raise UsageError(f'"{clean(item)}" is no item of the record: write s12 for a slip, 7 for a file.')
    with store.read() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise NotOnRecordError(f"There is no {named} in the record")
    audit.write(store, who, "read", named)
    values = {name: value for name, value in row.items() if name != "sha256"}
    return KeptOriginal(**values, original=store.original(row["sha256"]))
