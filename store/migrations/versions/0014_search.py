"""An index of words to find referrals by, and indexes for the lists of the front desk.

Frozen: a later change of the tables is a later revision. The front desk fills the index at its next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Create the tables and the index."""
    op.create_table(
        "search_word",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("word", sa.String(40), nullable=False),
        sa.UniqueConstraint("kind", "word"),
    )
    op.create_table(
        "search_hit",
        sa.Column("word_id", sa.Integer, sa.ForeignKey("search_word.id"), primary_key=True),
        sa.Column("referral_id", sa.Integer, sa.ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.SmallInteger, nullable=False),
    )
    op.create_index("ix_search_hit_referral_id", "search_hit", ["referral_id"])
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_index("ix_page_state", "page", ["state"])
    op.create_index("ix_occurrence_state", "occurrence", ["state"])
    op.create_index("ix_referral_accepted_by", "referral", ["accepted_by"])
