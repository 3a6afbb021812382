"""Entries that somebody began and did not finish."""

from datetime import datetime

import sqlalchemy as sa

from schemas.base import Value
from schemas.course import EntryKind
from store.database import Store
from store.tables import course_entry, referral

LISTED_MOST = 50


class EntryDraft(Value):
    """One of them, with the patient it is about."""

    id: int
    referral_id: int
    kind: EntryKind
    changed_at: datetime
    changed_by: str
    patient_name: str


def drafts(store: Store) -> list[EntryDraft]:
    """The drafts, the latest first, at most LISTED_MOST."""
    columns = course_entry.c["id", "referral_id", "kind", "changed_at", "changed_by"]
    query = (
        sa.select(*columns, referral.c.record["patient_name"].as_string().label("patient_name"))
        .join(referral, referral.c.id == course_entry.c.referral_id)
        .where(course_entry.c.state == "draft")
        .order_by(course_entry.c.changed_at.desc())
        .limit(LISTED_MOST)
    )
    with store.read() as connection:
        return [EntryDraft(**row) for row in connection.execute(query).mappings()]
