"""To whom a letter goes: the provider who signed, at the office whose pad it was, the way they want it."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.errors import NotOnRecordError
from schemas.letter import Prefers, Recipient
from schemas.office import Office, Provider
from store.database import Store
from store.directory.offices import find_office_within, surviving_office
from store.directory.providers import find_provider
from store.referrals.offices import office_of_slip
from store.tables import referral


def recipient_of_referral(store: Store, referral_id: int) -> Recipient:
    """The provider who signed; where the name is not known, the office."""
    with store.read() as connection:
        return _of_referral(connection, referral_id)


def recipient_of_slip(store: Store, slip_id: int) -> Recipient:
    """The office that was given the slip, or that a person named; of one in review no name is certain yet."""
    with store.read() as connection:
        return _of_slip(connection, slip_id)


def recipient_of_office(store: Store, office_id: str) -> Recipient:
    """The person of the office whom one asks for."""
    with store.read() as connection:
        return _of_office(connection, office_id)


def recipient_of_follow_up(connection: Connection, row: RowMapping) -> Recipient:
    """To whom the letter of a follow-up would go now; `row` names its referral, slip or office."""
    if row["referral_id"] is not None:
        return _of_referral(connection, row["referral_id"])
    if row["slip_id"] is not None:
        return _of_slip(connection, row["slip_id"])
    return _of_office(connection, row["office_id"])


def _of_referral(connection: Connection, referral_id: int) -> Recipient:
    columns = (referral.c.office_id, referral.c.provider_id, referral.c.record)
    row = connection.execute(sa.select(*columns).where(referral.c.id == referral_id)).first()
    if row is None:
        raise NotOnRecordError(f"There is no referral {referral_id}")
    provider = find_provider(connection, row.provider_id) if row.provider_id is not None else None
    office_id = provider.office_id if provider and provider.office_id else row.office_id
    return _recipient(_office(connection, office_id), provider, row.record["provider_name"])


def _of_slip(connection: Connection, slip_id: int) -> Recipient:
    """Once it is accepted, as its referral: what was said of that one counts."""
    accepted = connection.execute(sa.select(referral.c.id).where(referral.c.slip_id == slip_id)).scalar()
    if accepted is not None:
        return _of_referral(connection, accepted)
    return _recipient(_office(connection, office_of_slip(connection, slip_id)), None, "")


def _of_office(connection: Connection, office_id: str) -> Recipient:
    office = _office(connection, office_id)
    return _recipient(office, None, office.contact if office else "")


def _office(connection: Connection, office_id: str | None) -> Office | None:
    named = surviving_office(connection, office_id)
    return None if named is None else find_office_within(connection, named)


def _recipient(office: Office | None, provider: Provider | None, person: str) -> Recipient:
    """A provider's own fax or e-mail goes before the office's."""
    own_way = provider.prefers if provider and provider.prefers else None
    return Recipient(
        person=provider.name if provider else person,
        office=office.name if office else "",
        address=office.address if office else "",
        fax=(provider.fax if provider else "") or (office.fax if office else ""),
        email=(provider.email if provider else None) or (office.email if office else None),
        prefers=own_way or (office.prefers if office else Prefers.POST),
    )
