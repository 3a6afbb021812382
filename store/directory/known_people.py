"""The people on record, for whoever reads slips: providers, patients, and whose serials an office's slips carry."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.names.known_people import GivenSerials, KnownPatient, KnownPeople, KnownProvider
from store.database import Store
from store.directory.offices import survivors
from store.tables import provider, referral, serial_range

# The newest referrals, of a busy studio's last years: their patients are a megabyte, and are told with each file.
REFERRALS_MOST = 20_000


def known_people(store: Store) -> KnownPeople:
    """Everybody whom a slip may name: providers by each name they signed with, and patients by their telephone.

    Who belongs to an office that was merged counts to the one that stays.
    """
    with store.read() as connection:
        offices = survivors(connection)
        return KnownPeople(
            providers=_providers(connection, offices),
            patients=_patients(connection),
            serials=_serials(connection, offices),
        )


def _providers(connection: Connection, offices: dict[str, str]) -> tuple[KnownProvider, ...]:
    query = sa.select(provider.c.name, provider.c.office_id).order_by(provider.c.id)
    return tuple(KnownProvider(name=name, office_id=offices.get(at)) for name, at in connection.execute(query))


def _patients(connection: Connection) -> tuple[KnownPatient, ...]:
    """The patients of the newest referrals, each once, those who came last first."""
    name, phone = (referral.c.record[key].as_string() for key in ("patient_name", "patient_phone"))
    query = sa.select(name, phone).order_by(referral.c.id.desc()).limit(REFERRALS_MOST)
    each_once = dict.fromkeys((who, number) for who, number in connection.execute(query))
    return tuple(KnownPatient(name=who, phone=number) for who, number in each_once)


def _serials(connection: Connection, offices: dict[str, str]) -> tuple[GivenSerials, ...]:
    """All spans that were given to an office."""
    query = sa.select(serial_range).where(serial_range.c.office_id.is_not(None)).order_by(serial_range.c.id)
    return tuple(
        GivenSerials(
            design=span["design"],
            edition=span["edition"],
            first=span["first"],
            last=span["last"],
            office_id=offices[span["office_id"]],
        )
        for span in connection.execute(query).mappings()
    )
