"""Time what the record is asked all day, while it grows a thousandfold."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

import sqlalchemy as sa

from bench.own_settings import own_settings
from bench.records.bulk_referrals import a_day_for, fill_record
from bench.scale.databases import new_record
from bench.scale.invented_reader import InventedReader, take_in_invented
from bench.scale.readers import ReaderTimes
from bench.scale.recording import measure_recording
from bench.speed.times import Times
from bench.web.invented_people import invented_slips
from pads.catalog import find, load_all
from refpad.services.exports import export_referrals
from refpad.services.intake.process_file import process_next
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.letters.chase import chase_all
from refpad.services.wiring import open_record, rules_of
from refpad.settings import Settings
from schemas.office import Office
from schemas.pad import PadDesign
from store.database import Store
from store.directory import offices
from store.followups.listing import FollowUpQuery, list_follow_ups
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
    """A record of so many referrals: its bytes and rows for each, and how long each step took.

    `recorded` says how fast 1, 2, ... processes recorded slips into it, when reading took no time.
    """

    referrals: int
    bytes_each: float
    rows_each: float
    steps: list[Times] = field(default_factory=list)
    recorded: list[ReaderTimes] = field(default_factory=list)


@dataclass(frozen=True)
class TimedStep:
    """An act that is timed, after one that is not."""

    act: Callable[[], object]
    before: Callable[[], object] = int


@dataclass(frozen=True)
class GrowthPlan:
    """What is measured at each size: so many `rounds` of each step, then `slips` recorded by up to `recorders`.

    `server` is the URL of a PostgreSQL in which a database is made; without one the record is SQLite.
    """

    rounds: int
    recorders: int = 0
    slips: int = 0
    server: str | None = None


def measure_size(folder: Path, referrals: int, plan: GrowthPlan, progress: Progress) -> RecordSize:
    """Fill a record with invented referrals and time each step; its data and its state are within `folder`."""
    own = own_settings(folder)
    with new_record(own, plan.server) as settings:
        prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
        with closing(open_record(settings)) as store:
            return _measured(settings, store, referrals, plan, progress)


def _measured(settings: Settings, store: Store, referrals: int, plan: GrowthPlan, progress: Progress) -> RecordSize:
    design, rules = find(load_all(settings.designs), "met-1"), rules_of(settings)
    for done in _fill(store, rules, design, referrals):
        progress(f"filling a record of {referrals:,}", done)
    size = RecordSize(referrals, database_bytes(store) / referrals, rows(store) / referrals)
    numbers = count(referrals + 1)
    with register_worker(store) as worker:
        for what, step in _steps(settings, store, rules, design, numbers, worker).items():
            size.steps.append(_timed(what, step, plan.rounds))
            progress(f"{what}, with {referrals:,}", referrals)
    if plan.recorders:
        size.recorded.extend(measure_recording(settings, store, numbers, plan.slips, plan.recorders))
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
    settings: Settings, store: Store, rules: StudioRules, design: PadDesign, numbers: Iterator[int], worker: str
) -> dict[str, TimedStep]:
    searcher, words = Searcher(store), cycle(SEARCHES)
    searcher.warm()  # as the front desk does when it starts
    reader = InventedReader(invented_slips(design, 10**9, 0, store.clock.today(), seed=2), numbers)

    def intake(scans: int = 1) -> None:
        for _ in range(scans):
            take_in_invented(store, settings, next(numbers))
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
