"""A referral accepted by mistake is taken back, as long as nobody knows of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.errors import UsageError
from schemas.followup import FollowUpState
from schemas.reading import Finding, PageRead
from schemas.reasons import FindingCode
from schemas.referral import NeedsReview
from store.clock import SetClock
from store.database import Store
from store.followups import actions, listing
from store.followups.listing import FollowUpQuery
from store.intake import results
from store.intake.ledger.files import totals
from store.letters.leases import Work, next_lease
from store.referrals import quality_sample, referrals
from store.review import settle
from store.review.corrections import ALL, Corrections
from store.review.queue import waiting_list
from store.review.withdraw import can_be_withdrawn, just_accepted, withdraw
from store.search.search import Searcher
from store.tables import outbox
from store.verify import verify
from tests.fake_reader import example_rules, picture, slip_reading
from tests.store.helpers import in_review, recorded, slip_number, taken

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


def test_what_was_let_stand_is_asked_again(store: Store, inbox: Path) -> None:
    """Whoever accepts the slip next says so anew; the doubt is not lost with the referral."""
    blurred = Finding(code=FindingCode.IMAGE_BLURRED, detail="The picture is blurred.")
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading().model_copy(update={"findings": (blurred,)}))
    settle.accept(store, example_rules(), "s1", WHO, Corrections(), None, (blurred.code,))
    withdraw(store, 1, WHO)
    assert [waiting.codes for waiting in waiting_list(store)] == [(blurred.code,)]
    assert isinstance(settle.accept(store, example_rules(), "s1", WHO, Corrections()), NeedsReview)


def test_the_last_accept_of_a_person_stands_to_be_undone_for_ten_seconds(
    store: Store, inbox: Path, clock: SetClock
) -> None:
    """Theirs alone, and not once something came of it: then undoing it would be no small thing."""
    slip_id = accepted(store, inbox)
    clock.move(timedelta(seconds=4))
    found = just_accepted(store, WHO)
    assert found is not None
    assert (found.slip_id, found.left_s) == (slip_id, 6.0)
    assert just_accepted(store, "lee") is None
    [first, *_] = listing.list_follow_ups(store, FollowUpQuery()).follow_ups
    actions.settle(store, example_rules(), first.id, FollowUpState.DONE, WHO)
    assert just_accepted(store, WHO) is None


def test_no_letter_is_sent_while_its_referral_may_be_undone(store: Store, inbox: Path, clock: SetClock) -> None:
    """It may be made, which can be taken back; once it is with the office it cannot."""
    accepted(store, inbox)
    with store.write() as connection:
        connection.execute(sa.update(outbox).values(state="ready", channel="email"))
    assert next_lease(store, "w", 60.0, Work.SEND) is None
    clock.move(timedelta(seconds=11))
    assert just_accepted(store, WHO) is None
    assert next_lease(store, "w", 60.0, Work.SEND) is not None


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
    drawing = replace(example_rules(), sample_share=1.0, chance=lambda: 0.5)
    reading = slip_reading()
    results.record(
        store,
        taken(store, inbox / "scan.pdf"),
        [PageRead(page=1, slips=(reading,))],
        {(1, 1): picture(reading)},
        drawing,
    )
    settle.accept(store, drawing, "s1", WHO, Corrections(values={"signature": "absent"}, confirmed=(ALL,)))
    withdraw(store, 1, WHO)
    slips, values = quality_sample.measure_error(store)
    assert (slips.wrong, values.wrong) == (1, 1)
    assert [each.item for each in waiting_list(store)] == ["s1"]
    settle.reject(store, "s1", WHO, "not signed")
    assert verify(store) == []
