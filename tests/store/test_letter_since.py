"""Since when a letter is in the state that stands beside it: what a person answers an office with on the telephone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.followup import FollowUpState
from schemas.letter import LetterState
from store.clock import SetClock
from store.database import Store
from store.followups.actions import settle
from store.followups.remaking import remake_letter
from store.history import referral_history
from store.letters import actions
from store.letters.leases import Work, next_lease
from store.letters.recipients import recipient_of_follow_up
from store.letters.restore_guard import begin_again
from store.letters.sending import Made, begin_sending, keep_made, mark_refused
from store.tables import follow_up, outbox
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import LEASE_S, recorded, taken

HOUR = timedelta(hours=1)
RULES = example_rules()


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path) -> None:
    """One referral, whose thanks wait to be made."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading())


def letter(store: Store) -> tuple[LetterState, datetime]:
    [one] = referral_history(store, 1, "kim").letters
    return one.state, one.since


def made(store: Store, channel: str = "print", why: str = "") -> None:
    lease = next_lease(store, "worker", LEASE_S)
    assert lease is not None
    with store.read() as connection:
        row = connection.execute(sa.select(follow_up).order_by(follow_up.c.id).limit(1)).mappings().one()
        to = recipient_of_follow_up(connection, row)
    keep_made(store, lease, 1, Made(b"%PDF", to, channel, "studio.example", held_why=why))  # type: ignore[arg-type]


def printed(store: Store) -> None:
    assert actions.print_ready(store, "kim") == 1


def again(store: Store) -> None:
    with store.write() as connection:
        remake_letter(connection, store, 1, 1, "Another address.")


def put_back(store: Store) -> None:
    with store.write() as connection:
        begin_again(store, connection, None)


STEPS: dict[LetterState, tuple[Callable[[Store], object], ...]] = {
    LetterState.WAITING: (made, again),
    LetterState.HELD: (lambda store: made(store, why="Read it."),),
    LetterState.READY: (
        lambda store: made(store, "email", "Read it."),
        lambda store: actions.release_all(store, "kim"),
    ),
    LetterState.PRINTING: (made, printed),
    LetterState.SENT: (made, again, made, printed, lambda store: actions.mark_posted(store, RULES, 1, "kim")),
    LetterState.UNCERTAIN: (made, printed, put_back),
    LetterState.DROPPED: (made, lambda store: settle(store, RULES, 1, FollowUpState.DONE, "kim")),
}


@pytest.mark.parametrize("state", STEPS)
def test_a_state_began_with_the_last_step(state: LetterState, store: Store, clock: SetClock) -> None:
    """What was sent at 9:46 was said to be so since 9:38, when it was first asked for; a look at it is no step."""
    for step in STEPS[state]:
        clock.move(HOUR)
        step(store)
    began = clock.now()
    clock.move(HOUR)
    assert letter(store) == (state, began)


def test_a_mail_that_was_refused_failed_then_and_one_that_was_sent_was_sent_then(store: Store, clock: SetClock) -> None:
    """Each try has its own time."""
    clock.move(HOUR)
    made(store, "email")
    clock.move(HOUR)
    lease = next_lease(store, "worker", LEASE_S, Work.SEND)
    assert lease is not None
    outgoing = begin_sending(store, lease, 1)
    clock.move(HOUR)
    mark_refused(store, outgoing, "No such box.")
    assert letter(store) == (LetterState.FAILED, clock.now())
    actions.settle_letter(store, RULES, 1, "again", "kim")
    clock.move(HOUR)
    made(store, "email")
    assert letter(store) == (LetterState.READY, clock.now())


def test_a_letter_of_a_record_without_lines_began_when_it_was_written(store: Store, clock: SetClock) -> None:
    """Early versions wrote none of what the machine did."""
    with store.write() as connection:
        connection.execute(outbox.update().values(state=LetterState.READY.value))
        written_at = connection.execute(sa.select(outbox.c.written_at)).scalar_one()
    clock.move(HOUR)
    assert letter(store) == (LetterState.READY, written_at)
