"""When a patient is to come, and whether they came."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext

from schemas.appointment import AppointmentState
from store.tables.columns import UtcTime, key, link, metadata, one_of, state, values_hash

# What of an appointment its hash covers: what reports count.
HASHED = ("referral_id", "on", "at", "state", "minutes", "note")


def appointment_hash(row: Mapping[Any, object]) -> str:
    """SHA-256 of what `HASHED` names."""
    return values_hash(row, HASHED)


def _hash_of_new(context: DefaultExecutionContext) -> str:
    return appointment_hash(context.get_current_parameters())  # type: ignore[no-untyped-call]


# One a day of a referral: a click that came twice is one session.
appointment = sa.Table(
    "appointment",
    metadata,
    key(),
    link("referral_id", "referral.id"),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("at", sa.Time),
    state(AppointmentState),
    sa.Column("minutes", sa.Integer),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("content_sha256", sa.String(64), default=_hash_of_new),
    sa.UniqueConstraint("referral_id", "on"),
    one_of("state", *AppointmentState),
    sa.Index("ix_appointment_on", "on"),
)
