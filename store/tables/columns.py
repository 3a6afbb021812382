"""What all tables are made of."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultExecutionContext

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

IS_HELD = sa.text("worker IS NOT NULL")  # few rows, of however many: those that a worker has claimed


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC on every database; SQLite itself knows no time zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def content_hash(content: object) -> str:
    """SHA-256 of a JSON value, the same before it is written and after it was read, on every database."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def values_hash(row: Mapping[Any, object], names: Iterable[str]) -> str:
    """SHA-256 of some columns of a row, the same before it is written and after it was read, on every database."""
    values = (row.get(name) for name in names)
    return content_hash([None if value is None else str(value) for value in values])


def content_sha256(column: str) -> sa.Column[str]:
    """The hash of another column's JSON, written with the row: `refpad verify` finds what was changed behind it."""

    def of_row(context: DefaultExecutionContext) -> str:
        return content_hash(context.get_current_parameters()[column])  # type: ignore[no-untyped-call]

    return sa.Column("content_sha256", sa.String(64), default=of_row)


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """The column holds one of these."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def state(states: type[StrEnum], *, default: StrEnum | None = None) -> sa.Column[str]:
    """The column "state", which holds one of these and gives it back as their type."""
    kind = sa.Enum(states, native_enum=False, length=16, values_callable=lambda members: [one.value for one in members])
    return sa.Column("state", kind, nullable=False, default=default)


def key() -> sa.Column[int]:
    """A row's number."""
    return sa.Column("id", sa.Integer, primary_key=True)


def link(name: str, to: str, *, nullable: bool = False) -> sa.Column[int]:
    """The number of a row of another table."""
    return sa.Column(name, sa.ForeignKey(to), nullable=nullable)


def set_only(table: str, column: str) -> sa.Index:
    """An index of a column that few rows have a value in, of those rows alone.

    With all of them in it SQLite reads the whole table instead, once it has counted how many are alike (ANALYZE).
    """
    is_set = sa.text(f"{column} IS NOT NULL")
    return sa.Index(f"ix_{table}_{column}", column, sqlite_where=is_set, postgresql_where=is_set)
