"""What goes wrong with the database, in sentences that quote no row."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from schemas.errors import MachineError, NotOnRecordError

NO_CONNECTION = "PostgreSQL gives no connection: see that it runs, and that REFPAD_DATABASE_URL names it rightly."
DAMAGED = (["SQLITE", "CORRUPT"], ["SQLITE", "NOTADB"])  # sqlite.org/rescode.html, with their extended codes
OUT_OF_RANGE = (
    "22003"  # of PostgreSQL (its appendix A): a number that its column cannot hold; SQLite's driver overflows
)
TOO_LARGE = "There is nothing under so large a number"


class StoreError(MachineError):
    """The database is missing, busy, too new, or refuses a statement; never says which values it was given."""


class DamagedError(StoreError):
    """The database's own pages are damaged."""

    def __init__(self) -> None:
        super().__init__(
            "The database is damaged: do not go on with it; restore the latest backup, and drop what came in since "
            "into the inbox again."
        )


@contextmanager
def plain_errors() -> Iterator[None]:
    """Driver errors quote rows, hence patients: what leaves the store names only the kind of error."""
    try:
        yield
    except OverflowError as error:
        if "SQLite" not in str(error):  # all other overflows are another's
            raise
        raise NotOnRecordError(TOO_LARGE) from None
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorname", "").split("_")[:2] in DAMAGED:
            raise DamagedError from None
        state = getattr(error.orig, "sqlstate", "")
        if state == OUT_OF_RANGE:
            raise NotOnRecordError(TOO_LARGE) from None
        refused = f"The database refused a statement ({type(error).__name__}): check its disk, rights and server."
        is_away = state is None  # psycopg: of what the server says it has a code
        raise StoreError(NO_CONNECTION if is_away else refused) from None
