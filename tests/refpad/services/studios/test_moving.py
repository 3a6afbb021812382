"""A scan in the wrong studio's inbox: it comes to the right one whole and once, and is settled where it came."""

import shutil
from collections.abc import Iterator
from contextlib import closing

import pytest
import sqlalchemy as sa

from refpad.services.studios.moving import move_scan
from refpad.services.studios.registry import Registry, StudioEntry, all_settings, changing, keep_registry
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.serial_block import SerialBlock
from schemas.states import FileState, SlipState
from store.database import Store
from store.intake.originals import find_original
from store.intake.taking_in.moved import slips_of_file, take_moved
from store.serials import keep_serials
from store.tables import file, occurrence
from store.verify import verify
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken
from tests.web.studio import empty_store, scratch

BLOCKS = (SerialBlock(first=1, last=99_999), SerialBlock(first=100_000, last=199_999))
STUDIOS = tuple(
    StudioEntry(key=key, name=key, number=number, serials=BLOCKS[number])
    for number, key in enumerate(("main", "north"))
)


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Store]]:
    """Two studios; at north lie a scan of main's pads, one of its own, and one of both."""
    with scratch() as folder:
        monkeypatch.setenv("REFPAD_FOLDER", str(folder / "data"))
        monkeypatch.setenv("REFPAD_STATE_FOLDER", str(folder / "state"))
        with changing(Settings()):
            keep_registry(Settings(), Registry(studios=STUDIOS))
        for settings in all_settings(Settings()):
            shutil.copytree(empty_store(), settings.store_folder)
        main, north = (open_record(settings) for settings in all_settings(Settings()))
        with closing(main), closing(north):
            keep_serials(north, BLOCKS[1])
            for number, serials in enumerate(((7,), (100_007,), (8, 100_008)), start=1):
                slips = [slip_reading(slip=place, serial=serial) for place, serial in enumerate(serials, start=1)]
                recorded(north, taken(north, folder / f"scan{number}.pdf", b"%d" % number), *slips)
            yield main, north


def files_of(store: Store) -> list[tuple[object, ...]]:
    """Of each drop: how it came, the state of its file, and the day it came."""
    drops = sa.select(occurrence.c.name_shown, file.c.state, file.c.received_on).join(file)
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(drops)]


def test_a_scan_is_moved_whole_and_once_with_the_day_it_came(records: tuple[Store, Store]) -> None:
    """Also when a move was cut short behind the copy: then it is done again."""
    main, north = records
    scan = find_original(north, "1", "root")
    take_moved(main, scan.original, "scan 1 of studio north", scan.received_on, "root")
    for _ in range(2):
        assert move_scan(Settings(), "north", 1, "root").key == "main"
        assert files_of(main) == [("scan 1 of studio north", FileState.WAITING, scan.received_on)]
        assert [slip["state"] for slip in slips_of_file(north, 1)] == [SlipState.REJECTED]
    assert verify(main) == verify(north) == []


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (2, "it is where it belongs"),
        (3, "not all of one other studio's pads"),
        (9, "Scan 9 of studio north has no slips"),
    ],
)
def test_what_is_of_this_studio_too_stays(number: int, problem: str, records: tuple[Store, Store]) -> None:
    """Somebody's own slip must not leave with another's."""
    main, north = records
    with pytest.raises(UsageError, match=problem):
        move_scan(Settings(), "north", number, "root")
    assert files_of(main) == []
    assert len(files_of(north)) == 3
