"""Claims: one worker a file, tries that count, and no word from a worker that lost its claim."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.errors import UsageError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason
from store.clock import SetClock
from store.database import Store
from store.intake import claims
from store.intake.claims import CLAIMS_MAX, RETURNS_MAX, Claim, LostClaimError
from store.intake.ledger.files import files_set_aside, ledger
from store.intake.ledger.progress import Backlog, backlog, unclaimed
from store.intake.taking_in.take_in import take_in
from store.tables import file
from store.workers import workers
from tests.fake_reader import slip_reading
from tests.store.helpers import LEASE_S, recorded, taken

TIMEOUT = SetAsideReason.TIMEOUT


def next_claim(store: Store, worker: str = "other") -> Claim:
    claim = claims.next_claim(store, worker, LEASE_S)
    assert claim is not None
    return claim


def test_files_are_claimed_once_each_in_the_order_they_came(store: Store, inbox: Path) -> None:
    """Nobody waits longer because somebody else's scan came later."""
    for content in (b"1", b"2"):
        (inbox / "scan.pdf").write_bytes(content)
        take_in(store, inbox / "scan.pdf", Limits())
    first, second = next_claim(store), next_claim(store)
    assert (first.original.read_bytes(), second.original.read_bytes()) == (b"1", b"2")
    assert claims.next_claim(store, "a third", LEASE_S) is None


def test_the_try_counts_before_it_is_made(store: Store, inbox: Path) -> None:
    """A file that takes the whole machine down must have been counted by then."""
    taken(store, inbox / "scan.pdf")
    with store.read() as connection:
        assert connection.execute(sa.select(file.c.attempts)).scalar() == 1


def test_a_lease_that_ran_out_is_given_to_another(store: Store, inbox: Path, clock: SetClock) -> None:
    """A worker on a machine that was switched off says nothing any more."""
    first = taken(store, inbox / "scan.pdf")
    assert claims.next_claim(store, "other", LEASE_S) is None
    clock.move(timedelta(seconds=LEASE_S + 1))
    second = next_claim(store)
    assert (second.file_id, second.generation, second.attempt) == (first.file_id, 2, 2)


def test_a_worker_that_died_on_this_machine_is_noticed_at_once(store: Store, inbox: Path) -> None:
    """Nobody waits out a quarter of an hour after a power cut, or a stop in mid-file; the kernel knows who is alive."""
    (inbox / "scan.pdf").write_bytes(b"a scan")
    take_in(store, inbox / "scan.pdf", Limits())
    with workers.register_worker(store) as alive:
        next_claim(store, alive)
        assert claims.next_claim(store, "other", LEASE_S) is None
    assert next_claim(store).generation == 2


def test_a_worker_that_lost_the_database_goes_on_with_its_own_file(store: Store, inbox: Path) -> None:
    """It lives, and could not say that it was done: nobody waits out its lease, and the try is the same one."""
    first = taken(store, inbox / "scan.pdf")
    (inbox / "later.pdf").write_bytes(b"later")
    take_in(store, inbox / "later.pdf", Limits())
    assert next_claim(store, "worker").file_id != first.file_id
    again = next_claim(store, "worker")
    assert (again.file_id, again.attempt) == (first.file_id, first.attempt)
    with pytest.raises(LostClaimError):
        recorded(store, first, slip_reading())
    assert claims.next_claim(store, "other", LEASE_S) is None


def test_the_traces_of_dead_workers_are_cleared_once_nobody_needs_them(store: Store, inbox: Path) -> None:
    """A worker that dies each night leaves a lock file each night."""
    (inbox / "scan.pdf").write_bytes(b"a scan")
    take_in(store, inbox / "scan.pdf", Limits())
    for name in ("idle", "holder"):
        (store.workers / name).touch()
        os.utime(store.workers / name, (0, 0))
    claims.next_claim(store, "holder", LEASE_S)
    with workers.register_worker(store) as alive:
        assert {each.name for each in store.workers.iterdir()} == {"holder", alive}
        assert next_claim(store, alive).generation == 2
    with workers.register_worker(store):
        assert not (store.workers / "holder").exists()


def test_who_lost_the_claim_can_write_nothing(store: Store, inbox: Path, clock: SetClock) -> None:
    """Stopped and resumed, a worker still believes that the file is its own; the generation knows better."""
    late = taken(store, inbox / "scan.pdf")
    clock.move(timedelta(seconds=LEASE_S + 1))
    now = next_claim(store)
    for act in (
        lambda: recorded(store, late, slip_reading()),
        lambda: claims.set_aside(store, late, TIMEOUT, "Too late."),
        lambda: claims.requeue_tried(store, late, TIMEOUT, "Too late."),
        lambda: claims.requeue_untried(store, late, "The database refused."),
    ):
        with pytest.raises(LostClaimError):
            act()
    assert recorded(store, now, slip_reading()).accepted == 1


