"""The follow-up list."""

from datetime import timedelta
from pathlib import Path

import pytest

from schemas.errors import UsageError
from schemas.followup import FollowUpState
from store import audit, tasks
from store.clock import SetClock
from store.database import Store
from store.ledger import totals
from tests.store.helpers import recorded, taken
from tests.work.fake_reader import slip_reading


@pytest.fixture(autouse=True)
def referral(store: Store, inbox: Path) -> None:
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading())


def test_a_task_says_all_that_is_needed_to_do_it(store: Store) -> None:
    """Whom to call, about what, since when: nobody should have to look it up."""
    task = tasks.open_tasks(store)[0]
    assert (task.patient_name, task.patient_phone, task.provider_name) == ("Ada Quill", "+12125550142", "Dr. B. Fenn")
    assert task.days_overdue == 0


@pytest.mark.parametrize(("days", "due", "overdue"), [(-1, 0, -1), (0, 2, 0), (3, 2, 3)])
def test_a_task_is_due_on_its_day_and_after(days: int, due: int, overdue: int, store: Store, clock: SetClock) -> None:
    """Due is a calendar date in the studio: not a minute before, and never forgotten after."""
    clock.move(timedelta(days=days))
    assert len(tasks.open_tasks(store, due_only=True)) == totals(store).tasks_due == due
    assert tasks.open_tasks(store)[0].days_overdue == overdue


@pytest.mark.parametrize("state", [FollowUpState.DONE, FollowUpState.SKIPPED])
def test_a_settled_task_leaves_the_list_once(state: FollowUpState, store: Store) -> None:
    """Ticked off by whom is on record; ticking it off again is a mistake worth saying."""
    first, second = tasks.open_tasks(store)
    tasks.settle(store, first.id, state, "kim", "left a message")
    assert [each.id for each in tasks.open_tasks(store)] == [second.id]
    assert (audit.lines(store)[-1]["who"], audit.lines(store)[-1]["what"]) == ("kim", state.value)
    with pytest.raises(UsageError, match=f"no open task {first.id}"):
        tasks.settle(store, first.id, state, "kim")
