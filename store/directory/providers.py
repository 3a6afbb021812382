"""Providers: entered from the slips they sign, corrected and merged by people."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.changes import ChangeKind
from schemas.errors import NotOnRecordError, UsageError
from schemas.office import Provider, name_key
from schemas.text import clean
from store import audit
from store.changes import note_referrals
from store.crashpoints import crashpoint
from store.database import Store
from store.directory.offices import is_office, surviving_office
from store.tables import provider, referral

PAGE = 100
KEY_MOST = 160


def find_or_add_provider(connection: Connection, store: Store, name: str, office_id: str | None) -> int | None:
    """The provider of that name in that office, entered if new, within the caller's transaction.

    None for a slip without a printed name. Of a slip whose office is not known only somebody without an office
    has the name.
    """
    key = name_key(name)[:KEY_MOST]
    if not key:
        return None
    theirs = provider.c.office_id.is_(None) if office_id is None else is_office(provider.c.office_id, office_id)
    query = sa.select(sa.func.coalesce(provider.c.merged_into, provider.c.id)).where(provider.c.name_key == key, theirs)
    known = connection.execute(query.order_by(provider.c.id)).scalar()
    if known is not None:
        return int(known)
    row = {"name": name, "name_key": key, "office_id": office_id, "added_at": store.clock.now()}
    added = int(connection.execute(provider.insert().values(row).returning(provider.c.id)).scalar_one())
    crashpoint("provider.written")
    return added


def provider_in_office(
    connection: Connection, store: Store, provider_id: int, office_id: str, *, may_move: bool
) -> int:
    """Who a provider is in that office, within the caller's transaction: known there already, or entered there.

    With `may_move`, when nothing else is theirs, the provider themselves are moved instead of being entered twice.
    """
    row = _row(connection, provider_id)
    there = (provider.c.name_key == row["name_key"], is_office(provider.c.office_id, office_id))
    query = sa.select(sa.func.coalesce(provider.c.merged_into, provider.c.id)).where(*there)
    known = connection.execute(query.order_by(provider.c.id)).scalar()
    if known is not None:
        return int(known)
    if may_move:
        connection.execute(provider.update().where(provider.c.id == provider_id).values(office_id=office_id))
        return provider_id
    values = {"name": row["name"], "name_key": row["name_key"], "office_id": office_id, "added_at": store.clock.now()}
    return int(connection.execute(provider.insert().values(values).returning(provider.c.id)).scalar_one())


def find_provider(connection: Connection, provider_id: int) -> Provider:
    """The provider, or the one that they were merged into, with the office they count to now."""
    row = _row(connection, provider_id)
    if row["merged_into"] is not None:
        row = _row(connection, row["merged_into"])
    return _provider(connection, row)


def list_providers(
    store: Store, words: str = "", office_id: str | None = None, after: int | None = None, limit: int = PAGE
) -> list[Provider]:
    """Providers in the order they were entered, without those merged into another."""
    query = sa.select(provider).where(provider.c.merged_into.is_(None)).order_by(provider.c.id).limit(limit)
    for word in str(clean(words)).split():
        query = query.where(provider.c.name.icontains(word, autoescape=True))
    if office_id is not None:
        query = query.where(is_office(provider.c.office_id, office_id))
    if after is not None:
        query = query.where(provider.c.id > after)
    with store.read() as connection:
        return [_provider(connection, row) for row in connection.execute(query).mappings().all()]


def edit_provider(store: Store, provider_id: int, changes: Mapping[str, Any], who: str) -> Provider:
    """Change some fields of a provider; slips keep what was written on them, and are known by the old name as well.

    With their office, their referrals whose office was not known count for it.
    """
    with store.write() as connection:
        before = _provider(connection, _row(connection, provider_id))
        after = Provider.model_validate({**before.model_dump(), **changes, "id": provider_id})
        if after.office_id is not None and surviving_office(connection, after.office_id) is None:
            raise UsageError(
                f'There is no office "{after.office_id}"',
                "add it with `refpad offices add`",
                "add it on the page Offices",
            )
        connection.execute(
            provider.update().where(provider.c.id == provider_id).values(after.model_dump(exclude={"id"}))
        )
        if after.office_id is not None:
            same = sa.select(provider.c.id).where(is_provider(provider_id))
            theirs = (referral.c.provider_id.in_(same), referral.c.office_id.is_(None))
            note_referrals(connection, sa.and_(*theirs), ChangeKind.OFFICE)
            connection.execute(referral.update().where(*theirs).values(office_id=after.office_id))
        detail = {"fields": sorted(changes)}
        audit.append(connection, store.clock.now(), who, "edit", f"provider {provider_id}", detail)
        crashpoint("edit_provider.before_commit")
    crashpoint("edit_provider.committed")
    return after


def merge_providers(store: Store, provider_id: int, into: int, who: str) -> None:
    """Say that two providers are one: what the first signed counts as the second's. Nothing is rewritten."""
    with store.write() as connection:
        _row(connection, provider_id)
        if _row(connection, into)["merged_into"] is not None or provider_id == into:
            raise UsageError(f"Provider {provider_id} cannot be merged into {into}: name the one that stays.")
        connection.execute(provider.update().where(is_provider(provider_id)).values(merged_into=into))
        audit.append(connection, store.clock.now(), who, "merge", f"provider {provider_id}", {"into": into})


def is_provider(provider_id: int) -> sa.ColumnElement[bool]:
    """Whether a row of `provider` is that one, or was merged into them."""
    return sa.or_(provider.c.id == provider_id, provider.c.merged_into == provider_id)


def unmerge_provider(store: Store, provider_id: int, who: str) -> None:
    """Take a merging back."""
    with store.write() as connection:
        merged = provider.update().where(provider.c.id == provider_id, provider.c.merged_into.is_not(None))
        if connection.execute(merged.values(merged_into=None)).rowcount != 1:
            raise UsageError(f"Provider {provider_id} is not merged into another.")
        audit.append(connection, store.clock.now(), who, "unmerge", f"provider {provider_id}")


def _row(connection: Connection, provider_id: int) -> RowMapping:
    row = connection.execute(sa.select(provider).where(provider.c.id == provider_id)).mappings().first()
    if row is None:
        raise NotOnRecordError(
            f"There is no provider {provider_id}", "`refpad offices providers` shows those that there are"
        )
    return row


def _provider(connection: Connection, row: RowMapping) -> Provider:
    values = {name: row[name] for name in Provider.model_fields}
    return Provider(**{**values, "office_id": surviving_office(connection, row["office_id"])})
