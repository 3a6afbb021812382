"""Second looks: slips accepted by the machine that come to a person all the same, and crops looked at in groups.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "second_look",
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id"), primary_key=True),
        sa.Column("cause", sa.String(8), nullable=False),
        sa.Column("drawn_at", _TIME, nullable=False),
        sa.Column("settled_at", _TIME),
        sa.Column("settled_by", sa.Text),
        sa.Column("values_seen", sa.Integer),
        sa.Column("wrong", sa.JSON(none_as_null=True)),
        sa.CheckConstraint("cause IN ('sample', 'group')", name="cause"),
    )
    op.create_index("ix_second_look_settled_at", "second_look", ["settled_at"])
    op.create_table(
        "crop_look",
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id"), primary_key=True),
        sa.Column("field", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("is_right", sa.Boolean, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
    )
