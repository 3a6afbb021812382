"""What is past its term goes from the record, on every database, and the record still knows that it went."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.followup import FollowUpState
from schemas.limits import Limits
from schemas.retention import RetentionSettings
from store.clock import SetClock
from store.database import Store
from store.followups.actions import settle
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.intake.ledger.files import ledger
from store.intake.taking_in.take_in import take_in
from store.purge.purging import (
    ROWS_AT_ONCE,
    Purge,
    finish,
    old_drops,
    purge_dropped,
    purge_due,
    purges,
    remove_rest,
)
from store.purge.terms import ScanTerm, find_scans
from store.review import settle as review
from store.review.duplicates import set_aside
from store.search.search import Searcher
from store.tables import file, metadata, occurrence, purged_item
from store.verify import verify
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import in_review, recorded, slip_number, taken

WHO = "kim"
RULES = RetentionSettings(referrals_years=7, rejected_years=2)
YEAR = timedelta(days=366)
NEVER_EMPTY = {"alembic_version", "audit", "change", "installation", "purge", "purged_item"}


def end_all(store: Store) -> None:
    """Every follow-up is over, and no letter is on its way."""
    for task in list_follow_ups(store, FollowUpQuery()).follow_ups:
        settle(store, example_rules(), task.id, FollowUpState.SKIPPED, WHO, "ended")


def due(store: Store) -> Sequence[ScanTerm]:
    return [scan for scan in find_scans(store, RULES) if scan.may_go(store.clock.today())]


def purged(store: Store) -> Purge:
    """All that may go has gone."""
    begun = purge_due(store, RULES, due(store), WHO)
    purge_dropped(store, RULES, begun.id)
    remove_rest(store)
    finish(store, WHO)
    return purges(store)[0]


def kept_paths(store: Store) -> list[Path]:
    return [path for name in ("originals", "pictures", "letters") for path in (store.folder / name).rglob("*.*")]


def test_a_record_of_which_everything_is_purged_is_empty_but_for_what_says_so(
    store: Store, tmp_path: Path, clock: SetClock
) -> None:
    """Referrals, a rejected copy of one, a file set aside, and the name of one left in the inbox."""
    recorded(store, taken(store, tmp_path / "inbox" / "a.pdf", b"a"), slip_reading(serial=None))
    copy = in_review(store, tmp_path / "inbox", b"b", None)
    set_aside(store, copy, WHO, "sent twice")
    recorded(store, taken(store, tmp_path / "inbox" / "c.pdf", b"c"))
    (tmp_path / "inbox" / "Ada Quill.pdf.part").write_bytes(b"d")
    take_in(store, tmp_path / "inbox" / "Ada Quill.pdf.part", Limits())
    end_all(store)
    clock.move(3 * YEAR)
    assert [scan.files for scan in due(store)] == [(3,)]
    assert old_drops(store, RULES) == 1
    clock.move(5 * YEAR)
    assert [scan.files for scan in due(store)] == [(1, 2), (3,)]
    done = purged(store)
    assert (done.counts["files"], done.counts["slips"], done.counts["referrals"]) == (3, 2, 1)
    with store.read() as connection:
        rows = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
        assert {name for name, count in rows.items() if count} <= NEVER_EMPTY | {"provider", "desk_user"}
        numbers = set(connection.execute(sa.select(purged_item.c.noun, purged_item.c.number)).tuples())
    assert numbers == {("file", 1), ("file", 2), ("file", 3), ("slip", 1), ("slip", 2), ("referral", 1)}
    assert kept_paths(store) == []
    assert ledger(store).balances
    assert verify(store) == []


@pytest.mark.parametrize("more", [0, 1])
def test_however_many_names_are_forgotten_other_writers_wait_for_some_of_them_only(
    more: int, store: Store, clock: SetClock
) -> None:
    """Years of temporary files of a scanner are one row each; for all of them at once everybody waited."""
    drops = 2 * ROWS_AT_ONCE + more
    with store.write() as connection:
        seen = {"name": b"a.part", "name_shown": "a.part", "seen_at": store.clock.now(), "state": "ignored"}
        connection.execute(occurrence.insert(), [{"fingerprint": str(number), **seen} for number in range(drops)])
    clock.move(3 * YEAR)
    took: list[int] = []
    sa.event.listen(
        store.engine,
        "after_cursor_execute",
        lambda *said: took.append(said[1].rowcount) if said[2].startswith("DELETE FROM occurrence") else None,
    )
    begun = purge_due(store, RULES, due(store), WHO)
    assert purge_dropped(store, RULES, begun.id) == drops
    assert took == [ROWS_AT_ONCE, ROWS_AT_ONCE, more]
    assert (old_drops(store, RULES), purges(store)[0].counts["left in the inbox"]) == (0, drops)


def test_numbers_that_went_are_never_given_again(store: Store, tmp_path: Path, clock: SetClock) -> None:
    """The audit says of referral 1 that it was purged, and of referral 2 what is done with it; the search finds it."""
    searcher = Searcher(store)
    recorded(store, taken(store, tmp_path / "inbox" / "a.pdf", b"a"), slip_reading(serial=1))
    end_all(store)
    assert len(searcher.search("quill")) == 1
    clock.move(8 * YEAR)
    purged(store)
    assert searcher.search("quill") == []
    recorded(store, taken(store, tmp_path / "inbox" / "a.pdf", b"a"), slip_reading(serial=1, sure=False))
    [item] = review.waiting_items(store)
    assert (item.id, slip_number(item.id)) == ("s2", 2)
    with store.read() as connection:
        assert connection.execute(sa.select(file.c.id)).scalars().all() == [2]
    assert verify(store) == []


@pytest.mark.parametrize("open_task", [True, False])
def test_a_scan_stays_until_the_last_slip_on_it_may_go(
    open_task: bool, store: Store, tmp_path: Path, clock: SetClock
) -> None:
    """Its original shows both patients: it is not purged for the one while the other's loop goes on."""
    claim = taken(store, tmp_path / "inbox" / "a.pdf", b"a")
    recorded(store, claim, slip_reading(serial=1), slip_reading(slip=2, serial=2))
    tasks = list_follow_ups(store, FollowUpQuery()).follow_ups
    for task in tasks[: -1 if open_task else None]:
        settle(store, example_rules(), task.id, FollowUpState.SKIPPED, WHO, "ended")
    clock.move(8 * YEAR)
    assert len(due(store)) == (0 if open_task else 1)
    [scan] = find_scans(store, RULES)
    assert (len(scan.unended), scan.referrals) == (int(open_task), (1, 2))


