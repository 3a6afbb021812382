"""A record that is gone with its whole folder is not begun anew without a word."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from store.anchor.places import is_noted, note_place
from store.clock import SetClock
from store.database import open_store
from store.database_errors import StoreError
from tests.store.conftest import sqlite_in


def removed(folder: Path) -> None:
    shutil.rmtree(folder)


def emptied(folder: Path) -> None:
    """As when the disk that is mounted there did not come up."""
    removed(folder)
    folder.mkdir()


def moved_away(folder: Path) -> None:
    folder.rename(folder.with_name("moved"))


@pytest.mark.parametrize("loss", [removed, emptied, moved_away])
def test_a_folder_that_held_a_record_and_holds_none_is_told_and_left_alone(
    tmp_path: Path, clock: SetClock, loss: Callable[[Path], None]
) -> None:
    """A studio with an empty list of follow-ups believes that there is nothing to do."""
    folder, state = tmp_path / "data" / "store", tmp_path / "state"
    open_store(sqlite_in(folder), folder, clock, state).close()
    loss(folder)
    was_there = sorted(folder.parent.rglob("*"))
    for _ in range(2):  # the first refusal must not make what the second would take for a record
        with pytest.raises(StoreError, match=r"refpad restore FOLDER.*REFPAD_FOLDER.*refpad up --begin-anew"):
            open_store(sqlite_in(folder), folder, clock, state)
    assert sorted(folder.parent.rglob("*")) == was_there


def test_whoever_asks_for_it_begins_anew(tmp_path: Path, clock: SetClock) -> None:
    """And once begun, it is opened as ever."""
    folder, state = tmp_path / "store", tmp_path / "state"
    open_store(sqlite_in(folder), folder, clock, state).close()
    shutil.rmtree(folder)
    open_store(sqlite_in(folder), folder, clock, state, may_begin_anew=True).close()
    open_store(sqlite_in(folder), folder, clock, state).close()


def test_a_new_computer_and_another_folder_begin_as_ever(tmp_path: Path, clock: SetClock) -> None:
    """Nothing was there: there is nothing to tell."""
    folder, state = tmp_path / "store", tmp_path / "state"
    open_store(sqlite_in(folder), folder, clock, state).close()
    open_store(sqlite_in(tmp_path / "other"), tmp_path / "other", clock, state).close()
    shutil.rmtree(folder)
    open_store(sqlite_in(folder), folder, clock, tmp_path / "state of another computer").close()


def test_an_empty_database_of_the_server_is_not_taken_for_the_record(
    bare_url: str, tmp_path: Path, clock: SetClock
) -> None:
    """PostgreSQL set up anew, or a mistyped URL; with the folder gone too, no original tells."""
    folder, state = tmp_path / "store", tmp_path / "state"
    state.mkdir()
    note_place(state, folder, "f" * 32)
    with pytest.raises(StoreError, match="it is gone"):
        open_store(bare_url, folder, clock, state)


def test_a_state_folder_that_takes_nothing_stops_no_work(tmp_path: Path) -> None:
    """The note is a help; the record is whole without it."""
    note_place(tmp_path / "none", tmp_path / "store", "f" * 32)
    assert not is_noted(tmp_path / "none", tmp_path / "store")
