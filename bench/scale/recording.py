"""How many slips an hour several processes record side by side, when reading takes no time."""

from collections.abc import Iterator
from contextlib import closing
from multiprocessing.synchronize import Barrier

from bench.scale.invented_reader import invented_reader, take_in_invented
from bench.scale.readers import READY_MOST_S, ReaderTimes, time_together
from pads.catalog import find, load_all
from refpad.services.intake.process_file import process_next
from refpad.services.wiring import open_record, rules_of
from refpad.settings import Settings
from store.database import Store
from store.workers.workers import register_worker

SEED = 100  # other people than those on record


def measure_recording(
    settings: Settings, store: Store, numbers: Iterator[int], slips: int, most: int
) -> list[ReaderTimes]:
    """Record so many slips with 1, 2, ... `most` processes, into the record that is there, and without a doubt each.

    A slip without a doubt has the longest turn of its own: its referral and follow-ups. `numbers` gives serials and
    names of files that nobody has had.
    """
    return [_measure(settings, store, numbers, slips, processes) for processes in range(1, most + 1)]


def _measure(settings: Settings, store: Store, numbers: Iterator[int], slips: int, processes: int) -> ReaderTimes:
    own = [next(numbers) for _ in range(slips * processes)]  # as many serials for each, however they share the files
    for number in own[:slips]:
        take_in_invented(store, settings, number)
    return time_together(settings, processes, slips, _record_all, own[0], processes)


def _record_all(settings: Settings, number: int, ready: Barrier, first: int, processes: int) -> None:
    with closing(open_record(settings)) as store, register_worker(store) as worker:
        design, rules = find(load_all(settings.designs), "met-1"), rules_of(settings)
        reader = invented_reader(design, store.clock.today(), SEED + first + number, first + number, processes)
        ready.wait(READY_MOST_S)
        while process_next(store, reader, rules, worker, settings.limits) is not None:
            continue
