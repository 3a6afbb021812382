"""The review queue as a list: light rows by reason and age, with whom each is about, as it was read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.item_id import ItemId
from schemas.names.spelling import NAMES
from schemas.reasons import FindingCode, SetAsideReason
from store.database import Store
from store.followups.missing_information import Asked, open_questions
from store.review.line import Spot, count, line_of, spot_of
from store.tables import answer_sheet, file, page, slip, waiting
from store.waiting import ALL, FIRST, REST, SECOND_LOOK

SHOWN_MOST = 100
_WRITTEN = [slip.c.draft["text", name, "value"].as_string().label(name) for name in NAMES]
_OWN = slip.c["id", "file_id", "page", "design", "edition", "serial", "findings"]
_SLIPS = sa.select(*_OWN, *_WRITTEN, file.c.received_on).join(file, file.c.id == slip.c.file_id)
_PAGES = sa.select(*page.c["id", "file_id", "page", "reason"], file.c.received_on)
_PAGES = _PAGES.join(file, file.c.id == page.c.file_id)
_OLDEST = sa.select(sa.func.min(waiting.c.received_on)).where(
    waiting.c.code == ALL, waiting.c.place == sa.bindparam("place")
)


class Waiting(Value):
    """One item that waits for a person.

    `codes` are a slip's doubts; a page without a slip has a `reason` instead; a second look may have neither.
    `patient` and `provider` are as they were read or corrected, "" when they were not. `asked` says that the office was
    asked about it; `answers` is the slip about which it was asked, when this one looks like that: it may be the answer.
    `is_answered` says that a sheet of the office has completed it.
    """

    item_id: ItemId
    file_id: int
    page: int
    received_on: date
    codes: tuple[FindingCode, ...] = ()
    reason: SetAsideReason | None = None
    design: str | None = None
    edition: int | None = None
    serial: int | None = None
    patient: str = ""
    provider: str = ""
    asked: Asked | None = None
    answers: int | None = None
    is_answered: bool = False

    @property
    def item(self) -> str:
        return str(self.item_id)

    @property
    def why(self) -> tuple[str, ...]:
        """Its reasons, by name."""
        if self.reason:
            return (self.reason.value,)
        return tuple(code.value for code in self.codes) or (SECOND_LOOK,)


class WaitingTotal(Value):
    """How many slips and pages wait for a person, and since which day; None when none does."""

    items: int
    since: date | None


def waiting_total(store: Store) -> WaitingTotal:
    """Counted by the database."""
    with store.read() as connection:
        oldest = [connection.execute(_OLDEST, {"place": place}).scalar() for place in (FIRST, REST)]
        items = count(connection)
    return WaitingTotal(items=items, since=min((day for day in oldest if day is not None), default=None))


def count_waiting(store: Store) -> int:
    """How many slips and pages wait for a person, as an index says: for every page, however many they are."""
    with store.read() as connection:
        return count(connection)


def waiting_reasons(store: Store) -> list[tuple[str, int]]:
    """How many items wait for each reason, most first."""
    number = sa.func.count()
    query = sa.select(waiting.c.code, number).where(waiting.c.code != ALL).group_by(waiting.c.code)
    with store.read() as connection:
        return [(row[0], row[1]) for row in connection.execute(query.order_by(number.desc(), waiting.c.code))]


def waiting_list(store: Store, why: str = "", after: str = "", most: int = SHOWN_MOST) -> list[Waiting]:
    """What waits, longest first, but before all what an office has answered; with `why` only what waits for that.

    The first `most`, or those that follow the item `after`.
    """
    with store.read() as connection:
        spots = line_of(connection, why).behind(_spot(connection, after), most)
        return _waiting(connection, [spot.item for spot in spots])


def _spot(connection: Connection, item: str) -> Spot | None:
    parsed = ItemId.parse(item)
    return spot_of(connection, parsed) if parsed else None


def _waiting(connection: Connection, items: Sequence[ItemId]) -> list[Waiting]:
    numbers = [item.number for item in items if item.is_slip]
    slips = connection.execute(_SLIPS.where(slip.c.id.in_(numbers))).mappings().all()
    pages = _PAGES.where(page.c.id.in_([item.number for item in items if not item.is_slip]))
    others = {other for row in slips for other in _others(row)}
    asked = open_questions(connection, {*numbers, *others})
    sheets = sa.select(answer_sheet.c.of_slip_id).where(answer_sheet.c.is_used, answer_sheet.c.of_slip_id.in_(numbers))
    answered = set(connection.execute(sheets).scalars())
    found = [_slip(row, asked, answered) for row in slips]
    found += [_page(row) for row in connection.execute(pages).mappings()]
    by_item = {one.item_id: one for one in found}
    return [by_item[item] for item in items]


class QueuePlace(Value):
    """Which of how many an item is in the list, from 1; `following` is the next, after the last the first again."""

    number: int
    total: int
    following: str | None

    @property
    def is_last(self) -> bool:
        """Whether the list starts again behind it."""
        return self.number == self.total


def place_of(store: Store, item: str, why: str = "") -> QueuePlace:
    """Where an item is in the list of what waits for that reason, in which it stays although it waits for it no more.

    An item that does not wait is before the first: its number is 0.
    """
    with store.read() as connection:
        spot, line = _spot(connection, item), line_of(connection, why)
        behind = line.behind(spot, 1) or [one for one in line.behind(None, 2) if one != spot]
        number = line.number(spot) if spot else 0
        following = str(behind[0].item) if behind else None
        return QueuePlace(number=number, total=line.total(spot), following=following)


def next_waiting(store: Store, after: str, why: str = "") -> str | None:
    """The item that follows `after` in the list, which starts again at its end; None when no other waits."""
    return place_of(store, after, why).following


def _slip(row: sa.RowMapping, asked: Mapping[int, Asked], answered: Collection[int]) -> Waiting:
    codes = tuple(dict.fromkeys(FindingCode(finding["code"]) for finding in row["findings"]))
    shared = {name: row[name] for name in ("file_id", "page", "received_on", "design", "edition", "serial")}
    return Waiting(
        item_id=ItemId.slip(row["id"]),
        codes=codes,
        patient=row["patient_name"] or "",
        provider=row["provider_name"] or "",
        asked=asked.get(row["id"]),
        answers=next((other for other in _others(row) if other in asked), None),
        is_answered=row["id"] in answered,
        **shared,
    )


def _others(row: sa.RowMapping) -> list[int]:
    named = (finding.get("other_slip") for finding in row["findings"])
    return [other for other in named if other is not None]


def _page(row: sa.RowMapping) -> Waiting:
    shared = {name: row[name] for name in ("file_id", "page", "received_on", "reason")}
    return Waiting(item_id=ItemId.page(row["id"]), **shared)
