"""Patients: one for each referral that there is, with the referral's own number; people say later which are one.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Add the table, and give each referral its patient; joined is nobody."""
    op.create_table(
        "patient",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("merged_into", sa.Integer, sa.ForeignKey("patient.id")),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_patient_merged_into", "patient", ["merged_into"])
    op.execute(
        "ALTER TABLE referral ADD COLUMN patient_id INTEGER CONSTRAINT fk_referral_patient_id REFERENCES patient (id)"
    )
    op.execute("INSERT INTO patient (id, added_at) SELECT id, accepted_at FROM referral")
    op.execute("UPDATE referral SET patient_id = id")
    op.create_index("ix_referral_patient_id", "referral", ["patient_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('patient', 'id'), coalesce(max(id), 0) + 1, false) FROM patient"
        )
