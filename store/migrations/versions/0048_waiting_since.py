"""Since when each file waits to be read: one that is read again waits from then on, not since it came first.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """Add the column; the files on record have waited since they came first, as far as is known."""
    op.add_column("file", sa.Column("waiting_since", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE file SET waiting_since = (SELECT min(seen_at) FROM occurrence WHERE occurrence.file_id = file.id)"
    )
