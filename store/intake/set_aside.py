"""Files that could not be used, and slips and pages that people rejected: listed, settled, brought back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.errors import NotOnRecordError, UsageError
from schemas.item_id import ItemId
from schemas.reasons import SetAsideReason
from schemas.states import FileState, OccurrenceState, PageState, SlipState
from schemas.text import clean
from store import audit
from store.database import Store
from store.followups.missing_information import reopen_question
from store.intake.ledger import drops
from store.intake.results import settle_file
from store.kept_files.kept_file import KeptFile
from store.referrals.duplicates import renew_doubts
from store.tables import file, occurrence, page, settled_file, slip
from store.waiting import renew_pages, renew_slips

LISTED_MOST = 100


class AsideFile(Value):
    """A file that could not be used; `file_id` is None when it was left in the inbox."""

    file_id: int | None
    name: str
    seen_at: datetime
    reason: SetAsideReason
    message: str


class Rejected(Value):
    """A slip or page that a person settled as nothing to record."""

    item_id: ItemId
    file_id: int
    page: int
    why: str

    @property
    def item(self) -> str:
        return str(self.item_id)


def unsettled_files(store: Store) -> list[AsideFile]:
    """The files set aside that nobody has said anything about, newest first, at most LISTED_MOST."""
    why = {name: sa.func.coalesce(occurrence.c[name], file.c[name]).label(name) for name in ("reason", "message")}
    columns = (occurrence.c.file_id, occurrence.c.name_shown.label("name"), occurrence.c.seen_at)
    query = sa.select(*columns, *why.values()).select_from(drops.with_files()).where(_unsettled())
    with store.read() as connection:
        rows = connection.execute(query.order_by(occurrence.c.id.desc()).limit(LISTED_MOST)).mappings()
        return [AsideFile(**row) for row in rows]


class AsideCount(Value):
    """How many files are set aside and nobody has said anything about, how many slips and pages were rejected, and how
    many pages were taken for backs or blank."""

    files: int
    rejected: int
    unused: int


def count_aside(store: Store) -> AsideCount:
    """Counted by the database, however few the lists show."""
    number = sa.select(sa.func.count())
    with store.read() as connection:
        files = connection.execute(number.select_from(drops.with_files()).where(_unsettled())).scalar_one()
        slips = connection.execute(number.where(slip.c.state == SlipState.REJECTED)).scalar_one()
        pages = connection.execute(number.where(page.c.state == PageState.REJECTED)).scalar_one()
        unused = connection.execute(number.where(page.c.state == PageState.BLANK)).scalar_one()
    return AsideCount(files=files, rejected=slips + pages, unused=unused)


def _unsettled() -> sa.ColumnElement[bool]:
    """Left in the inbox, or taken and of no use, each time it came."""
    settled = sa.exists().where(settled_file.c.file_id == file.c.id)
    return sa.or_(occurrence.c.state == OccurrenceState.SET_ASIDE, sa.and_(drops.is_unusable(), ~settled))


def find_file(store: Store, file_id: int) -> AsideFile:
    """A file set aside; raises NotOnRecordError when it is not (any more)."""
    with store.read() as connection:
        return _find(connection, file_id)


def _find(connection: Connection, file_id: int) -> AsideFile:
    query = (
        sa.select(occurrence.c.name_shown.label("name"), occurrence.c.seen_at, file.c.reason, file.c.message)
        .join(file, file.c.id == occurrence.c.file_id)
        .where(file.c.id == file_id, file.c.state == FileState.SET_ASIDE, occurrence.c.state == OccurrenceState.TAKEN)
        .order_by(occurrence.c.id)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotOnRecordError(f"File {file_id} is not set aside")
    return AsideFile(file_id=file_id, **row)


def settle(store: Store, file_id: int, verdict: str, who: str) -> None:
    """Say what a file set aside is ("no slip", "a copy of slip 12"): it stays as it is, and is asked about no more.

    Raises NotOnRecordError when it is not set aside any more: what is read again may fail for another reason.
    """
    sentence = str(clean(verdict))
    if not sentence:
        raise UsageError("Say what the file is.")
    values = {"file_id": file_id, "verdict": sentence, "by": who, "at": store.clock.now()}
    with store.write() as connection:
        _find(connection, file_id)
        connection.execute(settled_file.delete().where(settled_file.c.file_id == file_id))
        connection.execute(settled_file.insert().values(values))
        audit.append(connection, store.clock.now(), who, "settle", f"file {file_id}")


def rejected_items(store: Store) -> list[Rejected]:
    """What people settled as nothing to record, newest first, at most LISTED_MOST of slips and of pages."""
    slips = sa.select(slip).where(slip.c.state == SlipState.REJECTED).order_by(slip.c.id.desc()).limit(LISTED_MOST)
    pages = sa.select(page).where(page.c.state == PageState.REJECTED).order_by(page.c.id.desc()).limit(LISTED_MOST)
    with store.read() as connection:
        rows = [(ItemId.slip(row["id"]), row) for row in connection.execute(slips).mappings()]
        rows += [(ItemId.page(row["id"]), row) for row in connection.execute(pages).mappings()]
    return [
        Rejected(item_id=item_id, file_id=row["file_id"], page=row["page"], why=row["why_rejected"] or "")
        for item_id, row in rows
    ]


def bring_back(store: Store, item: str, who: str) -> None:
    """Have a slip or page that a person rejected, or a page that was taken for blank or a back, wait for review."""
    parsed = ItemId.parse(item)
    if parsed is None:
        raise UsageError("There is no such item.")
    table, states = (slip, SlipState) if parsed.is_slip else (page, PageState)
    from_states = [SlipState.REJECTED] if parsed.is_slip else [PageState.REJECTED, PageState.BLANK]
    again = table.update().where(table.c.id == parsed.number, table.c.state.in_(from_states))
    with store.write() as connection:
        values = {"state": states.REVIEW, "why_rejected": None, "version": table.c.version + 1}
        file_id = connection.execute(again.values(values).returning(table.c.file_id)).scalar()
        if file_id is None:
            raise UsageError("This was not rejected, or somebody brought it back already.")
        if parsed.is_slip:
            renew_slips(connection, [parsed.number])
            renew_doubts(connection, parsed.number)
            reopen_question(connection, store, parsed.number, who)
        else:
            renew_pages(connection, file_id)
        settle_file(connection, file_id)
        audit.append(connection, store.clock.now(), who, "bring_back", f"{parsed.noun} {parsed.number}")


def original_of(store: Store, file_id: int) -> KeptFile:
    """Where a file's original lies; raises UsageError when there is no such file."""
    with store.read() as connection:
        sha256 = connection.execute(sa.select(file.c.sha256).where(file.c.id == file_id)).scalar()
    if sha256 is None:
        raise NotOnRecordError(f"There is no file {file_id}")
    return store.original(sha256)
