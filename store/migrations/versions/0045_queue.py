"""The review queue in its order, the latest referral of an office, and what workers hold, each by an index.

Frozen: a later change of the tables is a later revision.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
AT_ONCE = 1000
SLIPS = """
SELECT slip.id, slip.file_id, slip.page, file.received_on, CAST(slip.findings AS TEXT) AS findings,
    EXISTS (SELECT 1 FROM answer_sheet WHERE answer_sheet.of_slip_id = slip.id AND answer_sheet.is_used) AS is_answered
FROM slip JOIN file ON file.id = slip.file_id
WHERE slip.state = 'review' OR EXISTS (
    SELECT 1 FROM second_look WHERE second_look.slip_id = slip.id AND second_look.settled_at IS NULL
)
"""
PAGES = """
SELECT page.id, page.file_id, page.page, file.received_on, page.reason
FROM page JOIN file ON file.id = page.file_id WHERE page.state = 'review'
"""


def upgrade() -> None:
    """Add the table with what waits, and the day to the index."""
    made = op.create_table(
        "waiting",
        sa.Column("noun", sa.String(1), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("place", sa.SmallInteger, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("file_id", sa.Integer, sa.ForeignKey("file.id"), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("other_slip", sa.Integer),
    )
    order = ["code", "place", "received_on", "file_id", "page", "noun", "number"]
    op.create_index("ix_waiting_order", "waiting", order)
    op.create_index("ix_waiting_file_id", "waiting", ["file_id"])
    named = sa.text("other_slip IS NOT NULL")
    op.create_index("ix_waiting_other_slip", "waiting", ["other_slip"], sqlite_where=named, postgresql_where=named)
    rows = list(_rows(op.get_bind()))
    for start in range(0, len(rows), AT_ONCE):
        op.bulk_insert(made, rows[start : start + AT_ONCE])
    op.drop_index("ix_referral_office_id", "referral")
    op.create_index("ix_referral_office_id", "referral", ["office_id", "accepted_on"])
    held = sa.text("worker IS NOT NULL")
    for table in ("file", "follow_up"):
        op.create_index(f"ix_{table}_worker", table, ["worker"], sqlite_where=held, postgresql_where=held)


def _rows(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    for row in connection.execute(sa.text(SLIPS).columns(received_on=sa.Date)):
        others: dict[str, int | None] = {}
        for finding in json.loads(row.findings):
            others[finding["code"]] = others.get(finding["code"]) or finding.get("other_slip")
        yield from _of("s", row, 0 if row.is_answered else 1, others)
    for row in connection.execute(sa.text(PAGES).columns(received_on=sa.Date)):
        yield from _of("p", row, 1, {row.reason: None} if row.reason else {})


def _of(noun: str, row: sa.Row[Any], place: int, others: dict[str, int | None]) -> Iterator[dict[str, Any]]:
    shared = {"noun": noun, "number": row.id, "place": place, "received_on": row.received_on}
    shared |= {"file_id": row.file_id, "page": row.page}
    for code, other in {"": None, **(others or {"second_look": None})}.items():
        yield {**shared, "code": code, "other_slip": other}
