"""The record has a name, after which its anchor outside the record is called; it takes the place of the marker file.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Add the table, without its row: that is written when the anchor is there."""
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("keyed_from", sa.Integer, nullable=False),
        sa.Column("put_back_at", sa.DateTime(timezone=True)),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        sa.Column("acknowledged_by", sa.Text),
    )
    op.add_column("audit", sa.Column("key_id", sa.String(16)))
    op.drop_table("place")
