"""What is to be done next for a referral, beside it in lists."""

from pathlib import Path

from schemas.followup import FollowUpKind, FollowUpState
from store.database import Store
from store.followups.actions import settle
from store.followups.next_steps import next_steps
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import recorded, taken


def test_the_step_due_first_is_the_next_and_thanks_go_by_themselves(store: Store, inbox: Path) -> None:
    """Once it is done the one after it is; a referral with nothing open has none."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(serial=7))
    first = next_steps(store, [1, 99])[1]
    assert first.kind is not FollowUpKind.THANK_PROVIDER
    settle(store, example_rules(), first.id, FollowUpState.DONE, "kim", "")
    later = next_steps(store, [1]).get(1)
    assert later is None or (later.id != first.id and later.due >= first.due)
    assert next_steps(store, []) == {}
