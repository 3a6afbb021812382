"""Medical offices, and which printed serials each was given."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.changes import ChangeKind
from schemas.code import SERIAL_MAX, SlipCode
from schemas.errors import NotOnRecordError, UsageError
from schemas.office import Office, office_key
from schemas.pad_id import PadId
from schemas.serial_block import SerialBlock
from store import audit
from store.changes import note_referrals
from store.database import Store
from store.serials import serials_of
from store.tables import office, referral, serial_range


class SerialRange(Value):
    """Printed serials, first to last inclusive; `office_id` None means not yet given to an office."""

    office_id: str | None
    design: str
    edition: int
    first: int
    last: int

    @property
    def pad_id(self) -> PadId:
        return PadId(self.design, self.edition)


def add(store: Store, added: Office, who: str) -> None:
    """Enter a new office; refuses an id that is taken."""
    with store.write() as connection:
        if connection.execute(sa.select(office.c.id).where(office.c.id == added.id)).first():
            raise UsageError(f'There is an office "{added.id}" already: choose another short name.')
        connection.execute(office.insert().values(**added.model_dump(), added_at=store.clock.now()))
        audit.append(connection, store.clock.now(), who, "add", f"office {added.id}")


def edit(store: Store, office_id: str, changes: Mapping[str, Any], who: str) -> Office:
    """Change some fields of an office; the audit says which, and what it said before stays in each letter sent."""
    with store.write() as connection:
        before = find_office_within(connection, office_id)
        after = Office.model_validate({**before.model_dump(), **changes, "id": office_id})
        connection.execute(office.update().where(office.c.id == office_id).values(after.model_dump()))
        _note_renamed(connection, office_id)
        audit.append(connection, store.clock.now(), who, "edit", f"office {office_id}", {"fields": sorted(changes)})
    return after


def merge(store: Store, office_id: str, into: str, who: str) -> None:
    """Say that an office is the same as another one: from now on all that is its own counts as the other's.

    One that was merged itself means the one it was merged into. Nothing else is rewritten, so `unmerge` brings
    back what was before. Raises UsageError for an office that would end up merged into itself.
    """
    with store.write() as connection:
        find_office_within(connection, office_id)
        find_office_within(connection, into)
        if office_id == into:
            raise UsageError(f'"{office_id}" cannot be merged into itself.')
        if _is_merged_into(connection, into, office_id):
            raise UsageError(
                f'"{into}" is merged into "{office_id}" already',
                f"take that back first with `refpad offices unmerge {into}`",
                "take that back first",
            )
        survivor = surviving_office(connection, into)
        connection.execute(office.update().where(office.c.id == office_id).values(merged_into=survivor))
        _note_renamed(connection, into)
        audit.append(connection, store.clock.now(), who, "merge", f"office {office_id}", {"into": survivor})


def _note_renamed(connection: Connection, office_id: str) -> None:
    """All referrals of an office, and of those merged into it, name another by now, or it is called otherwise."""
    note_referrals(connection, is_office(referral.c.office_id, office_id), ChangeKind.OFFICE)


def _is_merged_into(connection: Connection, office_id: str, into: str) -> bool:
    merged = sa.select(_ANCESTORS.c.id).where(_ANCESTORS.c.id == office_id, _ANCESTORS.c.ancestor == into)
    return connection.execute(merged).first() is not None


def unmerge(store: Store, office_id: str, who: str) -> None:
    """Take a merging back."""
    with store.write() as connection:
        merged = office.update().where(office.c.id == office_id, office.c.merged_into.is_not(None))
        if connection.execute(merged.values(merged_into=None)).rowcount != 1:
            raise UsageError(f'The office "{office_id}" is not merged into another.')
        _note_renamed(connection, office_id)
        audit.append(connection, store.clock.now(), who, "unmerge", f"office {office_id}")


def all_offices(store: Store) -> list[Office]:
    """Every office by id, without those that were merged into another."""
    query = sa.select(*_columns()).where(is_unmerged()).order_by(office.c.id)
    with store.read() as connection:
        return [Office(**row) for row in connection.execute(query).mappings()]


def offices_like(store: Store, name: str) -> list[Office]:
    """The offices of that name, however it is spelled: what somebody is about to enter may be one of them."""
    key = office_key(name)
    return [one for one in all_offices(store) if key and office_key(one.name) == key]


def find_office(store: Store, office_id: str) -> Office:
    """One office, or the one that it was merged into."""
    with store.read() as connection:
        return find_office_within(connection, surviving_office(connection, office_id) or office_id)


def _ancestors() -> sa.CTE:
    """Every office that was merged, with each that it was merged into, step by step; UNION ends a circle as well."""
    direct = sa.select(office.c.id, office.c.merged_into.label("ancestor")).where(office.c.merged_into.is_not(None))
    known, above = direct.cte("ancestors", recursive=True), office.alias("above")
    step = sa.select(known.c.id, above.c.merged_into).join(above, above.c.id == known.c.ancestor)
    return known.union(step.where(above.c.merged_into.is_not(None)))


def _survivors() -> sa.Subquery:
    """Every office and the unmerged one that it counts as, through however many mergings.

    An older refpad let two offices be merged into each other. In such a circle no office is unmerged: the first by id
    counts as the others.
    """
    end = office.alias("end")
    in_circle = sa.select(_ANCESTORS.c.id).where(_ANCESTORS.c.id == _ANCESTORS.c.ancestor)
    is_end = sa.or_(end.c.merged_into.is_(None), end.c.id.in_(in_circle))
    ends = sa.select(_ANCESTORS.c.id, sa.func.min(_ANCESTORS.c.ancestor).label("survivor_id"))
    ends = ends.join(end, end.c.id == _ANCESTORS.c.ancestor).where(is_end).group_by(_ANCESTORS.c.id)
    own = sa.select(office.c.id, office.c.id).where(office.c.merged_into.is_(None))
    return ends.union_all(own).subquery("survivors")


# Built once: two queries of the same name in one statement would be a conflict.
_ANCESTORS = _ancestors()
_SURVIVORS = _survivors()


def surviving_office(connection: Connection, office_id: str | None) -> str | None:
    """The office itself, or the unmerged one that it counts as."""
    if office_id is None:
        return None
    return connection.execute(sa.select(_SURVIVORS.c.survivor_id).where(_SURVIVORS.c.id == office_id)).scalar()


def survivors(connection: Connection) -> dict[str, str]:
    """Of every office the unmerged one that it counts as, by their short names."""
    return {row.id: row.survivor_id for row in connection.execute(sa.select(_SURVIVORS))}


def same_offices(counts_as: Mapping[str, str], office_id: str) -> list[str]:
    """The office and all that count as the same, of what `survivors` tells."""
    return [one for one, survivor in counts_as.items() if survivor == counts_as.get(office_id)]


def is_unmerged() -> sa.ColumnElement[bool]:
    """Whether a row of `office` was not merged into another."""
    return office.c.id.in_(sa.select(_SURVIVORS.c.survivor_id))


def is_office(column: sa.ColumnElement[str], office_id: str) -> sa.ColumnElement[bool]:
    """Whether a row belongs to the office, or to one that counts as the same."""
    living = sa.select(_SURVIVORS.c.survivor_id).where(_SURVIVORS.c.id == office_id).scalar_subquery()
    return column.in_(sa.select(_SURVIVORS.c.id).where(_SURVIVORS.c.survivor_id == living))


def with_office(query: sa.Select[Any], base: sa.FromClause, column: sa.ColumnElement[str]) -> sa.Select[Any]:
    """The query on `base` with `office_name` and `office_contact` of the office that `column` names, merged or not."""
    named = office.alias()
    joined = base.outerjoin(_SURVIVORS, _SURVIVORS.c.id == column).outerjoin(
        named, named.c.id == _SURVIVORS.c.survivor_id
    )
    told = (named.c[name].label(f"office_{name}") for name in ("name", "contact"))
    return query.add_columns(*told).select_from(joined)


def _columns() -> list[sa.Column[Any]]:
    return [office.c[name] for name in Office.model_fields]


def find_office_within(connection: Connection, office_id: str) -> Office:
    """The office of that very id, within the caller's transaction."""
    row = connection.execute(sa.select(*_columns()).where(office.c.id == office_id)).mappings().first()
    if row is None:
        raise NotOnRecordError(f'There is no office "{office_id}"', "`refpad offices list` shows those that there are")
    return Office(**row)


