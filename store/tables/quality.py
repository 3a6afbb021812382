"""What people found of single values: right or wrong, and never a word of what they say."""

import sqlalchemy as sa

from store.tables.columns import UtcTime, key, link, metadata, one_of

# One written value that a person confirmed or corrected. `source` is why: it was a doubt; it was sure and drawn for a
# look, with the probability `chance`; or it was found wrong though nobody had asked about it.
example = sa.Table(
    "example",
    metadata,
    key(),
    link("slip_id", "slip.id"),
    sa.Column("field", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("reader", sa.String(40), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("source", sa.String(8), nullable=False),
    sa.Column("chance", sa.Float, nullable=False),
    sa.Column("is_right", sa.Boolean, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.UniqueConstraint("slip_id", "field"),
    one_of("source", "doubt", "look", "found"),
    sa.Index("ix_example_kind", "kind", "id"),
)

# A bar that was chosen for a kind of value, or given up (`bar` NULL): the newest of each kind counts. Examples up to
# number `after_example` count no more. `error` and `error_most` are what was expected among what passes, and its safe
# side.
bar_change = sa.Table(
    "bar_change",
    metadata,
    key(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("bar", sa.Float),
    sa.Column("before", sa.Float, nullable=False),
    sa.Column("cause", sa.String(16), nullable=False),
    sa.Column("after_example", sa.Integer, nullable=False),
    sa.Column("examples", sa.Integer, nullable=False),
    sa.Column("error", sa.Float),
    sa.Column("error_most", sa.Float),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    one_of("cause", "tightened", "loosened", "reset"),
)
