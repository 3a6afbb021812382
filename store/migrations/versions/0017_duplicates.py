"""What slips are compared by, for those on record too, and what people say of two that may be one.

Frozen: a later change of the tables is a later revision.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

revision = "0017"
down_revision = "0016"

_BATCH = 500


def upgrade() -> None:
    """Add the tables, and write the keys of every slip on record."""
    op.create_table(
        "slip_key",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id"), primary_key=True),
    )
    op.create_table(
        "duplicate_decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id"), nullable=False),
        sa.Column("other_id", sa.Integer, sa.ForeignKey("slip.id"), nullable=False),
        sa.Column("decision", sa.String(8), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decision IN ('same', 'new')", name="decision"),
    )
    op.create_index("ix_duplicate_decision_slip_id", "duplicate_decision", ["slip_id"])
    op.create_index("ix_duplicate_decision_other_id", "duplicate_decision", ["other_id"])
    connection = op.get_bind()
    for batch in _slips(connection):
        rows = [{"key": key, "slip_id": row.id} for row in batch for key in sorted(_keys_of_slip(row))]
        if rows:
            connection.execute(sa.table("slip_key", sa.column("key"), sa.column("slip_id")).insert(), rows)


def _slips(connection: Connection) -> Iterator[list[Any]]:
    slip = sa.table("slip", sa.column("id"), sa.column("draft", sa.JSON), sa.column("reading", sa.JSON))
    last = 0
    while batch := connection.execute(sa.select(slip).where(slip.c.id > last).order_by("id").limit(_BATCH)).all():
        yield list(batch)
        last = batch[-1].id


def _keys_of_slip(row: Any) -> set[int]:  # noqa: ANN401 - a row of no declared type
    return {key for version in (row.draft, row.reading) if version for key in _keys(version)}


def _keys(version: Mapping[str, Any]) -> Iterator[int]:
    """As `schemas.sameness.keys_of` made them when this was written."""
    said = {name: reading["value"] for name, reading in version.get("text", {}).items()}
    phone = "".join(re.findall("[0-9]", said.get("patient_phone", "")))[-10:]
    patient, provider = (_letters(said.get(name, "")) for name in ("patient_name", "provider_name"))
    signed = _day(said.get("signed_on", ""))
    boxes = ",".join(sorted(name for name, mark in version.get("marks", {}).items() if mark["value"] == "checked"))
    alone = (f"phone {phone}", f"patient {patient}", f"signed {signed}")
    parts = (f"end {phone[-4:]}", f"area {phone[:6]}", f"month {signed[:6]}", f"day {signed[6:]}", f"by {provider}")
    for text in (*(text for text in alone if not text.endswith(" ")), *(f"{boxes} {part}" for part in parts)):
        yield int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _letters(value: str) -> str:
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", value) if not unicodedata.combining(ch))
    return "".join(ch for ch in bare.casefold() if ch.isalnum())


def _day(value: str) -> str:
    """Machine readings are ISO dates; what people typed otherwise is found by its other keys."""
    try:
        return f"{date.fromisoformat(value):%Y%m%d}"
    except ValueError:
        return "".join(re.findall("[0-9]", value))