def ranges(store: Store, office_id: str | None = None) -> list[SerialRange]:
    """The printed serials, of one office or of all, oldest first."""
    columns = [serial_range.c[name] for name in SerialRange.model_fields]
    query = sa.select(*columns).order_by(serial_range.c.id)
    if office_id is not None:
        query = query.where(is_office(serial_range.c.office_id, office_id))
    with store.read() as connection:
        return [SerialRange(**row) for row in connection.execute(query).mappings()]


def latest_delivery(store: Store, office_id: str) -> list[SerialRange]:
    """What was printed for an office on the last day on which anything was, oldest first: it goes there together."""
    columns = [serial_range.c[name] for name in SerialRange.model_fields]
    query = sa.select(*columns, serial_range.c.printed_at).order_by(serial_range.c.id)
    with store.read() as connection:
        rows = list(connection.execute(query.where(is_office(serial_range.c.office_id, office_id))).mappings())
    days = [store.clock.day_of(row["printed_at"]) for row in rows]
    kept = [row for row, day in zip(rows, days, strict=True) if day == max(days)]
    return [SerialRange(**{name: row[name] for name in SerialRange.model_fields}) for row in kept]


def reserve_serials(
    store: Store, office_id: str | None, design: str, edition: int, count: int, start: int | None = None
) -> range:
    """Record that `count` serials of a pad are printed, for an office or for none yet; the serials as a range.

    Without `start` they follow the highest ever printed. Refuses an unknown office, serials printed before, and those
    of other studios.
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
        raise UsageError(
            f'There is no office "{office_id}"', "add it with `refpad offices add`", "add it on the page Offices"
        )


def _of_pad(design: str, edition: int) -> sa.ColumnElement[bool]:
    return sa.and_(serial_range.c.design == design, serial_range.c.edition == edition)


def _next_free(connection: Connection, design: str, edition: int) -> int:
    block = serials_of(connection)
    highest = connection.execute(sa.select(sa.func.max(serial_range.c.last)).where(_of_pad(design, edition))).scalar()
    return max((highest or 0) + 1, block.first if block else 1)


def _must_be_free(connection: Connection, design: str, edition: int, first: int, last: int) -> None:
    block = serials_of(connection) or SerialBlock(first=1, last=SERIAL_MAX)
    if last < first or not (block.holds(first) and block.holds(last)):
        raise UsageError(
            f"Serials {first} to {last} do not lie between {block.first} and {block.last}: choose another start."
        )
    overlap = sa.and_(_of_pad(design, edition), serial_range.c.first <= last, serial_range.c.last >= first)
    taken = connection.execute(sa.select(serial_range.c.first, serial_range.c.last).where(overlap)).first()
    if taken:
        free = _next_free(connection, design, edition)
        raise UsageError(
            f"{PadId(design, edition)} no. {first} to {last} overlap {taken.first} to {taken.last}, "
            f"printed before: start at {free}."
        )


def office_of(connection: Connection, code: SlipCode | None) -> str | None:
    """The office that was given this slip, or None."""
    if code is None:
        return None
    holds = sa.and_(serial_range.c.first <= code.serial, serial_range.c.last >= code.serial)
    found = sa.select(serial_range.c.office_id).where(_of_pad(code.design, code.edition), holds)
    return surviving_office(connection, connection.execute(found).scalar())


def is_of_another_studio(connection: Connection, code: SlipCode) -> bool:
    """Whether the serial is among those that another studio's pads are given."""
    block = serials_of(connection)
    return block is not None and not block.holds(code.serial)


def was_printed(connection: Connection, code: SlipCode) -> bool:
    """Whether the serial is one of those recorded; True for a pad of which no printing was ever recorded."""
    spans = connection.execute(
        sa.select(serial_range.c.first, serial_range.c.last).where(_of_pad(code.design, code.edition))
    ).all()
    return not spans or any(span.first <= code.serial <= span.last for span in spans)
