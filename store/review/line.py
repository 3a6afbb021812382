"""Where the items of the review queue stand, without reading those that one does not ask for.

The list is a stretch of an index (`store/waiting.py`), longest first. Before all comes what an office answered, and
what looks like the slip that it was asked about: few, and found by what was asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.item_id import ItemId, ItemKind
from store.followups.missing_information import is_asked
from store.tables import waiting
from store.waiting import ALL, FIRST, ORDER, REST

Key = tuple[date, int, int, str, int]  # as ORDER


@dataclass(frozen=True)
class Spot:
    """Where an item stands: its key, and whether it is among those that come before all others."""

    key: Key
    is_early: bool

    @property
    def item(self) -> ItemId:
        return ItemId(ItemKind(self.key[3]), self.key[4])


@dataclass(frozen=True)
class Line:
    """The items that wait for the reason `code`, or for any. `moved` are those of `early` that the index has behind."""

    connection: Connection
    code: str
    early: tuple[Key, ...]
    moved: tuple[Key, ...]

    def behind(self, spot: Spot | None, most: int) -> list[Spot]:
        """The next items behind one, or the first: `most` of them."""
        is_early = spot is None or spot.is_early
        found = [Spot(key, is_early=True) for key in self.early if is_early and (spot is None or key > spot.key)][:most]
        start = None if spot is None or is_early else spot.key
        return [*found, *self._rest(start, most - len(found))]

    def number(self, spot: Spot) -> int:
        """Which one it is, from 1."""
        if spot.is_early:
            return 1 + sum(key < spot.key for key in self.early)
        before = count(self.connection, self.code, waiting.c.place == REST, sa.tuple_(*ORDER) < spot.key)
        return 1 + len(self.early) + before - sum(key < spot.key for key in self.moved)

    def total(self, spot: Spot | None = None) -> int:
        """How many there are, with the item at `spot` though it waits for something else."""
        items = count(self.connection, self.code)
        return items if spot is None else items + 1 - count(self.connection, self.code, *_is(spot.item))

    def _rest(self, start: Key | None, most: int) -> list[Spot]:
        if most <= 0:
            return []
        behind = () if start is None else (sa.tuple_(*ORDER) > start,)
        query = sa.select(*ORDER).where(waiting.c.code == self.code, waiting.c.place == REST, *behind, ~_may_answer())
        rows = self.connection.execute(query.order_by(*ORDER).limit(most))
        return [Spot(_key(row), is_early=False) for row in rows]


def line_of(connection: Connection, code: str = ALL) -> Line:
    """The items that wait for a reason, in the caller's transaction; for any without one."""
    own = sa.select(*ORDER).where(waiting.c.code == code)
    answered = _keys(connection, own.where(waiting.c.place == FIRST))
    of_asked = sa.select(waiting.c.number).where(waiting.c.other_slip.is_not(None), is_asked(waiting.c.other_slip))
    asked = set(connection.execute(of_asked).scalars())
    theirs = waiting.c.noun == ItemKind.SLIP.value, waiting.c.place == REST, waiting.c.number.in_(asked)
    moved = _keys(connection, own.where(*theirs)) if asked else []
    return Line(connection, code, early=tuple(sorted({*answered, *moved})), moved=tuple(moved))


def count(connection: Connection, code: str = ALL, *which: sa.ColumnElement[bool]) -> int:
    """How many items wait for a reason, in the caller's transaction; for any without one."""
    query = sa.select(sa.func.count()).select_from(waiting).where(waiting.c.code == code, *which)
    return connection.execute(query).scalar_one()


def spot_of(connection: Connection, item: ItemId) -> Spot | None:
    """Where an item stands; None when it does not wait."""
    early = sa.or_(waiting.c.place == FIRST, _may_answer()).label("is_early")
    row = connection.execute(sa.select(*ORDER, early).where(waiting.c.code == ALL, *_is(item))).first()
    return None if row is None else Spot(_key(row), is_early=bool(row.is_early))


def _may_answer() -> sa.Exists:
    """Whether an item looks like a slip about which an office was asked: it may be the answer."""
    other = waiting.alias("named")
    same = other.c.noun == waiting.c.noun, other.c.number == waiting.c.number
    named = sa.exists().where(*same, other.c.other_slip.is_not(None), is_asked(other.c.other_slip))
    return named.correlate(waiting)


def _is(item: ItemId) -> tuple[sa.ColumnElement[bool], ...]:
    return waiting.c.noun == item.kind.value, waiting.c.number == item.number


def _keys(connection: Connection, query: "sa.Select[Any]") -> list[Key]:
    return [_key(row) for row in connection.execute(query)]


def _key(row: Iterable[Any]) -> Key:
    received_on, file_id, page, noun, number, *_ = row
    return received_on, file_id, page, noun, number
