"""People at the front desk: users, their sessions, failed log-ins, one-time links.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0004"

_TIME = sa.DateTime(timezone=True)
_ROLE = "role IN ('reviewer', 'admin')"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "desk_user",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("added_at", _TIME, nullable=False),
        sa.Column("removed_at", _TIME),
        sa.CheckConstraint(_ROLE, name="role"),
    )
    op.create_table(
        "desk_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_name", sa.String(40), sa.ForeignKey("desk_user.name"), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
    )
    op.create_table(
        "login_failure",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_name", sa.String(40)),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_index("ix_login_failure_at", "login_failure", ["at"])
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_name", sa.String(40), sa.ForeignKey("desk_user.name")),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.CheckConstraint(_ROLE, name="role"),
    )
