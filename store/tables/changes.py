"""What changed on record, in its order: other programs read on from where they were."""

import sqlalchemy as sa

from store.tables.columns import key, metadata

# One line for each act that changes what an export says of a referral or follow-up; numbers alone, of no patient, so
# that a purge leaves it. `mark` is drawn by chance: a record that was put back has other marks at the same numbers.
change = sa.Table(
    "change",
    metadata,
    key(),
    sa.Column("noun", sa.String(16), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("mark", sa.String(8), nullable=False),
)
