"""How the work goes, for Prometheus: counts and seconds of the record, of no patient, office, pad or file name."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import get_args

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from schemas.time_spent import Spent, Stage
from store.database import Store
from store.intake.ledger.files import ledger, totals
from store.intake.ledger.progress import backlog, count_finished_since
from store.letters.actions import letter_counts
from store.webhooks.webhooks import webhooks
from store.workers.reading_times import reading_times
from store.workers.workers import READING, living_workers

MINUTE = timedelta(minutes=1)


def metrics_text(store: Store) -> bytes:
    """What Prometheus reads at each scrape, in its text format."""
    registry = CollectorRegistry()
    registry.register(_OfRecord(store))
    return generate_latest(registry)


class _OfRecord(Collector):
    """Counts the record anew each time: after a restart, and with several readers, the figures are the same."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        store = self._store
        now, waits = store.clock.now(), backlog(store)
        since_s = 0.0 if waits.since is None else max(0.0, (now - waits.since).total_seconds())
        yield _by("refpad_files", "Files seen in the inbox, by what became of each time", "state", _files(store))
        yield GaugeMetricFamily("refpad_files_to_read", "Files that wait to be read", value=waits.waiting)
        yield GaugeMetricFamily("refpad_oldest_waiting_seconds", "Age of the oldest file that waits", value=since_s)
        read = count_finished_since(store, now - MINUTE)
        yield GaugeMetricFamily(
            "refpad_files_read_last_minute", "Files whose reading ended within a minute", value=read
        )
        yield _of_reading(store)
        readers = sum(worker.kind in READING for worker in living_workers(store.folder))
        yield GaugeMetricFamily("refpad_readers", "Readers at work, as far as this machine sees", value=readers)
        found = totals(store)
        slips = {"accepted": found.accepted, "review": found.review, "rejected": found.rejected}
        yield _by("refpad_slips", "Slips", "state", slips)
        tasks = {"open": found.tasks_open, "due": found.tasks_due}
        yield _by("refpad_follow_ups", "Follow-ups that stand, and those of them that are due", "state", tasks)
        letters = {state.value: count for state, count in letter_counts(store).items()}
        yield _by("refpad_letters", "Letters", "state", letters)
        yield from _of_webhooks(store)


def _of_reading(store: Store) -> Metric:
    """Every stage is there from the first scrape on: a rate needs a figure before it."""
    what = "Seconds by the clock at each stage of reading and recording, and how often it was gone through"
    family, spent = SummaryMetricFamily("refpad_reading_seconds", what, labels=["stage"]), reading_times(store)
    for stage in get_args(Stage):
        at = spent.get(stage, Spent())
        family.add_metric([stage], at.count, at.seconds)
    return family


def _of_webhooks(store: Store) -> Iterator[Metric]:
    found = webhooks(store)
    waiting = {str(one.id): one.waiting for one in found}
    disabled = {str(one.id): int(one.disabled_at is not None) for one in found}
    yield _by("refpad_webhook_messages_waiting", "Messages that a webhook has not been told", "webhook", waiting)
    yield _by("refpad_webhook_disabled", "Whether a webhook is told nothing any more", "webhook", disabled)


def _files(store: Store) -> Mapping[str, int]:
    counts = ledger(store).model_dump()
    return {state: count for state, count in counts.items() if state != "seen"}


def _by(name: str, what: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
