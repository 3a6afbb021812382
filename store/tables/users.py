"""Who may use the front desk."""

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

# Browsers in which a user has signed in; like a session's, their tokens are kept as hashes, and let nobody in.
login_device = sa.Table(
    "login_device",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_name", sa.ForeignKey("desk_user.name"), nullable=False),
    sa.Column("added_at", UtcTime, nullable=False),
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

# Where a calendar program fetches the follow-ups without signing in. `names` says how patients are named there; kept
# as a hash like a session's token.
calendar_address = sa.Table(
    "calendar_address",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("user_name", sa.ForeignKey("desk_user.name"), nullable=False),
    sa.Column("names", sa.String(16), nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("revoked_at", UtcTime),
)

# With what another program reads the record, of the kinds that `scopes` names; kept as a hash, too.
api_token = sa.Table(
    "api_token",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("revoked_at", UtcTime),
)
