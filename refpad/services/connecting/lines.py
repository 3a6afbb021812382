"""The record for programs: JSON Lines, all or what changed behind a cursor, and Parquet."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from exports.to_jsonl import write_jsonl
from exports.to_parquet import write_parquet
from refpad.services.connecting.rows import MODEL_OF, rows_of
from refpad.settings import Settings
from schemas.base import Value
from schemas.changes import GONE, START, ChangedNoun, RecordChange, Removed
from schemas.errors import UsageError
from schemas.export import Exported, ExportedReferral
from store.changes import changes_since, latest_cursor
from store.database import Store
from store.followups.exported import all_follow_ups, some_follow_ups
from store.referrals.exported import all_referrals, some_referrals
from store.referrals.referrals import answers_on_record, exported_referrals

NOUNS = {Exported.REFERRALS: ChangedNoun.REFERRAL, Exported.FOLLOWUPS: ChangedNoun.FOLLOW_UP}


@dataclass(frozen=True)
class Written:
    """How many lines were written, and the cursor behind which the next export reads on; None where there is none."""

    count: int
    cursor: str | None


def export_jsonl(store: Store, settings: Settings, what: Exported, path: Path, since: str = START) -> Written:
    """Write one of the exports as JSON Lines to `path`: all of it, or what changed behind the cursor `since`.

    Raises UsageError for a cursor that this record does not know, and for one of an export that is written as a whole,
    which has none.
    """
    if what not in NOUNS:
        if since != START:
            raise UsageError(f"The export of {what.value} is written as a whole: leave --since out.")
        return Written(write_jsonl(rows_of(store, settings, what), path), None)
    with _lines(store, NOUNS[what], since) as (rows, cursor):
        return Written(write_jsonl(rows, path), cursor)


def export_parquet(store: Store, settings: Settings, what: Exported, path: Path) -> int:
    """Write one of the exports as Parquet to `path`; returns how many rows it has."""
    if what in MODEL_OF:
        return write_parquet(rows_of(store, settings, what), path, MODEL_OF[what])
    return write_parquet(exported_referrals(store), path, ExportedReferral, answers_on_record(store))


def latest(changes: Sequence[RecordChange], noun: ChangedNoun) -> dict[int, RecordChange]:
    """The last change of each referral, or follow-up, by its number."""
    return {change.number: change for change in changes if change.noun is noun}


def removed(changes: dict[int, RecordChange]) -> list[Removed]:
    """What of these is on record no more."""
    return [
        Removed(noun=change.noun, id=str(number), removed=change.what)
        for number, change in sorted(changes.items())
        if change.what in GONE
    ]


@contextmanager
def _lines(store: Store, noun: ChangedNoun, since: str) -> Iterator[tuple[Iterator[Value], str]]:
    """The lines of one moment, and the cursor behind it."""
    with store.read() as connection:
        cursor = latest_cursor(connection)
        if since == START:
            rows = all_referrals(connection) if noun is ChangedNoun.REFERRAL else all_follow_ups(connection, store)
            yield iter(rows), cursor
            return
        changed = latest(changes_since(connection, since), noun)
        numbers = [number for number, change in changed.items() if change.what not in GONE]
        is_referral = noun is ChangedNoun.REFERRAL
        some = some_referrals(connection, numbers) if is_referral else some_follow_ups(connection, store, numbers)
        yield chain(some, removed(changed)), cursor
