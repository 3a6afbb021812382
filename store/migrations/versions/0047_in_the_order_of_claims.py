"""The files that wait, by an index in the order in which they are claimed.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """Make the index anew."""
    waits, tries = sa.text("state = 'waiting'"), sa.text("(attempts + returns)")
    op.drop_index("ix_file_waiting", "file")
    op.create_index("ix_file_waiting", "file", ["state", tries, "id"], sqlite_where=waits, postgresql_where=waits)
