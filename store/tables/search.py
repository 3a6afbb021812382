"""The words that referrals are found by."""

import sqlalchemy as sa

from store.tables.columns import metadata

# Every word that referrals can be found by, once; `kind` is text, phone or serial.
search_word = sa.Table(
    "search_word",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("word", sa.String(40), nullable=False),
    sa.UniqueConstraint("kind", "word"),
)

# Which referral has the word; `place` is the best of the places where it stands, 0 the patient's name.
search_hit = sa.Table(
    "search_hit",
    metadata,
    sa.Column("word_id", sa.ForeignKey("search_word.id"), primary_key=True),
    sa.Column("referral_id", sa.ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("place", sa.SmallInteger, nullable=False),
    sa.Index("ix_search_hit_referral_id", "referral_id"),
)
