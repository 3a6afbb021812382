"""A damaged database is told at the start and by `refpad verify`, and a lost one is not replaced by an empty one."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.clock import SetClock
from store.database import Store, open_store
from store.database_errors import StoreError
from store.intake.ledger.files import ledger
from store.integrity import require_sound
from store.tables import slip
from store.verify import verify
from tests.fake_reader import slip_reading
from tests.store.conftest import sqlite_in
from tests.store.helpers import recorded, taken

PAGE = 4096


def fill(store: Store, inbox: Path) -> None:
    """A dozen referrals, so that the tables have several pages."""
    for number in range(12):
        name = f"scan{number}.pdf"
        recorded(store, taken(store, inbox / name, name.encode()), slip_reading(serial=number + 1))


def test_a_whole_database_is_sound(store: Store, inbox: Path) -> None:
    """On each database, with what is in it."""
    fill(store, inbox)
    require_sound(store)
    assert verify(store) == []


def overwrite_page(path: Path, number: int) -> None:
    with path.open("r+b") as file:
        file.seek(number * PAGE)
        file.write(random.Random(number).randbytes(PAGE))  # noqa: S311 - the same damage each time


def test_most_damaged_pages_are_found_at_the_start_and_all_by_verify(
    tmp_path: Path, clock: SetClock, inbox: Path
) -> None:
    """Each page of the file in turn is overwritten; not one stays unnoticed, and none is a traceback."""
    folder = tmp_path / "store"
    store = open_store(sqlite_in(folder), folder, clock)
    fill(store, inbox)
    with store.write() as connection:
        in_use = free_pages(connection)
    store.close()
    with sqlite3.connect(folder / "refpad.sqlite") as direct:
        direct.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    direct.close()
    whole = tmp_path / "whole"
    shutil.copytree(folder, whole)
    pages = sorted(random.Random(3).sample(range(1, in_use), 24))  # noqa: S311 - the same pages each time
    unnoticed = [number for number in pages if not is_noticed(whole, tmp_path / f"damaged{number}", number, clock)]
    assert unnoticed == []


def free_pages(connection: sa.Connection) -> int:
    """How many pages hold something; those behind are free."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    return int(pages) - int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())


def is_noticed(whole: Path, folder: Path, number: int, clock: SetClock) -> bool:
    shutil.copytree(whole, folder)
    overwrite_page(folder / "refpad.sqlite", number)
    try:
        store = open_store(sqlite_in(folder), folder, clock)
    except StoreError:
        return True
    try:
        return verify(store) != []
    except StoreError:
        return True
    finally:
        store.close()


def test_a_damaged_page_stops_the_start_with_the_next_step(tmp_path: Path, clock: SetClock, inbox: Path) -> None:
    """Going on would write on top of damage."""
    folder = tmp_path / "store"
    store = open_store(sqlite_in(folder), folder, clock)
    fill(store, inbox)
    with store.read() as connection:
        root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'slip'").scalar_one()
    store.close()
    overwrite_page(folder / "refpad.sqlite", root - 1)
    again = open_store(sqlite_in(folder), folder, clock)
    with pytest.raises(StoreError, match="restore the latest backup"):
        require_sound(again)
    again.close()


WRECKS: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda data: data[: len(data) // 2],
    "its end is gone": lambda data: data[:-24_000],
    "not a database": lambda data: random.Random(1).randbytes(len(data)),  # noqa: S311 - the same each time
}


@pytest.mark.parametrize("wreck", WRECKS)
def test_a_wrecked_database_is_told_by_every_command(wreck: str, tmp_path: Path, clock: SetClock, inbox: Path) -> None:
    """It says damaged, and what to do; not that a statement was refused."""
    folder = tmp_path / "store"
    store = open_store(sqlite_in(folder), folder, clock)
    fill(store, inbox)
    store.close()
    path = folder / "refpad.sqlite"
    path.write_bytes(WRECKS[wreck](path.read_bytes()))
    with pytest.raises(StoreError, match=r"damaged.*restore the latest backup"):
        require_sound(open_store(sqlite_in(folder), folder, clock))


LOSSES: dict[str, Callable[[Path], None]] = {
    "the database is gone": lambda path: path.unlink(),
    "the database is empty": lambda path: path.write_bytes(b""),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_database_is_not_replaced_by_an_empty_one(
    loss: str, tmp_path: Path, clock: SetClock, inbox: Path
) -> None:
    """`refpad status` would say that nothing ever came in, and the next backup would keep that."""
    folder = tmp_path / "store"
    store = open_store(sqlite_in(folder), folder, clock)
    fill(store, inbox)
    store.close()
    for log in folder.glob("refpad.sqlite-*"):
        log.unlink()
    LOSSES[loss](folder / "refpad.sqlite")
    with pytest.raises(StoreError, match="12 originals"):
        open_store(sqlite_in(folder), folder, clock)
    shutil.move(folder, tmp_path / "away")
    fresh = open_store(sqlite_in(folder), folder, clock)
    assert ledger(fresh).seen == 0
    fresh.close()


def test_another_database_beside_the_originals_is_refused(bare_url: str, tmp_path: Path, clock: SetClock) -> None:
    """A mistyped URL names an empty database; so does a server that was set up anew."""
    original = tmp_path / "store" / "originals" / "ab" / ("ab" * 32)
    original.parent.mkdir(parents=True)
    original.write_bytes(b"%PDF")
    with pytest.raises(StoreError, match="1 originals"):
        open_store(bare_url, tmp_path / "store", clock)


def test_a_record_changed_behind_refpad_is_named(store: Store, inbox: Path) -> None:
    """By its number alone."""
    fill(store, inbox)
    with store.write() as connection:
        connection.execute(slip.update().where(slip.c.id.in_([3, 5])).values(reading={"patient": "Ada Quill"}))
    found = {problem.subject for problem in verify(store)}
    assert {"slip 3", "slip 5"} <= found
    assert "Quill" not in str(verify(store))
