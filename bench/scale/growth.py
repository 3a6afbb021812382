"""Time what the record is asked all day, while it grows a thousandfold."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import count, cycle, islice
from pathlib import Path

import sqlalchemy as sa

from bench.records.bulk_referrals import InventedSlip, a_day_for, fill_record
from bench.speed.times import Times
from bench.web.invented_people import invented_slips
from pads.catalogue import find, load_all
from refpad.services.exports import export_referrals
from refpad.services.intake.process_file import process_next
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.letters.chase import chase_all
from refpad.services.reading.reader_port import PageOutcome
from refpad.services.wiring import open_record, rules_of
from refpad.settings import Settings
from schemas.office import Office
from schemas.pad import PadDesign
from schemas.pad_id import PadId
from schemas.reading import PageRead
from store.database import Store
from store.directory import offices
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.intake.taking_in.take_in import take_in
from store.review import queue
from store.search.search import Searcher
from store.studio_rules import StudioRules
from store.tables.columns import metadata
from store.workers.workers import register_worker

WHO = "bench"
OFFICES = 16  # as many as a studio leaves its pads in
BATCH = 14  # scans of a batch, after which the spreadsheet is brought up to date
WAITING_SHARE = 10  # one slip in ten waits for a person
WARM = 2
SEARCHES = ("quintero", "qintero", "low back", "5550142", "arthritis")
Progress = Callable[[str, int], object]


@dataclass(frozen=True)
class RecordSize:
    """A record of so many referrals: its bytes and rows for each, and how long each step took."""

    referrals: int
    bytes_each: float
    rows_each: float
    steps: list[Times] = field(default_factory=list)


@dataclass(frozen=True)
class TimedStep:
    """An act that is timed, after one that is not."""

    act: Callable[[], object]
    before: Callable[[], object] = int


@dataclass
class InventedReader:
    """Reads each file as the next of the invented slips, so that only the record's part of an intake is timed."""

    slips: Iterator[InventedSlip]
    numbers: Iterator[int]

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        """One page with one slip whose number no slip had before."""
        del path, received_on
        number = next(self.numbers)
        read = next(self.slips)[0].model_copy(update={"serial": number})
        return [PageOutcome(PageRead(page=1, slips=(read,)), (b"\x89PNG\r\n\x1a\n%d" % number,))]

    def read_as(self, path: Path, received_on: date, pad: PadId) -> Sequence[PageOutcome]:
        """The same: the slips are of one pad."""
        del pad
        return self.read(path, received_on)


def measure_size(folder: Path, referrals: int, rounds: int, progress: Progress) -> RecordSize:
    """Fill a record with invented referrals and time each step `rounds` times.

    The record is SQLite in `folder`.
    """
    settings = Settings(folder=folder, database_url=None, practice=True)
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    with closing(open_record(settings)) as store:
        design, rules = find(load_all(settings.designs), "met-1"), rules_of(settings)
        for done in _fill(store, rules, design, referrals):
            progress(f"filling a record of {referrals:,}", done)
        size = RecordSize(referrals, database_bytes(store) / referrals, rows(store) / referrals)
        with register_worker(store) as worker:
            for what, step in _steps(settings, store, rules, design, referrals, worker).items():
                size.steps.append(_timed(what, step, rounds))
                progress(f"{what}, with {referrals:,}", referrals)
        return size


def _fill(store: Store, rules: StudioRules, design: PadDesign, referrals: int) -> Iterator[int]:
    waiting = referrals // WAITING_SHARE
    ids = [f"office-{number}" for number in range(OFFICES)]
    for office_id in ids:
        offices.add(store, Office(id=office_id, name=office_id.replace("-", " ").capitalize()), WHO)
    slips = invented_slips(design, referrals, waiting, store.clock.today())
    yield from fill_record(store, rules, slips, ids, a_day_for(referrals))
    if store.engine.dialect.name == "postgresql":  # as its own upkeep does after much was written; SQLite has none
        with store.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))


def _steps(
    settings: Settings, store: Store, rules: StudioRules, design: PadDesign, referrals: int, worker: str
) -> dict[str, TimedStep]:
    searcher, words = Searcher(store), cycle(SEARCHES)
    searcher.warm()  # as the front desk does when it starts
    slips = invented_slips(design, 10**9, 0, store.clock.today(), seed=2)
    reader = InventedReader(slips, count(referrals + 1))
    numbers = count(1)

    def intake(scans: int = 1) -> None:
        for number in islice(numbers, scans):
            path = settings.inbox / f"scan-{number}.pdf"
            path.write_bytes(b"%PDF-1.4 " + path.name.encode())
            take_in(store, path, settings.limits)
        while process_next(store, reader, rules, worker, settings.limits) is not None:
            continue

    return {
        "take in and record a slip": TimedStep(intake),
        "who waits for review": TimedStep(lambda: queue.waiting_list(store)),
        "the next to review": TimedStep(lambda: queue.next_waiting(store, "")),
        "search the referrals": TimedStep(lambda: searcher.search(next(words))),
        "what is due": TimedStep(lambda: list_follow_ups(store, FollowUpQuery(due_only=True))),
        "a chase with no letter to make": TimedStep(lambda: list(chase_all(store, settings))),
        "the spreadsheet after a batch": TimedStep(
            lambda: export_referrals(store, settings.exports), before=lambda: intake(BATCH)
        ),
    }


def _timed(what: str, step: TimedStep, rounds: int) -> Times:
    times = Times(what)
    for number in range(WARM + rounds):
        step.before()
        begun = time.perf_counter()
        step.act()
        if number >= WARM:
            times.ms.append((time.perf_counter() - begun) * 1000)
    return times


def database_bytes(store: Store) -> int:
    """What the database takes on its disk."""
    asked = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if store.engine.dialect.name == "sqlite"
        else "SELECT pg_database_size(current_database())"
    )
    with store.read() as connection:
        return int(connection.execute(sa.text(asked)).scalar_one())


def rows(store: Store) -> int:
    """Rows in all tables."""
    with store.read() as connection:
        tables = metadata.sorted_tables
        return sum(
            int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()) for table in tables
        )
