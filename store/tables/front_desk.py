"""The front desk's tables: who may come in, what they said about slips, what was looked at again."""

import sqlalchemy as sa

from schemas.users import Role
from store.tables.columns import UtcTime, metadata

_ROLES = ", ".join(f"'{role.value}'" for role in Role)

# A removed user keeps the row: the audit names it.
desk_user = sa.Table(
    "desk_user",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password_hash", sa.Text),
    sa.Column("added_at", UtcTime, nullable=False),
    sa.Column("removed_at", UtcTime),
    sa.CheckConstraint(f"role IN ({_ROLES})", name="role"),
)

# Tokens are kept as their SHA-256 only: who reads the database cannot sign in with it.
desk_session = sa.Table(
    "desk_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_name", sa.ForeignKey("desk_user.name"), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
)

# `user_name` is None for a name that nobody has: what was typed may have been a password.
login_failure = sa.Table(
    "login_failure",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_name", sa.String(40)),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("ix_login_failure_at", "at"),
)

# `user_name` is None in the link of the first start, which makes the first admin.
invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_name", sa.ForeignKey("desk_user.name")),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("until", UtcTime, nullable=False),
    sa.CheckConstraint(f"role IN ({_ROLES})", name="role"),
)

# One word of a person about a slip: `changes` is what it made of the fields, for people; `before` the readings it
# replaced, to undo it; `version` the slip's after it.
correction = sa.Table(
    "correction",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("slip_id", sa.ForeignKey("slip.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
    sa.Column("changes", sa.JSON, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("undone_by", sa.Text),
    sa.Column("undone_at", UtcTime),
    sa.Index("ix_correction_slip_id", "slip_id"),
)

# A file set aside of which a person said what it is: it stays set aside, and is asked about no more.
settled_file = sa.Table(
    "settled_file",
    metadata,
    sa.Column("file_id", sa.ForeignKey("file.id"), primary_key=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

# A slip that the machine accepted and a person is to look at all the same: drawn by chance, or because somebody called
# one of its crops wrong. `wrong` are the fields that were, of `values_seen`, once it is settled.
second_look = sa.Table(
    "second_look",
    metadata,
    sa.Column("slip_id", sa.ForeignKey("slip.id"), primary_key=True),
    sa.Column("cause", sa.String(8), nullable=False),
    sa.Column("drawn_at", UtcTime, nullable=False),
    sa.Column("settled_at", UtcTime),
    sa.Column("settled_by", sa.Text),
    sa.Column("values_seen", sa.Integer),
    sa.Column("wrong", sa.JSON(none_as_null=True)),
    sa.CheckConstraint("cause IN ('sample', 'group')", name="cause"),
    sa.Index("ix_second_look_settled_at", "settled_at"),
)

# One field of one slip, seen in a group of crops that were all read as `value`.
crop_look = sa.Table(
    "crop_look",
    metadata,
    sa.Column("slip_id", sa.ForeignKey("slip.id"), primary_key=True),
    sa.Column("field", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("is_right", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

# Every word that referrals can be found by, once; `kind` is text, phone or serial.
search_word = sa.Table(
    "search_word",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("word", sa.String(40), nullable=False),
    sa.UniqueConstraint("kind", "word"),
)

# Which referral has the word; `place` is the best of the places where it stands, 0 the patient's name.
search_hit = sa.Table(
    "search_hit",
    metadata,
    sa.Column("word_id", sa.ForeignKey("search_word.id"), primary_key=True),
    sa.Column("referral_id", sa.ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("place", sa.SmallInteger, nullable=False),
    sa.Index("ix_search_hit_referral_id", "referral_id"),
)

# An ICD-10-CM code that a person has confirmed for the diagnosis on a slip.
slip_code = sa.Table(
    "slip_code",
    metadata,
    sa.Column("slip_id", sa.ForeignKey("slip.id"), primary_key=True),
    sa.Column("code", sa.String(8), primary_key=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)
