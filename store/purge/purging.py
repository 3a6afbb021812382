"""Purging: what is past its term goes from the record, its files from the disk, and every byte from the database.

The order makes it safe to be killed anywhere. The list outside of the record is written before the rows are gone for
good, the files go after their rows, and the purge is finished only when the database was written anew. Begun again, it
goes on from where it was; until then `refpad verify` says so.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import PurePath

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.retention import RetentionSettings, years_after
from store import audit, files
from store.crashpoints import crashpoint
from store.database import Store
from store.purge.compact import compact
from store.purge.gone_list import add_to_list, mac_of
from store.purge.numbers import last_numbers
from store.purge.rows import Gone, remove_rows
from store.purge.terms import ScanTerm, scans
from store.tables import file, occurrence, outbox, purge, purge_rest, purged_item, slip

SCANS_AT_ONCE = 50  # in one transaction: for so long all other writers wait
ROWS_AT_ONCE = 500  # likewise, of what has little or nothing below it
UNRECORDED_S = 120.0  # a letter is kept before the row that names it is committed
PURGE = "purge"  # what the audit calls it
Progress = Callable[[int, int], None]


class Purge(Value):
    """One purge: when, by whom, under which rule, and how much went. It goes on while `finished_at` is None."""

    id: int
    began_at: datetime
    by: str
    rule: str
    counts: dict[str, int]
    finished_at: datetime | None


def purge_due(
    store: Store, rules: RetentionSettings, due: Sequence[ScanTerm], who: str, progress: Progress = lambda *_: None
) -> Purge:
    """Have these scans go from the record, each unless it may not go any more; `finish` does the rest."""
    with store.write() as connection:
        number = begin(connection, store, rules.in_words, who)
        crashpoint("purge.before_begin")
    crashpoint("purge.begun")
    for start in range(0, len(due), SCANS_AT_ONCE):
        wanted = [number for scan in due[start : start + SCANS_AT_ONCE] for number in scan.files]
        with store.write() as connection:
            found = scans(connection, rules, store.clock, only=wanted)
            going = [number for scan in found if scan.may_go(store.clock.today()) for number in scan.files]
            take(connection, store, number, going, who)
        crashpoint("purge.taken")
        progress(min(start + SCANS_AT_ONCE, len(due)), len(due))
    return find_purge(store, number)


def purge_dropped(store: Store, rules: RetentionSettings, number: int) -> int:
    """Forget the files that were left in the inbox so long ago, whose names may be patients'; how many those are."""
    if rules.rejected_years is None:
        return 0
    gone = took = _take_drops(store, rules, number)
    while took == ROWS_AT_ONCE:
        took = _take_drops(store, rules, number)
        gone += took
    return gone


def _take_drops(store: Store, rules: RetentionSettings, number: int) -> int:
    """The first of them, in one transaction; how many there were."""
    first = sa.select(occurrence.c.id).where(_is_old_drop(store, rules)).order_by(occurrence.c.id).limit(ROWS_AT_ONCE)
    with store.write() as connection:
        some = connection.execute(first).scalars().all()
        connection.execute(occurrence.delete().where(occurrence.c.id.in_(some)))
        add_counts(connection, number, {"left in the inbox": len(some)})
        crashpoint("purge.before_dropped")
    crashpoint("purge.dropped")
    return len(some)


def old_drops(store: Store, rules: RetentionSettings) -> int:
    """How many those are."""
    if rules.rejected_years is None:
        return 0
    query = sa.select(sa.func.count()).select_from(occurrence).where(_is_old_drop(store, rules))
    with store.read() as connection:
        return connection.execute(query).scalar_one()


def unfinished(store: Store) -> list[Purge]:
    """The purges that were begun and not ended, oldest first."""
    return [found for found in purges(store)[::-1] if found.finished_at is None]


def purges(store: Store) -> list[Purge]:
    """All purges, newest first."""
    with store.read() as connection:
        rows = connection.execute(sa.select(purge).order_by(purge.c.id.desc())).mappings()
        return [Purge(**{name: row[name] for name in Purge.model_fields}) for row in rows]


def find_purge(store: Store, number: int) -> Purge:
    """One of them."""
    return next(found for found in purges(store) if found.id == number)


def remove_rest(store: Store) -> None:
    """Remove the files that have lost their rows, and the letters that were made anew since and are no one's.

    A file that came again since is newer than the loss, and stays: its row may not be committed yet.
    """
    with store.read() as connection:
        rest = connection.execute(sa.select(purge_rest)).all()
        named = _named(connection)
    for kind, sha256, noted_s in rest:
        kept = store.files.file(kind, sha256)
        if (kind, sha256) not in named and (kept_s := kept.kept_s()) is not None and kept_s < noted_s:
            kept.remove()
            crashpoint("purge.file_removed")
    _remove_former_letters(store, {sha256 for kind, sha256 in named if kind == "letters"})
    files.sweep(store.incoming)
    with store.write() as connection:
        connection.execute(purge_rest.delete())
        crashpoint("purge.rest_before_commit")
    crashpoint("purge.rest_removed")


