"""Which serials are this studio's, where several print pads on one installation.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Two columns beside the record's name; a record of one studio has neither."""
    op.add_column("installation", sa.Column("serial_first", sa.Integer))
    op.add_column("installation", sa.Column("serial_last", sa.Integer))
