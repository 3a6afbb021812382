"""Joining a record from a further process, perhaps on another machine: is it the same one, with all its parts?

Whoever opens a record may make or migrate it, gives it a key of its own where the state folder is another, and then
holds its letters. A reader that joins must find all that already.
"""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from store.anchor.anchor import key_path
from store.clock import Clock
from store.database import Store, open_engine
from store.database_errors import StoreError
from store.kept_files.kept_file import FilePlace
from store.tables import REVISION, file, installation


@dataclass(frozen=True)
class _Seen:
    """What the database says of itself: its migration, the record's name, and the file that came last."""

    revision: str | None
    name: str | None
    newest: str | None


def require_record(url: str, folder: Path, state_folder: Path, clock: Clock, kept: FilePlace | None = None) -> None:
    """Raise StoreError, with the remedy, unless a record of this version is there, with files and audit key.

    Its files are in `folder`, or in `kept`.
    """
    here = make_url(url)
    if here.get_backend_name() == "sqlite" and not Path(here.database or "").exists():
        raise StoreError(
            f"There is no record in {folder.absolute()} to read for: start refpad up there first; from another machine "
            "a reader joins over PostgreSQL only (REFPAD_DATABASE_URL)."
        )
    with closing(Store(open_engine(url, folder), folder, clock, kept=kept)) as store:
        seen = _look(store)
        if seen.name is None or seen.revision != REVISION:
            raise StoreError(
                f"The record is of version {seen.revision or 'none'} of its tables, this refpad of {REVISION}: start "
                "refpad up of this version on it first."
            )
        _require_files(store, seen)
    if not (key_path(state_folder, seen.name).exists() and (state_folder / f"{seen.name}.anchor").exists()):
        raise StoreError(
            f"The key of this record's audit is not in {state_folder.absolute()}: mount the state folder of refpad up, "
            "and set REFPAD_STATE_FOLDER to where it is."
        )


def _require_files(store: Store, seen: _Seen) -> None:
    is_there = store.kept is not None or (store.folder / "originals").is_dir()
    if is_there and (seen.newest is None or store.original(seen.newest).exists()):
        return
    remedy = (
        "mount the data folder of refpad up, and set REFPAD_FOLDER to where it is; or set REFPAD_FILES as it is set "
        "there."
    )
    raise StoreError(f"The files of this record are not in {store.kept or store.folder.absolute()}: {remedy}")


def _look(store: Store) -> _Seen:
    with store.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return _Seen(None, None, None)
        revision = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        if revision != REVISION:
            return _Seen(revision, None, None)
        newest = sa.select(file.c.sha256).order_by(file.c.id.desc()).limit(1)
        name = connection.execute(sa.select(installation.c.name)).scalar()
        return _Seen(revision, name, connection.execute(newest).scalar())
