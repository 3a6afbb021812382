"""A backup is whole or has no name, and what comes back from it is the record as it was."""

import io
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.errors import MachineError, UsageError
from store import audit
from store.anchor.anchor import read_key
from store.backup import Backup, Destination, archive, back_up, backups, check_backup, find_backup, restore
from store.backup.holding import serials_held
from store.backup.snapshot import room_for
from store.backup.target import KEY, RECORD, STUDIO, files_of
from store.clock import SetClock
from store.database import Store, open_store
from store.database_errors import DamagedError
from store.letters.restore_guard import check_restored
from store.tables import metadata, referral
from store.verify import verify
from tests.databases import PostgreSQL
from tests.fake_reader import slip_reading
from tests.store.conftest import sqlite_in
from tests.store.helpers import recorded, taken

WHO = "kim"
PAGE = 4096
Rows = Mapping[str, list[tuple[object, ...]]]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """On a disk whose name means something else in an address, as SQLite's files have them."""
    disk = tmp_path / "Übung #2, 100%41?"
    disk.mkdir()
    return disk / "backups"


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """Two files with a referral each."""
    for number in (1, 2):
        claim = taken(store, tmp_path / "inbox" / "scan.pdf", f"scan {number}".encode())
        recorded(store, claim, slip_reading(serial=number))
    return store


def rows(store: Store) -> Rows:
    """All that is on record, but for the audit's last line, which tells of the backup or restore itself."""
    with store.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if table.name not in ("audit", "installation")
        }


def place(tmp_path: Path, clock: SetClock, url: str | None = None) -> Destination:
    """A second folder, on a computer that has never seen the record."""
    folder = tmp_path / "second" / "store"
    return Destination(url or sqlite_in(folder), folder, tmp_path / "second-state", clock)


def opened(at: Destination) -> Store:
    return open_store(at.url, at.folder, at.clock, at.state_folder)


