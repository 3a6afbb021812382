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
# By SQLite's names (sqlite.org/rescode.html) and PostgreSQL's codes: what an operator can mend, and how.
FULL = "No room is left on the disk of the database: make room there, then do it again."
NO_RIGHT = "The database may not be written: give refpad's account the right to its file and folder, or to its tables."
BUSY = "The database is held by another program: end that one, then do it again."
BAD_DISK = (  # SQLite's too where a full disk has no room for what its users share
    "The disk of the database is full or gives errors: see with df -h whether it has room, and look into the system's "
    "log."
)
SQLITE_NAMES = {"FULL": FULL, "READONLY": NO_RIGHT, "CANTOPEN": NO_RIGHT, "BUSY": BUSY, "IOERR": BAD_DISK}
POSTGRESQL_CODES = {"53100": FULL, "42501": NO_RIGHT, "25006": NO_RIGHT, "58030": BAD_DISK}
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
        raise StoreError(_in_words(error, state)) from None


def sqlite_kind(error: BaseException | None) -> str:
    """What kind of error it is to SQLite, such as FULL; "" for one that is none of its."""
    return getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]


def _in_words(error: DBAPIError, state: str | None) -> str:
    if state is None:  # psycopg: of what the server says it has a code
        return NO_CONNECTION
    known = SQLITE_NAMES.get(sqlite_kind(error.orig)) or POSTGRESQL_CODES.get(state)
    return known or f"The database refused a statement ({type(error).__name__}): check its disk, rights and server."
