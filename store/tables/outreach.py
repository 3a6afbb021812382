"""Visits to offices and talks with their staff."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext

from schemas.outreach.entries import OutreachState
from store.tables.columns import UtcTime, key, link, metadata, one_of, state, values_hash

# What of it its hash covers: what was said, and of which office.
HASHED = ("office_id", "provider_id", "on", "state", "way", "with_whom", "about", "pads_left")


def outreach_hash(row: Mapping[Any, object]) -> str:
    """SHA-256 of what `HASHED` names."""
    return values_hash(row, HASHED)


def _hash_of_new(context: DefaultExecutionContext) -> str:
    return outreach_hash(context.get_current_parameters())  # type: ignore[no-untyped-call]


# `follow_up_id` is the follow-up that is due on the day of one that was planned.
outreach = sa.Table(
    "outreach",
    metadata,
    key(),
    sa.Column("office_id", sa.ForeignKey("office.id"), nullable=False),
    link("provider_id", "provider.id", nullable=True),
    sa.Column("on", sa.Date, nullable=False),
    state(OutreachState),
    sa.Column("way", sa.String(8), nullable=False),
    sa.Column("with_whom", sa.Text, nullable=False, default=""),
    sa.Column("about", sa.Text, nullable=False, default=""),
    sa.Column("pads_left", sa.Integer),
    sa.Column("follow_up_id", sa.ForeignKey("follow_up.id"), unique=True),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("content_sha256", sa.String(64), default=_hash_of_new),
    one_of("state", *OutreachState),
    sa.Index("ix_outreach_office_id", "office_id", "on"),
)
