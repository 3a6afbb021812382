"""Leases: one worker a follow-up, and nothing written by a worker that lost its lease."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.followup import FollowUpState
from store.clock import SetClock
from store.database import Store
from store.followups.actions import settle
from store.letters import leases
from store.letters.leases import Lease, LostLeaseError, check_lease, end_lease, next_lease
from store.workers import workers
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import LEASE_S, recorded, taken

REFERRALS = 12


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path) -> None:
    """A dozen referrals, each with a letter of thanks to make."""
    for number in range(1, REFERRALS + 1):
        claim = taken(store, inbox / "scan.pdf", f"scan {number}".encode())
        recorded(store, claim, slip_reading(serial=number))


def lease(store: Store, worker: str = "worker") -> Lease:
    found = next_lease(store, worker, LEASE_S)
    assert found is not None
    return found


def test_workers_share_the_queue_and_none_gets_what_another_has(store: Store) -> None:
    """Four threads race; each follow-up is leased once."""
    had: list[int] = []

    def work(name: str) -> None:
        while (mine := next_lease(store, name, LEASE_S)) is not None:
            had.append(mine.follow_up_id)

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(had) == len(set(had)) == REFERRALS


def test_a_lease_that_ran_out_is_given_to_another_and_the_first_can_write_nothing(
    store: Store, clock: SetClock
) -> None:
    """Stopped and resumed, a worker still believes that it has its lease; the generation tells."""
    first = lease(store)
    clock.move(timedelta(seconds=LEASE_S + 1))
    second = lease(store, "other")
    assert second.follow_up_id == first.follow_up_id
    with pytest.raises(LostLeaseError), store.write() as connection:
        check_lease(connection, first)
    end_lease(store, first)
    with store.write() as connection:
        check_lease(connection, second)


def test_the_lease_of_a_worker_that_died_is_free_at_once(store: Store) -> None:
    """The kernel knows who is alive; nobody waits out a lease after a crash."""
    with workers.register_worker(store) as alive:
        first = lease(store, alive)
        assert lease(store, "other").follow_up_id != first.follow_up_id
    assert lease(store, "a third").follow_up_id == first.follow_up_id


def test_a_lease_that_was_ended_is_the_next_to_be_had(store: Store) -> None:
    """What is due first stays first."""
    first = lease(store)
    end_lease(store, first)
    assert lease(store).follow_up_id == first.follow_up_id


def test_a_follow_up_that_a_person_settles_is_no_workers_any_more(store: Store) -> None:
    """A person has said that it is done; a letter half made is dropped."""
    mine = lease(store)
    settle(store, example_rules(), mine.follow_up_id, FollowUpState.DONE, "kim")
    with pytest.raises(LostLeaseError), store.write() as connection:
        leases.check_lease(connection, mine)
