"""One process that reads for several studios: nobody is kept waiting by another's heap, and nothing is mixed."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from refpad.services.intake.handover import Processed
from refpad.services.intake.worker import IntakeWorker
from refpad.services.reading.reader_port import FileReader, PageOutcome
from refpad.services.studios.in_turn import FOLLOW_S, TURN_S, StudiosInTurn, open_studios
from refpad.services.studios.registry import (
    FIRST,
    Registry,
    StudioEntry,
    all_settings,
    changing,
    keep_registry,
    settings_of,
)
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.serial_block import SerialBlock
from store.clock import SystemClock
from store.database import Store
from store.intake.ledger.files import ledger
from store.intake.taking_in.take_in import take_in
from store.verify import verify
from store.workers.workers import READER, living_workers
from tests.fake_reader import FakeReader
from tests.web.studio import empty_store, scratch

Work = Callable[..., list[Processed]]
READ_S = 8.0  # of the tests' own clock
KEYS = ("main", "north", "south")
STUDIOS = tuple(
    StudioEntry(
        key=key, name=key, number=number, serials=SerialBlock(first=number * 100_000 or 1, last=number * 100_000 + 99)
    )
    for number, key in enumerate(KEYS)
)


@dataclass
class House:
    """Three studios, and what one process did for them: which readers it opened, whose files it read."""

    folder: Path
    stores: dict[str, Store] = field(default_factory=dict)
    now_s: float = 0.0
    read: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    def drop(self, key: str, count: int) -> None:
        """So many scans into one studio's record; some are the same scans as another studio's."""
        for number in range(count):
            scan = self.folder / f"{number}.jpg"
            scan.write_bytes(b"\xff\xd8\xff%d" % number)
            take_in(self.stores[key], scan, Settings().limits)

    @contextmanager
    def open_reader(self, settings: Settings, store: Store) -> Iterator[FileReader]:
        key = settings.front_desk.subdomain or FIRST
        assert not self.open, "another studio's process is still there"
        assert settings.store_folder == store.folder
        self.opened.append(key)
        if key in self.broken:
            raise MachineError("The reader does not start.")
        self.open.add(key)
        yield _Reader(self, key)
        self.open.remove(key)

    @contextmanager
    def at_work(self) -> Iterator[tuple[StudiosInTurn, Work]]:
        """The studios as one process has them joined, and its work: batch by batch, until nothing waits."""
        with (
            closing(StudiosInTurn(Settings(), READER, self.open_reader, clock=lambda: self.now_s)) as studios,
            open_studios(studios) as worker,
        ):
            yield studios, partial(_work, worker)


def _work(worker: IntakeWorker, most: int = 99) -> list[Processed]:
    """So many batches, or until nothing waits; what was processed."""
    done: list[Processed] = []
    for _ in range(most):
        steps = []
        for step in worker.steps():
            step.run()
            steps.append(step)
        if not any(step.file_id for step in steps):
            break
        done += [step.processed for step in steps if step.processed is not None]
    return done


class _Reader(FakeReader):
    def __init__(self, house: House, key: str) -> None:
        self._house, self._key = house, key

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        assert path.is_relative_to(self._house.stores[self._key].folder)
        self._house.read.append(self._key)
        self._house.now_s += READ_S
        return super().read(path, received_on)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with scratch() as folder, ExitStack() as held:
        monkeypatch.setenv("REFPAD_FOLDER", str(folder / "data"))
        monkeypatch.setenv("REFPAD_STATE_FOLDER", str(folder / "state"))
        with changing(Settings()):
            keep_registry(Settings(), Registry(studios=STUDIOS))
        made = House(folder)
        for key, settings in zip(KEYS, all_settings(Settings()), strict=True):
            shutil.copytree(empty_store(), settings.store_folder)
            made.stores[key] = held.enter_context(closing(open_record(settings)))
        yield made


def test_a_studio_with_one_scan_waits_for_no_others_heap(house: House) -> None:
    """Whoever has ten thousand waiting is read on, a turn after the other; each scan is in its own record, once."""
    house.drop("main", 12)
    house.drop("south", 9)
    house.drop("north", 1)
    with house.at_work() as (_, work):
        done = work()
        a_turn = 1 + int(TURN_S / READ_S) + 1
        assert house.read.index("north") == a_turn
        assert house.read.index("south") == a_turn + 1
        assert {key: house.read.count(key) for key in KEYS} == {"main": 12, "south": 9, "north": 1}
        assert house.opened == ["main", "north", "south", "main", "south", "main"]
    for key, count in (("main", 12), ("south", 9), ("north", 1)):
        assert ledger(house.stores[key]).waiting == 0
        assert verify(house.stores[key]) == []
        assert len([scan for scan in done if scan.desk is not None and (scan.desk.subdomain or FIRST) == key]) == count
        assert (house.stores[key].folder.parent / "exports" / "referrals.csv").is_file()
    assert house.open == set()


def test_one_alone_with_scans_keeps_its_process(house: House) -> None:
    """Loading the models takes seconds: they are loaded anew for another studio only."""
    house.drop("north", 12)
    with house.at_work() as (_, work):
        work()
        house.drop("north", 14)
        work(most=1)
    assert house.opened == ["north"]


def test_a_studio_that_cannot_be_read_for_keeps_no_other_waiting(house: House) -> None:
    """A design that is no TOML, a record that is gone: its own scans wait, all others go on."""
    house.drop("main", 9)
    house.drop("north", 1)
    house.drop("south", 9)
    house.broken.add("north")
    shutil.move(house.stores["south"].folder, house.folder / "gone")
    with house.at_work() as (_, work):
        work(most=3)  # a turn of main's, north's try, and the rest of main's
        assert ledger(house.stores["main"]).waiting == 0
        assert ledger(house.stores["north"]).waiting == 1
        assert house.opened.count("north") == 1
        shutil.move(house.folder / "gone", house.stores["south"].folder)
        house.broken.clear()
        house.now_s += FOLLOW_S
        work()
    assert all(ledger(store).waiting == 0 for store in house.stores.values())


def test_studios_come_and_go_and_change_their_settings(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a new start: readers on other machines are in nobody's mind when a studio is added or closed."""
    north = settings_of(Settings(), STUDIOS[1])
    with house.at_work() as (studios, work):
        work()
        assert set(studios.joined) == set(KEYS)
        assert [worker.kind for worker in living_workers(north.store_folder)] == [READER]
        closed = STUDIOS[2].model_copy(update={"closed_at": SystemClock("America/New_York").now()})
        with changing(Settings()):
            keep_registry(Settings(), Registry(studios=(*STUDIOS[:2], closed)))
        north.saved_file.write_text('{"text_model": "own"}')
        house.now_s += FOLLOW_S
        work()
        assert set(studios.joined) == {"main", "north"}
        assert studios.joined["north"].settings == settings_of(Settings(), STUDIOS[1])
        assert studios.joined["north"].settings != north
        north.saved_file.write_text('{"text_model": "no such"}')
        house.now_s += FOLLOW_S
        work()
        assert studios.joined["north"].settings.text_model == "own"
    assert living_workers(north.store_folder) == []
