"""What of a referral's letters has been sent, for whoever gives the reports to another program."""

from datetime import datetime

import sqlalchemy as sa

from schemas.base import Value
from schemas.letter import LetterState
from schemas.office import Provider
from store.database import Store
from store.directory.providers import find_provider
from store.kept_files.kept_file import KeptFile
from store.tables import follow_up, outbox, referral, slip


class ReferralPapers(Value):
    """When a referral became a record, its slip's own crop, and the pages that were sent, by their follow-ups.

    `provider` is who signed, the one into whom they were merged; None where the slip names nobody.
    """

    accepted_at: datetime
    slip_id: int
    slip: KeptFile | None
    provider: Provider | None
    sent: dict[int, KeptFile]


def papers_of(store: Store, referral_id: int) -> ReferralPapers:
    """The papers of a referral that is on record."""
    told = (*referral.c["accepted_at", "slip_id", "provider_id"], slip.c.picture_sha256)
    own = sa.select(*told).join(slip, slip.c.id == referral.c.slip_id)
    pages = (
        sa.select(outbox.c.follow_up_id, outbox.c.pdf_sha256)
        .join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
        .where(follow_up.c.referral_id == referral_id, outbox.c.state == LetterState.SENT.value)
        .order_by(outbox.c.id)
    )
    with store.read() as connection:
        row = connection.execute(own.where(referral.c.id == referral_id)).one()
        provider = find_provider(connection, row.provider_id) if row.provider_id is not None else None
        sent = {page.follow_up_id: store.letter(page.pdf_sha256) for page in connection.execute(pages)}
    picture = store.picture(row.picture_sha256) if row.picture_sha256 else None
    return ReferralPapers(accepted_at=row.accepted_at, slip_id=row.slip_id, slip=picture, provider=provider, sent=sent)
