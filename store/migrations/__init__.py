"""How the tables came to be: Alembic revisions, applied when the store is opened."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import Connection

from schemas.errors import MachineError
from store.tables import REVISION


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, working on `connection` and its open transaction."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.attributes["connection"] = connection
    return made


def newest() -> str | None:
    """The revision at the head of versions/."""
    return ScriptDirectory.from_config(config()).get_current_head()


def upgrade(connection: Connection) -> None:
    """Bring the database to REVISION, within the transaction of `connection`."""
    try:
        command.upgrade(config(connection), REVISION)
    except CommandError:
        raise MachineError(
            f"The database was made by a newer refpad than this one, which knows revision {REVISION}: update refpad, "
            "or put back the backup from before (docs/running.md, the way back)."
        ) from None
