"""How many pages each file had when it was read, so that `refpad verify` finds the loss of its last ones.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the column, and count what is on record: from now on nothing of it goes unnoticed."""
    op.add_column("file", sa.Column("page_count", sa.Integer))
    op.execute(
        "UPDATE file SET page_count = (SELECT max(page) FROM page WHERE page.file_id = file.id) "
        "WHERE id IN (SELECT file_id FROM page)"
    )
