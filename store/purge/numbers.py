"""Numbers are never given twice: the audit still speaks of rows that went."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.tables import metadata, purge


def last_numbers(connection: Connection) -> dict[str, int]:
    """The last number that each table has given, by its name: of its rows, and before a purge."""
    before = connection.execute(sa.select(purge.c.numbers).order_by(purge.c.id.desc()).limit(1)).scalar() or {}
    numbers = {}
    for table in metadata.sorted_tables:
        if "id" in table.c and isinstance(table.c.id.type, sa.Integer):
            last = connection.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0
            numbers[table.name] = max(int(last), int(before.get(table.name, 0)))
    return numbers


def keep_numbers(connection: Connection) -> None:
    """Have a database whose rows were copied into it number new ones after the last that was given."""
    for name, last in last_numbers(connection).items():
        if connection.dialect.name == "sqlite":
            later = sa.text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :name")
            connection.execute(later, {"last": last, "name": name})
        else:
            sequence = sa.func.pg_get_serial_sequence(name, "id")
            connection.execute(sa.select(sa.func.setval(sequence, max(last, 1), last > 0)))
