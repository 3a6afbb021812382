"""Browsers in which users have signed in; wrong tries are no longer kept here, for nobody is locked out by them.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Put the one table in the place of the other."""
    op.drop_table("login_failure")
    op.create_table(
        "login_device",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_name", sa.String(40), sa.ForeignKey("desk_user.name"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
