"""Files that stay in the inbox for some minutes after they were taken in, and what they were before they changed there.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the columns; no drop so far was kept."""
    op.execute("ALTER TABLE occurrence ADD COLUMN version_of INTEGER REFERENCES occurrence (id)")
    op.add_column("occurrence", sa.Column("kept_until", sa.DateTime(timezone=True)))
    op.create_index("ix_occurrence_version_of", "occurrence", ["version_of"])
    op.create_index("ix_occurrence_kept_until", "occurrence", ["kept_until"])
