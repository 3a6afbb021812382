"""Where each measure's record is: SQLite in its folder, or a new database of a PostgreSQL that is there."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from refpad.settings import Settings
from schemas.errors import MachineError

PREFIX = "refpad_bench_"


@contextmanager
def new_record(settings: Settings, server: str | None) -> Iterator[Settings]:
    """The settings with a database of their own for as long as the block lasts; without a server they are as they were.

    `server` is the URL of any database of a PostgreSQL whose account may create others; that one itself is not touched.
    Raises MachineError when none can be made there.
    """
    if server is None:
        yield settings
        return
    name = PREFIX + secrets.token_hex(6)
    _run(server, f"CREATE DATABASE {name}")
    try:
        own = make_url(server).set(database=name).render_as_string(hide_password=False)
        yield settings.model_copy(update={"database_url": SecretStr(own)})
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(server: str, statement: str) -> None:
    """Outside of a transaction, as PostgreSQL wants it; the driver's texts may quote the URL, and are not told."""
    try:
        url = make_url(server).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, hide_parameters=True, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(sa.text(statement))
        finally:
            engine.dispose()
    except SQLAlchemyError as error:
        raise MachineError(
            f"PostgreSQL did not {' '.join(statement.split()[:2]).lower()} ({type(error).__name__}): "
            "name one with --database whose account may create databases."
        ) from None
