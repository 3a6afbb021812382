"""Turns: one worker a follow-up, and no word from a worker that lost its turn."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.followup import FollowUpState
from store import workers
from store.clock import SetClock
from store.database import Store
from store.followups.actions import settle
from store.letters import leases
from store.letters.leases import LostTurnError, Turn, hold, leave, next_turn
from tests.fake_reader import example_terms, slip_reading
from tests.store.helpers import LEASE_S, recorded, taken

REFERRALS = 12


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path) -> None:
    """A dozen referrals, each with a letter of thanks to make."""
    for number in range(1, REFERRALS + 1):
        claim = taken(store, inbox / "scan.pdf", f"scan {number}".encode())
        recorded(store, claim, slip_reading(serial=number))


def turn(store: Store, worker: str = "worker") -> Turn:
    taken_turn = next_turn(store, worker, LEASE_S)
    assert taken_turn is not None
    return taken_turn


def test_workers_share_the_queue_and_none_gets_what_another_has(store: Store) -> None:
    """Four threads race; each follow-up is had once."""
    had: list[int] = []

    def work(name: str) -> None:
        while (mine := next_turn(store, name, LEASE_S)) is not None:
            had.append(mine.task_id)

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(had) == len(set(had)) == REFERRALS


def test_a_lease_that_ran_out_is_given_to_another_and_the_first_can_write_nothing(
    store: Store, clock: SetClock
) -> None:
    """Stopped and resumed, a worker still believes that it is its turn; the generation knows better."""
    first = turn(store)
    clock.move(timedelta(seconds=LEASE_S + 1))
    second = turn(store, "other")
    assert second.task_id == first.task_id
    with pytest.raises(LostTurnError), store.write() as connection:
        hold(connection, first)
    leave(store, first)
    with store.write() as connection:
        hold(connection, second)


def test_the_turn_of_a_worker_that_died_is_free_at_once(store: Store) -> None:
    """The kernel knows who is alive; nobody waits out a lease after a crash."""
    with workers.working(store) as alive:
        first = turn(store, alive)
        assert turn(store, "other").task_id != first.task_id
    assert turn(store, "a third").task_id == first.task_id


def test_a_turn_given_back_is_the_next(store: Store) -> None:
    """What is due first stays first."""
    first = turn(store)
    leave(store, first)
    assert turn(store).task_id == first.task_id


def test_who_settles_a_task_takes_it_out_of_the_workers_hands(store: Store) -> None:
    """The person at the desk said it is done; a letter half made is dropped."""
    mine = turn(store)
    settle(store, example_terms(), mine.task_id, FollowUpState.DONE, "kim")
    with pytest.raises(LostTurnError), store.write() as connection:
        leases.hold(connection, mine)
