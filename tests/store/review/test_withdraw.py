"""A referral accepted by mistake is taken back, as long as nobody knows of it."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.errors import UsageError
from schemas.followup import FollowUpState
from schemas.reading import PageRead
from store.database import Store
from store.followups import actions, listing
from store.followups.listing import FollowUpQuery
from store.intake import results
from store.intake.ledger import totals
from store.referrals import quality_sample, referrals
from store.review import settle
from store.review.corrections import Corrections
from store.review.queue import waiting_list
from store.review.withdraw import can_be_withdrawn, withdraw
from store.search.search import Searcher
from store.tables import outbox
from store.verify import verify
from tests.fake_reader import example_rules, picture, slip_reading
from tests.store.helpers import in_review, slip_number, taken

SIGNED = Corrections(values={"signature": "present"})
WHO = "kim"


def accepted(store: Store, inbox: Path) -> int:
    item = in_review(store, inbox)
    settle.accept(store, example_rules(), item, WHO, SIGNED)
    return slip_number(item)


def test_its_slip_waits_again_and_nothing_of_it_is_left(store: Store, inbox: Path) -> None:
    """No promise, no letter, no find; accepted anew it is as if it had been accepted once."""
    slip_id = accepted(store, inbox)
    assert can_be_withdrawn(store, 1)
    withdraw(store, slip_id, WHO)
    assert totals(store).model_dump() == {"accepted": 0, "review": 1, "rejected": 0, "tasks_open": 0, "tasks_due": 0}
    assert Searcher(store).search("quill") == []
    assert verify(store) == []
    settle.accept(store, example_rules(), f"s{slip_id}", WHO, Corrections())
    assert len(list(referrals.exported_referrals(store))) == 1
    assert verify(store) == []


def test_once_a_follow_up_was_done_it_stays(store: Store, inbox: Path) -> None:
    """The patient was called: taking it back would make that call about nothing."""
    slip_id = accepted(store, inbox)
    [first, *_] = listing.list_follow_ups(store, FollowUpQuery()).follow_ups
    actions.settle(store, example_rules(), first.id, FollowUpState.DONE, WHO)
    assert not can_be_withdrawn(store, 1)
    with pytest.raises(UsageError, match="it stays"):
        withdraw(store, slip_id, WHO)


def test_once_a_letter_left_it_stays(store: Store, inbox: Path) -> None:
    """The office was thanked."""
    slip_id = accepted(store, inbox)
    with store.write() as connection:
        connection.execute(sa.update(outbox).values(state="sent"))
    with pytest.raises(UsageError, match="it stays"):
        withdraw(store, slip_id, WHO)


def test_what_has_no_referral_cannot_be_taken_back(store: Store, inbox: Path) -> None:
    """Twice the same button, or a slip that waits anyway."""
    slip_id = accepted(store, inbox)
    withdraw(store, slip_id, WHO)
    with pytest.raises(UsageError, match="has no referral"):
        withdraw(store, slip_id, WHO)


def test_a_second_look_that_takes_the_referral_back_counts_as_an_error(store: Store, inbox: Path) -> None:
    """Nobody had signed: that is the worst error of all, and it must be in the measure."""
    drawing = replace(example_rules(), is_drawn=lambda: True)
    reading = slip_reading()
    results.record(
        store,
        taken(store, inbox / "scan.pdf"),
        [PageRead(page=1, slips=(reading,))],
        {(1, 1): picture(reading)},
        drawing,
    )
    settle.accept(store, drawing, "s1", WHO, Corrections(values={"signature": "absent"}))
    withdraw(store, 1, WHO)
    slips, values = quality_sample.measure_error(store)
    assert (slips.wrong, values.wrong) == (1, 1)
    assert [each.item for each in waiting_list(store)] == ["s1"]
    settle.reject(store, "s1", WHO, "not signed")
    assert verify(store) == []