def test_the_audit_tells_what_went_in_the_order_of_numbers(store: Store, tmp_path: Path, clock: SetClock) -> None:
    """PostgreSQL gives rows that were changed last at the end, and whoever looks for a file looks for its number."""
    for number in (1, 2, 3):
        claim = taken(store, tmp_path / "inbox" / "a.pdf", f"a{number}".encode())
        recorded(store, claim, slip_reading(serial=number))
    end_all(store)
    clock.move(8 * YEAR)
    with store.write() as connection:
        connection.execute(file.update().where(file.c.id == 1).values(size_bytes=2))
    purged(store)
    told = [line["subject"] for line in audit_lines(store) if line["what"] == "purge"]
    assert told == ["file 1", "file 2", "file 3"]


def test_rows_that_were_deleted_behind_the_record_are_no_purge(store: Store, tmp_path: Path, clock: SetClock) -> None:
    """Whoever deletes a file with all its rows, and says that it was purged, lacks the line of the audit for it."""
    for number in (1, 2):
        claim = taken(store, tmp_path / "inbox" / "a.pdf", f"a{number}".encode())
        recorded(store, claim, slip_reading(serial=number))
    end_all(store)
    clock.move(8 * YEAR)
    begun = purge_due(store, RULES, due(store)[:1], WHO)
    assert [problem.subject for problem in verify(store) if "purge" in problem.subject] == [f"purge {begun.id}"]
    remove_rest(store)
    finish(store, WHO)
    assert verify(store) == []
    with store.write() as connection:
        connection.execute(purged_item.delete().where(purged_item.c.noun == "slip"))
        connection.execute(purged_item.insert().values(noun="referral", number=2, purge_id=begun.id))
    assert {problem.subject for problem in verify(store)} == {"slip 1", "referral 2"}
