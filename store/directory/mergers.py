"""What merging two offices or two providers changes, before it is done, and what was merged, to be undone."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from store.database import Store
from store.directory.offices import is_office
from store.directory.providers import is_provider
from store.tables import audit, office, provider, referral, serial_range


class MergePreview(Value):
    """What counts as the other's once it is merged; `slips` are printed serial numbers."""

    referrals: int
    providers: int
    slips: int


class Merged(Value):
    """An office or provider that counts as another; `by` and `at` say who merged it, if that is on record."""

    id: str
    name: str
    by: str
    at: datetime | None


def preview_office_merge(store: Store, office_id: str) -> MergePreview:
    """What is an office's now, with those merged into it."""
    with store.read() as connection:
        slips = sa.select(sa.func.sum(serial_range.c.last - serial_range.c.first + 1))
        return MergePreview(
            referrals=_count(connection, referral, is_office(referral.c.office_id, office_id)),
            providers=_count(
                connection, provider, is_office(provider.c.office_id, office_id), provider.c.merged_into.is_(None)
            ),
            slips=connection.execute(slips.where(is_office(serial_range.c.office_id, office_id))).scalar() or 0,
        )


def preview_provider_merge(store: Store, provider_id: int) -> MergePreview:
    """What is a provider's now, with those merged into them."""
    same = sa.select(provider.c.id).where(is_provider(provider_id))
    with store.read() as connection:
        signed = _count(connection, referral, referral.c.provider_id.in_(same))
    return MergePreview(referrals=signed, providers=0, slips=0)


def merged_into_office(store: Store, office_id: str) -> list[Merged]:
    """The offices that count as this one, by id."""
    query = sa.select(office.c.id, office.c.name).where(
        is_office(office.c.id, office_id), office.c.id != office_id, office.c.merged_into.is_not(None)
    )
    return _merged(store, query.order_by(office.c.id), "office")


def merged_into_provider(store: Store, provider_id: int) -> list[Merged]:
    """The providers that count as this one, by id."""
    query = sa.select(provider.c.id, provider.c.name).where(provider.c.merged_into == provider_id)
    return _merged(store, query.order_by(provider.c.id), "provider")


def _merged(store: Store, query: sa.Select[Any], noun: str) -> list[Merged]:
    with store.read() as connection:
        rows = connection.execute(query).all()
        lines = {row.id: _last_merge(connection, f"{noun} {row.id}") for row in rows}
    return [Merged(id=str(row.id), name=row.name, by=lines[row.id][0], at=lines[row.id][1]) for row in rows]


def _last_merge(connection: Connection, subject: str) -> tuple[str, datetime | None]:
    line = sa.select(audit.c.who, audit.c.at).where(audit.c.subject == subject, audit.c.what == "merge")
    row = connection.execute(line.order_by(audit.c.id.desc()).limit(1)).first()
    return (row.who, row.at) if row else ("", None)


def _count(connection: Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(*conditions)).scalar_one()
