"""What passed between a provider and the studio: their referrals, and the letters about these."""

from datetime import date, datetime

import sqlalchemy as sa

from schemas.base import Value
from schemas.followup import LetterKind
from schemas.letter import LetterState
from schemas.office import Provider
from store.database import Store
from store.directory.providers import find_provider, is_provider
from store.letter_since import letters_since
from store.tables import follow_up, outbox, provider, referral

SHOWN_MOST = 50


class ProviderReferral(Value):
    """A referral that they signed."""

    id: int
    patient_name: str
    accepted_on: date
    has_office: bool


class ProviderLetter(Value):
    """A letter about one of their referrals, and since when it is in its state."""

    id: int
    kind: LetterKind
    state: LetterState
    since: datetime
    referral_id: int
    patient_name: str


class ProviderWork(Value):
    """A provider with the newest of their referrals and letters, SHOWN_MOST of each, and how many there are in all."""

    provider: Provider
    referrals: tuple[ProviderReferral, ...]
    letters: tuple[ProviderLetter, ...]
    referrals_in_all: int
    letters_in_all: int


def provider_work(store: Store, provider_id: int) -> ProviderWork:
    """The provider, or whom they were merged into; raises NotOnRecordError."""
    name = referral.c.record["patient_name"].as_string().label("patient_name")
    with store.read() as connection:
        found = find_provider(connection, provider_id)
        same = sa.select(provider.c.id).where(is_provider(found.id))
        theirs = referral.c.provider_id.in_(same)
        own = sa.select(
            referral.c.id, name, referral.c.accepted_on, referral.c.office_id.is_not(None).label("has_office")
        )
        about = (
            sa.select(*outbox.c["id", "kind", "state"], follow_up.c.referral_id, name)
            .join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
            .join(referral, referral.c.id == follow_up.c.referral_id)
        )
        referrals, letters = own.where(theirs), about.where(theirs)
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
            for query in (referrals, letters)
        ]
        newest = connection.execute(referrals.order_by(referral.c.id.desc()).limit(SHOWN_MOST)).mappings()
        latest = connection.execute(letters.order_by(outbox.c.id.desc()).limit(SHOWN_MOST)).mappings().all()
        since = letters_since(connection, [row["id"] for row in latest])
        return ProviderWork(
            provider=found,
            referrals=tuple(ProviderReferral(**row) for row in newest),
            letters=tuple(ProviderLetter(**row, since=since[row["id"]]) for row in latest),
            referrals_in_all=counts[0],
            letters_in_all=counts[1],
        )
