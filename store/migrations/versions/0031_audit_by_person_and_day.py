"""The audit is looked through by person and by day: with years of lines, each has its index.

Frozen: a later change of the tables is a later revision.
"""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_audit_who", "audit", ["who"])
    op.create_index("ix_audit_at", "audit", ["at"])