def test_a_backup_holds_the_record_and_each_of_its_files(filled: Store, target: Path) -> None:
    """And says of itself what it holds, and where the audit ended."""
    made = back_up(filled, target, {}, keep=3, who=WHO)
    assert check_backup(made) == []
    assert (made.manifest.referrals, made.manifest.files) == (2, 4)
    assert made.manifest.installation == filled.anchor.installation if filled.anchor else False
    assert backups(target) == [made]
    kept = [path for path in target.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_a_disk_without_room_for_the_record_is_told_as_for_any_file(tmp_path: Path) -> None:
    """SQLite's own word for it ended the command as an unexpected error."""
    path = tmp_path / "record.sqlite"
    with closing(sqlite3.connect(path)) as full:
        full.execute("PRAGMA max_page_count = 1")
        with pytest.raises(OSError, match="No space left on device"), room_for(path):
            full.execute("CREATE TABLE more (than TEXT, one TEXT)")


def test_what_is_restored_elsewhere_is_the_record_as_it_was(
    filled: Store, target: Path, tmp_path: Path, clock: SetClock
) -> None:
    """On a new computer: every row, every file, the audit unbroken and its key there."""
    made = back_up(filled, target, {}, keep=3, who=WHO)
    before = rows(filled)
    at = place(tmp_path, clock)
    done = restore(made, at, WHO, replace=False)
    again = opened(at)
    assert (done.files, done.moved_to) == (4, None)
    assert rows(again) == before
    assert verify(again) == []
    assert not check_restored(again)
    assert [line["what"] for line in audit.lines_about(again, ["record"])] == ["restored", "acknowledge_restore"]
    recorded(again, taken(again, tmp_path / "inbox" / "new.pdf", b"scan 3"), slip_reading(serial=3))
    again.close()


def test_a_record_moves_from_sqlite_to_postgresql(
    filled: Store, target: Path, tmp_path: Path, clock: SetClock, postgresql: PostgreSQL
) -> None:
    """And from PostgreSQL to PostgreSQL; new rows are numbered after those that came."""
    made, before = back_up(filled, target, {}, keep=3, who=WHO), rows(filled)
    url = postgresql.new_database()
    at = place(tmp_path, clock, url)
    restore(made, at, WHO, replace=False)
    again = opened(at)
    assert rows(again) == before
    assert verify(again) == []
    recorded(again, taken(again, tmp_path / "inbox" / "new.pdf", b"scan 3"), slip_reading(serial=3))
    with again.read() as connection:
        assert connection.execute(sa.select(sa.func.max(referral.c.id))).scalar() == 3
    again.close()
    with pytest.raises(UsageError, match="to an empty one"):
        restore(made, at, WHO, replace=True)
    postgresql.drop_database(url)


def test_a_record_that_is_there_is_moved_aside_only_when_that_is_asked_for(
    filled: Store, target: Path, tmp_path: Path, clock: SetClock
) -> None:
    """It may hold what the backup does not."""
    made = back_up(filled, target, {}, keep=3, who=WHO)
    at = place(tmp_path, clock)
    restore(made, at, WHO, replace=False)
    with pytest.raises(UsageError, match="give --replace"):
        restore(made, at, WHO, replace=False)
    done = restore(made, at, WHO, replace=True)
    assert done.moved_to is not None
    assert (done.moved_to / "refpad.sqlite").is_file()


def test_files_are_kept_once_for_all_backups_and_the_oldest_go(
    filled: Store, target: Path, tmp_path: Path, clock: SetClock
) -> None:
    """A year of nightly backups costs the year's scans once."""
    first = back_up(filled, target, {}, keep=2, who=WHO)
    size = len(list(files_of(target).rglob("*.png")))
    clock.move(timedelta(days=1))
    back_up(filled, target, {}, keep=2, who=WHO)
    assert len(list(files_of(target).rglob("*.png"))) == size
    stray = files_of(target) / "originals" / "of-none"
    stray.write_bytes(b"named by no backup")
    clock.move(timedelta(days=1))
    last = back_up(filled, target, {}, keep=2, who=WHO)
    assert first.name not in [backup.name for backup in backups(target)]
    assert find_backup(target) == last
    assert not stray.exists()
    assert check_backup(last) == []


def test_backups_of_another_record_stay_and_none_is_guessed(
    filled: Store, target: Path, tmp_path: Path, clock: SetClock
) -> None:
    """After a loss the day's backup is of an empty record: it must not put out those of the one that was lost."""
    real = back_up(filled, target, {}, keep=1, who=WHO)
    clock.move(timedelta(days=1))
    empty = open_store(sqlite_in(tmp_path / "empty"), tmp_path / "empty", clock)
    for _ in range(2):
        clock.move(timedelta(days=1))
        made = back_up(empty, target, {}, keep=1, who=WHO)
    empty.close()
    assert backups(target) == [real, made]
    assert check_backup(real) == []
    with pytest.raises(UsageError, match=f"{real.name} with 2 referrals"):
        find_backup(target)
    assert find_backup(target, real.name) == real
    assert find_backup(target, is_anothers=lambda other: other != real) == real  # beside that of another studio


def test_a_file_that_the_disk_has_damaged_is_written_again(filled: Store, target: Path) -> None:
    """The original is whole: no backup says that it is whole over a damaged copy."""
    made = back_up(filled, target, {}, keep=3, who=WHO)
    a_changed_file(made)
    assert check_backup(made)
    assert check_backup(back_up(filled, target, {}, keep=3, who=WHO)) == []


def test_a_disk_that_is_not_there_is_told(filled: Store, tmp_path: Path) -> None:
    """Made under the place of a missing disk, the folder would lie on the computer that it is to outlive."""
    with pytest.raises(UsageError, match="connect the disk"):
        back_up(filled, tmp_path / "unplugged" / "disk", {}, keep=3, who=WHO)


def a_changed_file(backup: Backup) -> None:
    path = next(path for path in files_of(backup.target).rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes() + b"x")


def a_lost_file(backup: Backup) -> None:
    next(path for path in files_of(backup.target).rglob("*") if path.is_file()).unlink()


def a_changed_record(backup: Backup) -> None:
    content = bytearray((backup.folder / RECORD).read_bytes())
    content[len(content) // 2] ^= 1
    (backup.folder / RECORD).write_bytes(content)


def a_lost_record(backup: Backup) -> None:
    (backup.folder / RECORD).unlink()


@pytest.mark.parametrize("damage", [a_changed_file, a_lost_file, a_changed_record, a_lost_record])
def test_a_damaged_backup_is_found_and_never_put_in_place(
    filled: Store, target: Path, tmp_path: Path, clock: SetClock, damage: Callable[[Backup], None]
) -> None:
    """Before anything of the record that is there is touched."""
    made = back_up(filled, target, {}, keep=3, who=WHO)
    damage(made)
    assert check_backup(made)
    assert serials_held(made) is None  # a list of all backups says nothing of its studio, and goes on
    at = place(tmp_path, clock)
    with pytest.raises(MachineError):
        restore(made, at, WHO, replace=False)
    assert not at.folder.exists()


def test_a_damaged_original_fails_the_backup_instead_of_going_into_it(filled: Store, target: Path) -> None:
    """And the backup from before stays the latest."""
    original = next(path for path in (filled.folder / "originals").rglob("*") if path.is_file())
    original.write_bytes(b"other bytes")
    with pytest.raises(MachineError, match="run refpad verify"):
        back_up(filled, target, {}, keep=3, who=WHO)
    assert backups(target) == []
    assert not list(target.glob("backups/*"))


def test_a_damaged_record_is_told_by_its_backup(target: Path, tmp_path: Path, clock: SetClock) -> None:
    """It is copied page by page, and read only then: an unexpected error, which the page Today did not tell of."""
    folder = tmp_path / "damaged"
    with closing(open_store(sqlite_in(folder), folder, clock)) as store:
        store.engine.dispose()
        path = Path(store.engine.url.database or "")
        path.write_bytes(path.read_bytes()[:PAGE] + b"U" * PAGE * 50)
        with pytest.raises(DamagedError):
            back_up(store, target, {}, keep=3, who=WHO)
    assert backups(target) == []


def test_a_damaged_backup_of_before_costs_no_file(filled: Store, target: Path) -> None:
    """What it needs is not known: the new one is there, and a person is told which to move away."""
    made = [back_up(filled, target, {}, keep=2, who=WHO) for _ in range(2)]
    made[1].record.write_bytes(b"U" * PAGE)
    kept = {path for path in files_of(target).rglob("*") if path.is_file()}
    with pytest.raises(
        MachineError, match=f"The record in the backup {made[1].name} is damaged, so that it is not known"
    ):
        back_up(filled, target, {}, keep=2, who=WHO)
    assert made[0] not in backups(target)
    assert len(backups(target)) == 2
    assert {path for path in files_of(target).rglob("*") if path.is_file()} == kept


def test_a_lost_original_is_named_by_the_backup_that_cannot_be_written(filled: Store, target: Path) -> None:
    """It told to make room or to choose another disk, which would have helped nobody."""
    original = next(path for path in (filled.folder / "originals").rglob("*") if path.is_file())
    original.unlink()
    with pytest.raises(MachineError, match=f"{original.name} cannot be read .No such file or directory.: give refpad"):
        back_up(filled, target, {}, keep=3, who=WHO)
    assert backups(target) == []


def test_a_backup_of_a_record_at_work_is_of_one_moment(filled: Store, target: Path, tmp_path: Path) -> None:
    """Somebody accepts slips all the while; each referral in the backup has its slip, its file and its audit line."""
    stop = threading.Event()

    def work() -> None:
        number = 10
        while not stop.is_set():
            number += 1
            claim = taken(filled, tmp_path / "inbox" / "scan.pdf", f"scan {number}".encode())
            recorded(filled, claim, slip_reading(serial=number))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        made = [back_up(filled, target.with_name(str(number)), {}, keep=3, who=WHO) for number in range(3)]
    finally:
        stop.set()
        worker.join()
    assert [check_backup(backup) for backup in made] == [[], [], []]


def test_settings_and_key_are_kept_with_it(filled: Store, target: Path, tmp_path: Path) -> None:
    """Without the settings the record opens, but letters carry an invented studio."""
    (tmp_path / "refpad.toml").write_text('time_zone = "America/Chicago"\n')
    (tmp_path / "designs" / "own").mkdir(parents=True)
    (tmp_path / "designs" / "own" / "mine.toml").write_text("x")
    made = back_up(
        filled, target, {"refpad.toml": tmp_path / "refpad.toml", "designs": tmp_path / "designs"}, keep=3, who=WHO
    )
    assert (made.folder / STUDIO / "refpad.toml").read_text() == 'time_zone = "America/Chicago"\n'
    assert (made.folder / STUDIO / "designs" / "own" / "mine.toml").read_text() == "x"
    assert filled.anchor is not None
    assert read_key(made.folder / KEY) == filled.anchor.key


def test_a_backup_is_one_file_to_take_away(filled: Store, target: Path, tmp_path: Path, clock: SetClock) -> None:
    """Unpacked, it is a backup folder like the one it came from."""
    made = back_up(filled, target, {}, keep=3, who=WHO)
    with tarfile.open(fileobj=io.BytesIO(b"".join(archive(made)))) as tar:
        tar.extractall(tmp_path / "taken", filter="data")
    [taken_away] = backups(tmp_path / "taken")
    assert check_backup(taken_away) == []
    assert restore(taken_away, place(tmp_path, clock), WHO, replace=False).files == made.manifest.files


def test_a_backup_into_the_record_is_refused(filled: Store) -> None:
    """It would be lost with it, and would hold itself."""
    with pytest.raises(UsageError, match="choose another disk"):
        back_up(filled, filled.folder / "backups", {}, keep=3, who=WHO)


def test_a_backup_of_a_newer_refpad_that_says_more_of_itself_is_taken(filled: Store, target: Path) -> None:
    """The way back from an upgrade leads past the newer version's backups, in one folder with the older one's."""
    made = back_up(filled, target, {}, keep=3, who=WHO)
    file = made.folder / "manifest.json"
    file.write_text(file.read_text("utf-8").replace("{", '{"of_a_later_day": 1, ', 1), "utf-8")
    assert find_backup(target, made.name) == made


def test_unknown_names_and_empty_folders_are_told(filled: Store, target: Path) -> None:
    """With what there is instead."""
    with pytest.raises(UsageError, match="There is no backup in"):
        find_backup(target)
    made = back_up(filled, target, {}, keep=3, who=WHO)
    with pytest.raises(UsageError, match=made.name):
        find_backup(target, "yesterday")
    (made.folder / "manifest.json").write_text("{}")
    with pytest.raises(UsageError, match="it is damaged"):
        backups(target)
