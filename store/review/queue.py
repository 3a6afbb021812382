"""The review queue as a list: light rows by reason and age, with whom each is about, as it was read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from schemas.base import Value
from schemas.item_id import ItemId
from schemas.names.spelling import NAMES
from schemas.reasons import FindingCode, SetAsideReason
from schemas.states import PageState, SlipState
from store.database import Store
from store.followups.missing_information import Asked, open_questions
from store.referrals.quality_sample import open_looks
from store.tables import answer_sheet, file, page, slip

SECOND_LOOK = "second_look"


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
    slips = sa.select(file.c.received_on).join(slip, slip.c.file_id == file.c.id).where(_slip_waits())
    pages = sa.select(file.c.received_on).join(page, page.c.file_id == file.c.id).where(_page_waits())
    both = sa.union_all(slips, pages).subquery()
    with store.read() as connection:
        row = connection.execute(sa.select(sa.func.count(), sa.func.min(both.c.received_on))).one()
    return WaitingTotal(items=row[0], since=row[1])


def waiting_list(store: Store, why: str = "") -> list[Waiting]:
    """What waits, longest first, but before all what an office has answered; with `why` only what waits for that."""
    written = [slip.c.draft["text", name, "value"].as_string().label(name) for name in NAMES]
    return [waiting for waiting in _in_order(store, written) if not why or why in waiting.why]


def _in_order(store: Store, names: Sequence[sa.ColumnElement[str]]) -> list[Waiting]:
    """All that waits, in the order of the list, with these names; to find a place, no draft need be opened for them."""
    own = slip.c["id", "file_id", "page", "design", "edition", "serial", "findings"]
    slips = sa.select(*own, *names, file.c.received_on).join(file, file.c.id == slip.c.file_id).where(_slip_waits())
    pages = (
        sa.select(*page.c["id", "file_id", "page", "reason"], file.c.received_on)
        .join(file, file.c.id == page.c.file_id)
        .where(_page_waits())
    )
    with store.read() as connection:
        asked = open_questions(connection)
        answered = set(connection.execute(sa.select(answer_sheet.c.of_slip_id).where(answer_sheet.c.is_used)).scalars())
        items = [_slip(row, asked, answered) for row in connection.execute(slips).mappings()]
        items += [_page(row) for row in connection.execute(pages).mappings()]
    return sorted(
        items,
        key=lambda item: (
            not item.is_answered and item.answers is None,
            item.received_on,
            item.file_id,
            item.page,
            item.item,
        ),
    )


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
    waiting = _in_order(store, [sa.literal("").label(name) for name in NAMES])
    items = [one.item for one in waiting if not why or why in one.why or one.item == item]
    at = items.index(item) if item in items else -1
    others = items[at + 1 :] + items[: max(at, 0)]
    return QueuePlace(number=at + 1, total=len(items), following=others[0] if others else None)


def next_waiting(store: Store, after: str, why: str = "") -> str | None:
    """The item that follows `after` in the list, which starts again at its end; None when no other waits."""
    return place_of(store, after, why).following


def _slip_waits() -> sa.ColumnElement[bool]:
    return sa.or_(slip.c.state == SlipState.REVIEW, slip.c.id.in_(open_looks()))


def _page_waits() -> sa.ColumnElement[bool]:
    return page.c.state == PageState.REVIEW


def _slip(row: sa.RowMapping, asked: Mapping[int, Asked], answered: Collection[int]) -> Waiting:
    codes = tuple(dict.fromkeys(FindingCode(finding["code"]) for finding in row["findings"]))
    shared = {name: row[name] for name in ("file_id", "page", "received_on", "design", "edition", "serial")}
    others = (finding.get("other_slip") for finding in row["findings"])
    return Waiting(
        item_id=ItemId.slip(row["id"]),
        codes=codes,
        patient=row["patient_name"] or "",
        provider=row["provider_name"] or "",
        asked=asked.get(row["id"]),
        answers=next((other for other in others if other in asked), None),
        is_answered=row["id"] in answered,
        **shared,
    )


def _page(row: sa.RowMapping) -> Waiting:
    shared = {name: row[name] for name in ("file_id", "page", "received_on", "reason")}
    return Waiting(item_id=ItemId.page(row["id"]), **shared)