def finish(store: Store, who: str) -> None:
    """Write the database anew, and say of all purges that nothing is left.

    Raises MachineError while somebody keeps the database from that.
    """
    compact(store)
    crashpoint("purge.compacted")
    with store.write() as connection:
        now = store.clock.now()
        going_on = purge.c.finished_at.is_(None)
        for row in connection.execute(sa.select(purge.c.id, purge.c.counts).where(going_on).order_by(purge.c.id)).all():
            audit.append(connection, now, who, "purge_ended", f"purge {row.id}", row.counts)
        connection.execute(purge.update().where(going_on).values(finished_at=now))
        crashpoint("purge.before_end")
    crashpoint("purge.ended")


def begin(connection: Connection, store: Store, rule: str, who: str) -> int:
    """Enter a purge in the caller's transaction; its number."""
    now = store.clock.now()
    values = {"began_at": now, "by": who, "rule": rule, "counts": {}, "numbers": last_numbers(connection)}
    number = int(connection.execute(purge.insert().values(values).returning(purge.c.id)).scalar_one())
    audit.append(connection, now, who, "purge_begun", f"purge {number}", {"rule": rule})
    return number


def take(connection: Connection, store: Store, number: int, going: Sequence[int], who: str) -> None:
    """Remove the rows of files in the caller's transaction, with a line of the audit for each."""
    assert store.anchor is not None  # noqa: S101 - an open record has one
    if not going:
        return
    gone = remove_rows(connection, going)
    macs = {file_id: mac_of(store.anchor, sha256) for file_id, sha256 in gone.contents.items()}
    for file_id in gone.contents:
        slips, referrals = gone.slips.get(file_id, []), gone.referrals.get(file_id, [])
        detail = {"purge": number, "slips": slips, "referrals": referrals}
        audit.append(connection, store.clock.now(), who, PURGE, f"file {file_id}", detail)
    connection.execute(purged_item.insert(), _items(number, gone, macs))
    add_counts(connection, number, gone.counts)
    crashpoint("purge.rows_removed")
    add_to_list(store.anchor, store.anchor.folder, macs.values())
    crashpoint("purge.before_commit")


def _items(number: int, gone: Gone, macs: dict[int, str]) -> list[dict[str, object]]:
    numbers = [("file", file_id, mac) for file_id, mac in macs.items()]
    for noun, by_file in (("slip", gone.slips), ("referral", gone.referrals)):
        numbers += [(noun, item, "") for items in by_file.values() for item in items]
    return [{"noun": noun, "number": item, "purge_id": number, "mac": mac or None} for noun, item, mac in numbers]


def add_counts(connection: Connection, number: int, more: dict[str, int]) -> None:
    """Add to what a purge says that went, in the caller's transaction."""
    row = connection.execute(sa.select(purge.c.counts).where(purge.c.id == number)).scalar_one()
    counts = {name: row.get(name, 0) + more.get(name, 0) for name in (*row, *(new for new in more if new not in row))}
    connection.execute(purge.update().where(purge.c.id == number).values(counts=counts))


def _named(connection: Connection) -> set[tuple[str, str]]:
    """The kept files that the record still names."""
    columns = {"originals": file.c.sha256, "pictures": slip.c.picture_sha256, "letters": outbox.c.pdf_sha256}
    return {
        (kind, sha256)
        for kind, column in columns.items()
        for sha256 in connection.execute(sa.select(column).where(column.is_not(None))).scalars()
    }


def _remove_former_letters(store: Store, named: set[str]) -> None:
    """A letter that was made again left its first page behind, which no row names."""
    for place, kept_s in store.files.listed("letters"):
        sha256 = PurePath(place).stem
        if sha256 not in named and kept_s < time.time() - UNRECORDED_S:
            store.letter(sha256).remove()


def _is_old_drop(store: Store, rules: RetentionSettings) -> sa.ColumnElement[bool]:
    moment = store.clock.now()
    assert rules.rejected_years is not None  # noqa: S101 - asked by the callers
    before = datetime.combine(years_after(moment.date(), -rules.rejected_years), moment.timetz())
    named = occurrence.alias("named")
    first = ~sa.exists().where(sa.or_(named.c.duplicate_of == occurrence.c.id, named.c.version_of == occurrence.c.id))
    return sa.and_(occurrence.c.file_id.is_(None), occurrence.c.seen_at < before, first)
