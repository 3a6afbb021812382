"""What waits for a person, in the order of the review queue: rows beside the slips and pages that they tell of.

An item has a row for each of its reasons, and one for itself, whose reason is ALL. So every list, of all or of one
reason, is a stretch of one index, however many wait. Whoever changes what they are made of renews them in the same
transaction; `refpad verify` holds them against the slips and pages.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.item_id import ItemKind
from schemas.states import PageState, SlipState
from store.tables import answer_sheet, file, page, second_look, slip, waiting

ALL, SECOND_LOOK = "", "second_look"
# What an office has answered is before all others.
FIRST, REST = 0, 1
AT_ONCE = 500  # numbers in one statement

# The order of the list, and what says where in it an item is.
ORDER = (waiting.c.received_on, waiting.c.file_id, waiting.c.page, waiting.c.noun, waiting.c.number)
Row = Mapping[str, Any]


def change_slip(connection: Connection, slip_id: int, values: Mapping[str, object]) -> None:
    """Change a slip, and with it what of it waits, in the caller's transaction."""
    connection.execute(slip.update().where(slip.c.id == slip_id).values(values))
    renew_slips(connection, [slip_id])


def renew_slips(connection: Connection, slips: Iterable[int]) -> None:
    """Have the rows of these slips say what waits of them now."""
    numbers = list(slips)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        connection.execute(waiting.delete().where(waiting.c.noun == ItemKind.SLIP, waiting.c.number.in_(some)))
        _insert(connection, _rows_of_slips(connection, slip.c.id.in_(some)))


def renew_pages(connection: Connection, file_id: int) -> None:
    """Have the rows of a file's pages say what waits of them now."""
    connection.execute(waiting.delete().where(waiting.c.noun == ItemKind.PAGE, waiting.c.file_id == file_id))
    _insert(connection, _rows_of_pages(connection, page.c.file_id == file_id))


def note_received(connection: Connection, file_id: int) -> None:
    """Have what waits of a file stand where the day belongs on which it was received."""
    received_on = sa.select(file.c.received_on).where(file.c.id == file_id).scalar_subquery()
    connection.execute(waiting.update().where(waiting.c.file_id == file_id).values(received_on=received_on))


def forget_files(connection: Connection, files: Collection[int]) -> None:
    """Nothing of these files waits any more: they are to be removed."""
    connection.execute(waiting.delete().where(waiting.c.file_id.in_(files)))


def waiting_faults(connection: Connection) -> Iterator[str]:
    """The items whose rows are not what their slips and pages say, as "slip 12"."""
    names = ("noun", "number", "code", "place", *(column.name for column in ORDER[:3]), "other_slip")
    kept = {tuple(row) for row in connection.execute(sa.select(*waiting.c[names]))}
    meant = (*_rows_of_slips(connection, sa.true()), *_rows_of_pages(connection, sa.true()))
    wrong = kept ^ {tuple(row[name] for name in names) for row in meant}
    for noun, number in sorted({(row[0], row[1]) for row in wrong}):
        yield f"{ItemKind(noun).name.lower()} {number}"


def _insert(connection: Connection, rows: Iterable[Row]) -> None:
    if new := list(rows):
        connection.execute(waiting.insert(), new)


def _rows_of_slips(connection: Connection, which: sa.ColumnElement[bool]) -> Iterator[Row]:
    looked_at = sa.exists().where(second_look.c.slip_id == slip.c.id, second_look.c.settled_at.is_(None))
    answered = sa.exists().where(answer_sheet.c.of_slip_id == slip.c.id, answer_sheet.c.is_used)
    query = (
        sa.select(*slip.c["id", "file_id", "page", "findings"], file.c.received_on, answered.label("is_answered"))
        .join(file, file.c.id == slip.c.file_id)
        .where(which, sa.or_(slip.c.state == SlipState.REVIEW, looked_at))
    )
    for row in connection.execute(query):
        others: dict[str, int | None] = {}
        for finding in row.findings:
            others[finding["code"]] = others.get(finding["code"]) or finding.get("other_slip")
        place = FIRST if row.is_answered else REST
        yield from _rows(ItemKind.SLIP, row, place, others)


def _rows_of_pages(connection: Connection, which: sa.ColumnElement[bool]) -> Iterator[Row]:
    query = (
        sa.select(*page.c["id", "file_id", "page", "reason"], file.c.received_on)
        .join(file, file.c.id == page.c.file_id)
        .where(which, page.c.state == PageState.REVIEW)
    )
    for row in connection.execute(query):
        yield from _rows(ItemKind.PAGE, row, REST, {row.reason: None} if row.reason else {})


def _rows(kind: ItemKind, row: sa.Row[Any], place: int, others: Mapping[str, int | None]) -> Iterator[Row]:
    shared = {"noun": kind.value, "number": row.id, "place": place, "received_on": row.received_on}
    shared |= {"file_id": row.file_id, "page": row.page}
    for code, other in {ALL: None, **(others or {SECOND_LOOK: None})}.items():
        yield {**shared, "code": code, "other_slip": other}
