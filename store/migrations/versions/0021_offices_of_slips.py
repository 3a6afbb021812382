"""The office of a slip as a person says it, for slips without a serial number that tells.

Frozen: a later change of the tables is a later revision.
"""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the column; written out, because SQLite adds a key to another table only together with its column."""
    op.execute("ALTER TABLE slip ADD COLUMN office_id VARCHAR(40) CONSTRAINT fk_slip_office_id REFERENCES office (id)")
