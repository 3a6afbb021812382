"""Referrals are found by checked conditions and confirmed codes too: the words of those on record are written anew.

Without any words a referral is entered at the next start. Frozen: a later change of the tables is a later revision.
"""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Forget what referrals were found by."""
    op.execute("DELETE FROM search_hit")
    op.execute("DELETE FROM search_word")
