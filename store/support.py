"""What a support bundle takes from the record: how long files took, and how people are called, to leave that out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from schemas.base import Value
from schemas.errors import NotOnRecordError
from schemas.reading import SlipReading
from schemas.reasons import SetAsideReason
from schemas.states import FileState, OccurrenceState, SlipState
from store.database import Store
from store.tables import desk_user, file, occurrence, office, provider, search_word, slip


class RecentFile(Value):
    """How the reading of one file went: `seconds` from when it was seen to when it was on record, waiting included."""

    state: FileState
    reason: SetAsideReason | None
    size_bytes: int
    pages: int | None
    slips: int
    attempts: int
    returns: int
    seconds: float


def recent_files(store: Store, most: int) -> list[RecentFile]:
    """The files that were read last, newest first."""
    first_seen = (
        sa.select(sa.func.min(occurrence.c.seen_at))
        .where(occurrence.c.file_id == file.c.id, occurrence.c.state == OccurrenceState.TAKEN)
        .scalar_subquery()
    )
    slips = sa.select(sa.func.count()).where(slip.c.file_id == file.c.id).scalar_subquery()
    own = file.c["state", "reason", "size_bytes", "attempts", "returns", "finished_at"]
    query = (
        sa.select(*own, file.c.page_count.label("pages"), slips.label("slips"), first_seen.label("seen_at"))
        .where(file.c.finished_at.is_not(None))
        .order_by(file.c.id.desc())
        .limit(most)
    )
    with store.read() as connection:
        return [_recent(dict(row)) for row in connection.execute(query).mappings()]


def _recent(row: dict[str, Any]) -> RecentFile:
    seen, finished = row.pop("seen_at"), row.pop("finished_at")
    seconds = (finished - seen).total_seconds() if seen else 0.0
    return RecentFile(**row, seconds=round(seconds, 1))


def names_on_record(store: Store) -> Iterator[str]:
    """Texts with every word by which somebody on record is called: patients, providers, offices, users, files."""
    columns = (
        search_word.c.word,
        provider.c.name,
        *(office.c[name] for name in ("id", "name", "contact", "phone", "address", "fax", "email")),
        desk_user.c.name,
        occurrence.c.name_shown,
    )
    texts = slip.c.draft["text"]
    with store.read() as connection:
        for column in columns:
            yield from (text for text in connection.execute(sa.select(column).distinct()).scalars() if text)
        written = sa.select(texts).where(slip.c.state != SlipState.ACCEPTED, slip.c.draft.is_not(None))
        for fields in connection.execute(written).scalars():
            yield from (reading["value"] for reading in (fields or {}).values())


class SupportSlip(Value):
    """A slip as the machine read it, the day it came, and how many slips lie on its page."""

    reading: SlipReading
    received_on: date
    slips_on_page: int


def slip_for_support(store: Store, number: int) -> SupportSlip:
    """What was read of a slip, nothing of its picture; raises NotOnRecordError."""
    beside = slip.alias("beside")
    count = sa.select(sa.func.count()).where(beside.c.file_id == slip.c.file_id, beside.c.page == slip.c.page)
    query = (
        sa.select(slip.c.reading, file.c.received_on, count.scalar_subquery().label("slips_on_page"))
        .join(file, file.c.id == slip.c.file_id)
        .where(slip.c.id == number)
    )
    with store.read() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise NotOnRecordError(f"There is no slip {number}")
    return SupportSlip.model_validate(dict(row))
