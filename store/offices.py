"""Medical offices, and which printed serials each was given."""

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.code import SERIAL_MAX, SlipCode
from schemas.errors import UsageError
from schemas.referral import Line
from store import audit
from store.database import Store
from store.tables import office, serial_range


class Office(Value):
    """A medical office that holds pads; `id` is the short name that people type."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    name: Line = Field(min_length=2, max_length=120)
    contact: Line = Field(default="", max_length=120)
    phone: Line = Field(default="", max_length=20)
    address: Line = Field(default="", max_length=200)


class SerialRange(Value):
    """Printed serials, first to last inclusive; `office_id` None means not yet given to an office."""

    office_id: str | None
    design: str
    edition: int
    first: int
    last: int


def add(store: Store, added: Office, who: str) -> None:
    """Enter a new office; refuses an id that is taken."""
    with store.write() as connection:
        if connection.execute(sa.select(office.c.id).where(office.c.id == added.id)).first():
            raise UsageError(f'There is an office "{added.id}" already: choose another id.')
        connection.execute(office.insert().values(**added.model_dump(), added_at=store.clock.now()))
        audit.append(connection, store.clock.now(), who, "add", f"office {added.id}")


def all_offices(store: Store) -> list[Office]:
    """Every office by id."""
    columns = [office.c[name] for name in Office.model_fields]
    with store.read() as connection:
        return [Office(**row) for row in connection.execute(sa.select(*columns).order_by(office.c.id)).mappings()]


def ranges(store: Store, office_id: str | None = None) -> list[SerialRange]:
    """The printed serials, of one office or of all, oldest first."""
    columns = [serial_range.c[name] for name in SerialRange.model_fields]
    query = sa.select(*columns).order_by(serial_range.c.id)
    if office_id is not None:
        query = query.where(serial_range.c.office_id == office_id)
    with store.read() as connection:
        return [SerialRange(**row) for row in connection.execute(query).mappings()]


def reserve_serials(
    store: Store, office_id: str | None, design: str, edition: int, count: int, start: int | None = None
) -> range:
    """Record that `count` serials of a pad are printed, for an office or for none yet; the serials as a range.

    Without `start` they follow the highest ever printed. Refuses an unknown office, and serials printed before.
    """
    with store.write() as connection:
        _must_exist(connection, office_id)
        first = start if start is not None else _next_free(connection, design, edition)
        last = first + count - 1
        _must_be_free(connection, design, edition, first, last)
        reserved = SerialRange(office_id=office_id, design=design, edition=edition, first=first, last=last)
        connection.execute(serial_range.insert().values(**reserved.model_dump(), printed_at=store.clock.now()))
    return range(first, last + 1)


def _must_exist(connection: Connection, office_id: str | None) -> None:
    if office_id is not None and not connection.execute(sa.select(office.c.id).where(office.c.id == office_id)).first():
        raise UsageError(f'There is no office "{office_id}": add it with `refpad office add`.')


def _of_pad(design: str, edition: int) -> sa.ColumnElement[bool]:
    return sa.and_(serial_range.c.design == design, serial_range.c.edition == edition)


def _next_free(connection: Connection, design: str, edition: int) -> int:
    highest = connection.execute(sa.select(sa.func.max(serial_range.c.last)).where(_of_pad(design, edition))).scalar()
    return (highest or 0) + 1


def _must_be_free(connection: Connection, design: str, edition: int, first: int, last: int) -> None:
    if first < 1 or last < first or last > SERIAL_MAX:
        raise UsageError(f"Serials {first} to {last} do not lie between 1 and {SERIAL_MAX}: choose another start.")
    overlap = sa.and_(_of_pad(design, edition), serial_range.c.first <= last, serial_range.c.last >= first)
    taken = connection.execute(sa.select(serial_range.c.first, serial_range.c.last).where(overlap)).first()
    if taken:
        free = _next_free(connection, design, edition)
        raise UsageError(
            f"Serials {first} to {last} of {design}/{edition} overlap {taken.first} to {taken.last}, "
            f"printed before: start at {free}."
        )


def office_of(connection: Connection, code: SlipCode | None) -> str | None:
    """The office that was given this slip, or None."""
    if code is None:
        return None
    holds = sa.and_(serial_range.c.first <= code.serial, serial_range.c.last >= code.serial)
    found = sa.select(serial_range.c.office_id).where(_of_pad(code.design, code.edition), holds)
    return connection.execute(found).scalar()


def was_printed(connection: Connection, code: SlipCode) -> bool:
    """Whether the serial is one of those recorded; True for a pad of which no printing was ever recorded."""
    spans = connection.execute(
        sa.select(serial_range.c.first, serial_range.c.last).where(_of_pad(code.design, code.edition))
    ).all()
    return not spans or any(span.first <= code.serial <= span.last for span in spans)