def test_a_file_that_kills_its_reader_twice_is_set_aside(store: Store, inbox: Path) -> None:
    """Once may be the machine, twice is the file; the third try would only cost the others time."""
    assert claims.requeue_tried(store, taken(store, inbox / "scan.pdf"), TIMEOUT, "It took too long.") is False
    assert claims.requeue_tried(store, next_claim(store), TIMEOUT, "It took too long.") is True
    aside = files_set_aside(store)
    assert [(each.reason, each.message) for each in aside] == [(TIMEOUT, "It took too long. It was tried 2 times.")]
    assert claims.next_claim(store, "other", LEASE_S) is None


def test_a_file_whose_workers_keep_dying_is_set_aside(store: Store, inbox: Path, clock: SetClock) -> None:
    """A worker that dies says nothing, so the claims themselves are counted."""
    taken(store, inbox / "scan.pdf")
    for _ in range(CLAIMS_MAX - 1):
        clock.move(timedelta(seconds=LEASE_S + 1))
        next_claim(store)
    clock.move(timedelta(seconds=LEASE_S + 1))
    assert claims.next_claim(store, "other", LEASE_S) is None
    assert files_set_aside(store)[0].reason is SetAsideReason.ENGINE_CRASHED


def dropped(store: Store, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    take_in(store, path, Limits())


def test_files_that_failed_come_after_those_that_were_not_tried(store: Store, inbox: Path) -> None:
    """Whatever is wrong with the oldest, a try that died or a statement refused, the others are read first."""
    for content in (b"refused", b"died", b"third", b"fourth"):
        dropped(store, inbox / "scan.pdf", content)
    assert claims.requeue_untried(store, next_claim(store), "The database refused.") is False
    assert claims.requeue_tried(store, next_claim(store), TIMEOUT, "It took too long.") is False
    order = [next_claim(store).original.read_bytes() for _ in range(4)]
    assert order == [b"third", b"fourth", b"refused", b"died"]


def test_a_file_at_which_only_the_machine_fails_is_set_aside_when_others_go_through(store: Store, inbox: Path) -> None:
    """A file that no statement of the database takes would come back for ever; the sentence says what happened."""
    dropped(store, inbox / "scan.pdf", b"poison")
    ended = []
    for number in range(1, RETURNS_MAX + 1):
        ended.append(claims.requeue_untried(store, next_claim(store), "The database refused."))
        recorded(store, taken(store, inbox / "scan.pdf", f"scan {number}".encode()), slip_reading(serial=number))
    assert ended == [False, False, True]
    [aside] = files_set_aside(store)
    assert (aside.file_id, aside.reason) == (1, SetAsideReason.INTERNAL_ERROR)
    assert aside.message.startswith(f"The database refused. This happened {RETURNS_MAX} times while other files were")
    claims.retry(store, 1, "kim")
    assert claims.requeue_untried(store, next_claim(store), "The database refused.") is False


def test_no_file_is_set_aside_while_none_goes_through(store: Store, inbox: Path) -> None:
    """With a full disk the whole inbox comes back again and again, and is read once there is room."""
    for content in (b"1", b"2"):
        dropped(store, inbox / "scan.pdf", content)
    for _ in range(RETURNS_MAX * 4):
        assert claims.requeue_untried(store, next_claim(store), "No space left.") is False
    assert (ledger(store).waiting, next_claim(store).attempt) == (2, 1)


@pytest.mark.parametrize("came_again", [False, True])
def test_a_file_that_is_to_be_read_again_has_waited_since_then(
    came_again: bool, store: Store, inbox: Path, clock: SetClock
) -> None:
    """Counted from the day on which it came first it rings the alarm at once, and calls for another reader."""
    claims.set_aside(store, taken(store, inbox / "scan.pdf"), TIMEOUT, "It took too long.")
    assert backlog(store) == Backlog(waiting=0, since=None)
    clock.move(timedelta(days=7))
    if came_again:
        dropped(store, inbox / "scan.pdf", b"a scan")
    else:
        claims.retry(store, 1, "kim")
    since = clock.now()
    clock.move(timedelta(minutes=1))
    assert unclaimed(store) == Backlog(waiting=1, since=since)
    claims.requeue_tried(store, next_claim(store), TIMEOUT, "It took too long.")
    assert backlog(store) == Backlog(waiting=1, since=since)  # a try that failed does not begin the wait anew


def test_a_backlog_is_as_old_as_the_file_that_waits_longest(store: Store, inbox: Path, clock: SetClock) -> None:
    """A copy of it that comes later is no news of it, and a later scan is no older."""
    since = clock.now()
    dropped(store, inbox / "scan.pdf", b"1")
    clock.move(timedelta(hours=1))
    dropped(store, inbox / "copy.pdf", b"1")
    dropped(store, inbox / "later.pdf", b"2")
    assert backlog(store) == Backlog(waiting=2, since=since)


def test_a_file_set_aside_can_be_tried_again_once_its_cause_is_mended(store: Store, inbox: Path) -> None:
    """A missing program is installed; the scan need not be scanned again."""
    claim = taken(store, inbox / "scan.pdf")
    claims.set_aside(store, claim, SetAsideReason.ENGINE_MISSING, "Tesseract is missing.")
    claims.retry(store, claim.file_id, "kim")
    assert next_claim(store).attempt == 1
    with pytest.raises(UsageError, match="is not set aside"):
        claims.retry(store, claim.file_id, "kim")
