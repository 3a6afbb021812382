"""Which record this is, and whether it was put back."""

import sqlalchemy as sa

from store.tables.columns import UtcTime, metadata

# One row. `name` is that of the anchor (store/anchor/anchor.py), which lies outside the record; audit lines before
# `keyed_from` were chained without a key. A record that was put back waits until somebody has acknowledged it. Where
# several studios print pads, those from `serial_first` to `serial_last` are this one's.
installation = sa.Table(
    "installation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(32), nullable=False),
    sa.Column("keyed_from", sa.Integer, nullable=False),
    sa.Column("put_back_at", UtcTime),
    sa.Column("acknowledged_at", UtcTime),
    sa.Column("acknowledged_by", sa.Text),
    sa.Column("serial_first", sa.Integer),
    sa.Column("serial_last", sa.Integer),
)
