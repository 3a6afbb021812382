"""Files set aside: to be read again as a certain pad, or settled by a person.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("file", sa.Column("read_as", sa.String(8)))
    op.create_table(
        "settled_file",
        sa.Column("file_id", sa.Integer, sa.ForeignKey("file.id"), primary_key=True),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
    )
