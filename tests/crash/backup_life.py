"""A record that is backed up, loses its anchor, and is restored into a second folder; to be killed at any step."""

import json
from datetime import timedelta
from pathlib import Path

from store.backup import Backup, Destination, back_up, find_backup, restore
from store.clock import SetClock
from store.database import Store, open_store
from store.letters.restore_guard import acknowledge, check_restored
from tests.crash.crash_life import NOW, WHO

SECOND_URL = "second-url"


def place(folder: Path) -> Destination:
    """Where the restored record goes: SQLite, unless the file `second-url` names another database."""
    named, store = folder / SECOND_URL, folder / "second" / "store"
    url = named.read_text() if named.exists() else f"sqlite:///{store / 'refpad.sqlite'}"
    return Destination(url, store, folder / "second-state", SetClock(NOW + timedelta(days=3), "America/New_York"))


def second(folder: Path) -> Store:
    """The restored record."""
    at = place(folder)
    return open_store(at.url, at.folder, at.clock, at.state_folder)


def latest(folder: Path) -> Backup:
    return find_backup(folder / "disk")


def backups(folder: Path, store: Store) -> None:
    """Each act once, however often the life is begun again: a note beside the record says which were done."""
    done = folder / "done.json"
    acts = json.loads(done.read_text()) if done.exists() else []
    for name, act in (("back_up", _back_up), ("lose", _lose_the_anchor), ("notice", _notice), ("restore", _restore)):
        if name not in acts:
            act(folder, store)
            acts.append(name)
            done.write_text(json.dumps(acts))


def _back_up(folder: Path, store: Store) -> None:
    for _ in range(2):  # the second puts the first out
        back_up(store, folder / "disk", {}, keep=1, who=WHO)


def _lose_the_anchor(_folder: Path, store: Store) -> None:
    assert store.anchor is not None
    store.anchor.path.unlink(missing_ok=True)


def _notice(_folder: Path, store: Store) -> None:
    check_restored(store)
    acknowledge(store, WHO)


def _restore(folder: Path, _store: Store) -> None:
    for _ in range(2):  # the second moves the first aside, where the record is a file
        restore(latest(folder), place(folder), WHO, replace=True)
        if place(folder).sqlite is None:
            return
