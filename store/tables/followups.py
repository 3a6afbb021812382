"""Follow-ups, their history, and their letters."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext

from schemas.followup import FollowUpState
from schemas.letter import LetterState
from store.tables.columns import IS_HELD, UtcTime, key, link, metadata, one_of, set_only, state, values_hash

_IS_OPEN = sa.text("ended_on IS NULL")
# What of a follow-up its hash covers: whose it is, what, when, and whether it is over.
HASHED = ("referral_id", "slip_id", "office_id", "kind", "cycle", "due", "planned_due", "state", "ended_on")


def follow_up_hash(row: Mapping[Any, object]) -> str:
    """SHA-256 of what `HASHED` names."""
    return values_hash(row, HASHED)


def _hash_of_new(context: DefaultExecutionContext) -> str:
    return follow_up_hash(context.get_current_parameters())  # type: ignore[no-untyped-call]


# `planned_due` is what the rule said, `due` the day that counts: a person may have postponed it. `generation` fences a
# lease. A follow-up belongs to a referral, a slip or an office; `asked` are the fields that an office is asked for.
follow_up = sa.Table(
    "follow_up",
    metadata,
    key(),
    link("referral_id", "referral.id", nullable=True),
    link("slip_id", "slip.id", nullable=True),
    sa.Column("office_id", sa.ForeignKey("office.id")),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("cycle", sa.Integer, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("planned_due", sa.Date, nullable=False),
    state(FollowUpState, default=FollowUpState.OPEN),
    sa.Column("owner", sa.String(80), nullable=False, default=""),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("ended_on", sa.Date),
    sa.Column("settled_by", sa.Text),
    sa.Column("settled_at", UtcTime),
    sa.Column("note", sa.Text),
    sa.Column("asked", sa.JSON(none_as_null=True)),
    sa.Column("worker", sa.String(64)),
    sa.Column("lease_until", UtcTime),
    sa.Column("generation", sa.Integer, nullable=False, default=0),
    sa.Column("content_sha256", sa.String(64), default=_hash_of_new),
    sa.UniqueConstraint("referral_id", "kind", "cycle"),
    sa.UniqueConstraint("slip_id", "kind", "cycle"),
    sa.UniqueConstraint("office_id", "kind", "cycle"),
    one_of("state", *FollowUpState),
    sa.CheckConstraint("(ended_on IS NOT NULL) = (state IN ('done', 'skipped'))", name="ended"),
    sa.CheckConstraint(
        "CASE WHEN referral_id IS NULL THEN 0 ELSE 1 END + CASE WHEN slip_id IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN office_id IS NULL THEN 0 ELSE 1 END = 1",
        name="one_subject",
    ),
    # Open follow-ups in the order of the list: of years of follow-ups only these are read.
    sa.Index("ix_follow_up_standing", "due", "id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    sa.Index("ix_follow_up_owner", "owner", "due", "id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    set_only("follow_up", "slip_id"),  # the constraints' indexes have those of referrals too, nearly all
    set_only("follow_up", "office_id"),
    sa.Index("ix_follow_up_worker", "worker", sqlite_where=IS_HELD, postgresql_where=IS_HELD),
)

# What happened to a follow-up after it was made, for people to read; the audit has the proof.
follow_up_event = sa.Table(
    "follow_up_event",
    metadata,
    key(),
    link("follow_up_id", "follow_up.id"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.String(32), nullable=False),
    sa.Column("due", sa.Date),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Index("ix_follow_up_event_follow_up_id", "follow_up_id"),
)

# One letter. `message_id` is fixed when it is made, so that two copies of a mail are recognized as one.
outbox = sa.Table(
    "outbox",
    metadata,
    key(),
    link("follow_up_id", "follow_up.id"),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("cycle", sa.Integer, nullable=False),
    state(LetterState, default=LetterState.WAITING),
    sa.Column("written_at", UtcTime, nullable=False),
    sa.Column("made_at", UtcTime),
    sa.Column("pdf_sha256", sa.String(64)),
    sa.Column("channel", sa.String(8)),
    sa.Column("recipient", sa.JSON(none_as_null=True)),
    sa.Column("message_id", sa.String(120)),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_try_at", UtcTime),
    link("batch_id", "print_batch.id", nullable=True),
    sa.Column("message", sa.Text),
    sa.Column("released_by", sa.Text),
    sa.Column("sent_at", UtcTime),
    sa.Column("sent_by", sa.Text),
    sa.UniqueConstraint("follow_up_id", "kind", "cycle"),
    one_of("state", *LetterState),
    sa.Index("ix_outbox_state", "state"),
)
