"""The office that a slip or a referral came from: by the slip's serial number, or as a person says."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.changes import ChangedNoun, ChangeKind
from schemas.errors import NotOnRecordError, UsageError
from schemas.office import Office, name_key
from schemas.states import SlipState
from store import audit, changes
from store.crashpoints import crashpoint
from store.database import Store
from store.directory.offices import find_office_within, office_of, surviving_office
from store.directory.providers import KEY_MOST, provider_in_office
from store.referrals.duplicates import code_of
from store.tables import provider, referral, slip


def office_of_slip(connection: Connection, slip_id: int) -> str | None:
    """The office that a person named for the slip, else the one that was given its serial number; None when unknown."""
    row = connection.execute(sa.select(slip).where(slip.c.id == slip_id)).mappings().one()
    if row["office_id"] is not None:
        return surviving_office(connection, row["office_id"])
    return office_of(connection, code_of(row["design"], row["edition"], row["serial"]))


def find_office_of_slip(store: Store, slip_id: int) -> Office | None:
    """The office of a slip, as far as it is known."""
    with store.read() as connection:
        office_id = office_of_slip(connection, slip_id)
        return None if office_id is None else find_office_within(connection, office_id)


def set_office_of_slip(store: Store, slip_id: int, office_id: str, who: str) -> None:
    """Say which office a slip came from; raises UsageError when it does not wait, or for an unknown office."""
    with store.write() as connection:
        survivor = _must_exist(connection, office_id)
        waits = (slip.c.id == slip_id, slip.c.state == SlipState.REVIEW)
        if connection.execute(slip.update().where(*waits).values(office_id=survivor)).rowcount != 1:
            raise UsageError(f"Slip s{slip_id} does not wait for a person: set the office of its referral.")
        audit.append(connection, store.clock.now(), who, "set_office", f"slip {slip_id}", {"office": survivor})
        crashpoint("office_of_slip.before_commit")
    crashpoint("office_of_slip.committed")


def set_office_of_referral(
    store: Store, referral_id: int, office_id: str, who: str, *, others_too: bool = False
) -> list[int]:
    """Say which office a referral came from; it counts for that office from now on.

    With `others_too` also for the provider's other referrals whose office is not known. Returns the referrals that
    were changed. Raises NotOnRecordError when there is no such referral, UsageError for an unknown office.
    """
    with store.write() as connection:
        survivor = _must_exist(connection, office_id)
        row = _referral(connection, referral_id)
        changed = [row, *(_officeless(connection, row) if others_too else ())]
        ids = [changed_row["id"] for changed_row in changed]
        for changed_row in changed:
            move_referral(connection, store, changed_row, survivor, ids)
            subject = f"referral {changed_row['id']}"
            audit.append(connection, store.clock.now(), who, "set_office", subject, {"office": survivor})
        crashpoint("office_of_referral.before_commit")
    crashpoint("office_of_referral.committed")
    return ids


def move_referral(
    connection: Connection, store: Store, row: RowMapping, office_id: str, together: Collection[int]
) -> None:
    """Have a referral count for an office, and its letters go to who signed it there, in the caller's transaction.

    `together` are the referrals that move with it, itself included.
    """
    provider_id = row["provider_id"]
    if provider_id is not None:
        staying = connection.execute(_signed(provider_id).where(referral.c.id.not_in(list(together))).limit(1)).first()
        provider_id = provider_in_office(connection, store, provider_id, office_id, may_move=staying is None)
    values = {"office_id": office_id, "provider_id": provider_id}
    connection.execute(referral.update().where(referral.c.id == row["id"]).values(values))
    changes.note(connection, ChangedNoun.REFERRAL, [row["id"]], ChangeKind.CHANGED)


def count_officeless(store: Store, referral_id: int) -> int:
    """How many other referrals of the same provider there are whose office is not known."""
    with store.read() as connection:
        return len(_officeless(connection, _referral(connection, referral_id)))


def offices_of_name(store: Store, provider_name: str) -> list[Office]:
    """The offices where somebody of that name signs, in the order they were entered."""
    key = name_key(provider_name)[:KEY_MOST]
    query = (
        sa.select(provider.c.office_id)
        .where(provider.c.name_key == key, provider.c.merged_into.is_(None), provider.c.office_id.is_not(None))
        .order_by(provider.c.id)
    )
    with store.read() as connection:
        found = connection.execute(query).scalars() if key else ()
        ids = dict.fromkeys(surviving_office(connection, office_id) for office_id in found)
        return [find_office_within(connection, office_id) for office_id in ids if office_id is not None]


def _must_exist(connection: Connection, office_id: str) -> str:
    survivor = surviving_office(connection, office_id)
    if survivor is None:
        raise UsageError(
            f'There is no office "{office_id}"', "add it with `refpad offices add`", "add it on the page Offices"
        )
    return survivor


def _referral(connection: Connection, referral_id: int) -> RowMapping:
    row = connection.execute(sa.select(referral).where(referral.c.id == referral_id)).mappings().first()
    if row is None:
        raise NotOnRecordError(f"There is no referral {referral_id}")
    return row


def _signed(provider_id: int) -> "sa.Select[tuple[object, ...]]":
    return sa.select(referral).where(referral.c.provider_id == provider_id)


def _officeless(connection: Connection, row: RowMapping) -> Sequence[RowMapping]:
    if row["provider_id"] is None:
        return ()
    others = _signed(row["provider_id"]).where(referral.c.office_id.is_(None), referral.c.id != row["id"])
    return connection.execute(others.order_by(referral.c.id)).mappings().all()
