"""The review queue as a list: light rows by reason and age, without any patient's data."""

from datetime import date

import sqlalchemy as sa

from schemas.base import Value
from schemas.item_id import ItemId
from schemas.reasons import FindingCode, SetAsideReason
from schemas.states import PageState, SlipState
from store.database import Store
from store.referrals.quality_sample import open_looks
from store.tables import file, page, slip

SECOND_LOOK = "second_look"


class Waiting(Value):
    """One item that waits for a person.

    `codes` are a slip's doubts; a page without a slip has a `reason` instead; a second look may have neither.
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

    @property
    def item(self) -> str:
        return str(self.item_id)

    @property
    def why(self) -> tuple[str, ...]:
        """Its reasons, by name."""
        if self.reason:
            return (self.reason.value,)
        return tuple(code.value for code in self.codes) or (SECOND_LOOK,)


def waiting_list(store: Store, why: str = "") -> list[Waiting]:
    """What waits, longest first; with `why` only what waits for that reason."""
    slips = (
        sa.select(*slip.c["id", "file_id", "page", "design", "edition", "serial", "findings"], file.c.received_on)
        .join(file, file.c.id == slip.c.file_id)
        .where(sa.or_(slip.c.state == SlipState.REVIEW, slip.c.id.in_(open_looks())))
    )
    pages = (
        sa.select(*page.c["id", "file_id", "page", "reason"], file.c.received_on)
        .join(file, file.c.id == page.c.file_id)
        .where(page.c.state == PageState.REVIEW)
    )
    with store.read() as connection:
        items = [_slip(row) for row in connection.execute(slips).mappings()]
        items += [_page(row) for row in connection.execute(pages).mappings()]
    items.sort(key=lambda item: (item.received_on, item.file_id, item.page, item.item))
    return [item for item in items if not why or why in item.why]


def next_waiting(store: Store, after: str, why: str = "") -> str | None:
    """The item that follows `after` in the list, which starts again at its end; None when no other waits."""
    items = [item.item for item in waiting_list(store, why)]
    at = items.index(after) if after in items else -1
    others = items[at + 1 :] + items[: max(at, 0)]
    return others[0] if others else None


def _slip(row: sa.RowMapping) -> Waiting:
    codes = tuple(dict.fromkeys(FindingCode(finding["code"]) for finding in row["findings"]))
    shared = {name: row[name] for name in ("file_id", "page", "received_on", "design", "edition", "serial")}
    return Waiting(item_id=ItemId.slip(row["id"]), codes=codes, **shared)


def _page(row: sa.RowMapping) -> Waiting:
    shared = {name: row[name] for name in ("file_id", "page", "received_on", "reason")}
    return Waiting(item_id=ItemId.page(row["id"]), **shared)
