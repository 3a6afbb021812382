"""The ledger of pages: every page of every file that was read is accounted for, and stands in a list."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.item_id import ItemId
from schemas.reasons import SetAsideReason
from schemas.states import PageState
from store.database import Store
from store.tables import file, page, slip

LISTED_MOST = 1000


class PageLedger(Value):
    """What became of the pages that were seen: those with slips, backs and blank ones, and those set aside.

    `set_aside` are the pages that a person has looked at, or is asked to, and those of files that are set aside.
    """

    seen: int
    with_slips: int
    back_or_blank: int
    set_aside: int

    @property
    def balances(self) -> bool:
        """seen = with slips + back or blank + set aside."""
        return self.seen == self.with_slips + self.back_or_blank + self.set_aside


class UnusedPage(Value):
    """A blank page or a back, about which nobody was asked; `item` brings it to review."""

    item: str
    file_id: int
    page: int
    reason: SetAsideReason
    message: str


def page_ledger(store: Store) -> PageLedger:
    """Every page of every file that was opened, counted by what became of it."""
    with store.read() as connection:
        return page_ledger_within(connection)


def page_ledger_within(connection: Connection) -> PageLedger:
    """The ledger of pages, within the caller's transaction: those counted when the files were read, and their rows."""
    seen = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(file.c.page_count), 0))).scalar_one()
    grouped = sa.select(page.c.state, sa.func.count().label("number")).group_by(page.c.state)
    counts = {row.state: row.number for row in connection.execute(grouped)}
    aside = sum(counts.get(state, 0) for state in (PageState.SET_ASIDE, PageState.REVIEW, PageState.REJECTED))
    with_slips, unused = counts.get(PageState.WITH_SLIPS, 0), counts.get(PageState.BLANK, 0)
    return PageLedger(seen=int(seen), with_slips=with_slips, back_or_blank=unused, set_aside=aside)


def unused_pages(store: Store, most: int = LISTED_MOST) -> list[UnusedPage]:
    """The backs and blank pages, newest first."""
    columns = page.c["id", "file_id", "page", "reason", "message"]
    query = sa.select(*columns).where(page.c.state == PageState.BLANK).order_by(page.c.id.desc()).limit(most)
    with store.read() as connection:
        rows = connection.execute(query).all()
    return [
        UnusedPage(
            item=str(ItemId.page(row.id)), file_id=row.file_id, page=row.page, reason=row.reason, message=row.message
        )
        for row in rows
    ]


def files_with_lost_pages(connection: Connection) -> list[tuple[int, int, int]]:
    """The files of which not each page that they had when they were read has its row: number, pages had, pages left."""
    left = sa.func.count(page.c.id).label("left")
    grouped = sa.select(file.c.id, sa.func.coalesce(file.c.page_count, 0).label("had"), left)
    counted = grouped.outerjoin(page, page.c.file_id == file.c.id).group_by(file.c.id, file.c.page_count).subquery()
    query = sa.select(counted).where(counted.c.had != counted.c.left).order_by(counted.c.id)
    return [(row.id, row.had, row.left) for row in connection.execute(query)]


def files_with_stray_slips(connection: Connection) -> list[int]:
    """The files in which a slip lies on a page that is not counted among those with slips, or such a page has none."""
    own = sa.and_(slip.c.file_id == page.c.file_id, slip.c.page == page.c.page)
    has_slip = sa.exists().where(own)
    with_slips = page.c.state == PageState.WITH_SLIPS
    belied = sa.select(page.c.file_id).where(with_slips != has_slip)
    pageless = sa.select(slip.c.file_id).where(~sa.exists().where(own))
    return sorted(set(connection.execute(sa.union(belied, pageless)).scalars()))
