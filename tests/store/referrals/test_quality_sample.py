"""Some slips that the machine was sure of come to a person all the same, and the record follows what is seen then."""

from dataclasses import replace
from pathlib import Path

import pytest

from schemas.errors import UsageError
from schemas.reading import PageRead
from schemas.referral import Accepted, NeedsReview
from store.database import Store
from store.followups import listing
from store.followups.listing import FollowUpQuery
from store.intake import results
from store.referrals import quality_sample, referrals
from store.review import editing, settle
from store.review.corrections import ALL, Corrections
from store.review.queue import waiting_list
from store.verify import verify
from tests.fake_reader import example_rules, picture, slip_reading
from tests.schemas.examples import TEXT
from tests.store.helpers import slip_number, taken

DRAWING = replace(example_rules(), sample_share=1.0, chance=lambda: 0.5)
WHO = "kim"


def accepted_by_machine(store: Store, inbox: Path, serial: int = 123) -> str:
    """A slip without a doubt that chance has drawn."""
    reading = slip_reading(serial=serial)
    claim = taken(store, inbox / "scan.pdf", b"scan %d" % serial)
    results.record(store, claim, [PageRead(page=1, slips=(reading,))], {(1, 1): picture(reading)}, DRAWING)
    return waiting_list(store)[-1].item


def test_a_drawn_slip_is_recorded_and_waits_all_the_same(store: Store, inbox: Path) -> None:
    """Its patient is called as if nothing were; the queue says of it what it says of a slip in doubt."""
    item = accepted_by_machine(store, inbox)
    assert [waiting.why for waiting in waiting_list(store)] == [("field_doubtful",)]
    assert len(listing.list_follow_ups(store, FollowUpQuery()).follow_ups) == 2
    assert {finding.field for finding in settle.find_slip(store, item).findings} == set(TEXT)
    assert verify(store) == []


def test_what_was_right_counts_as_right(store: Store, inbox: Path) -> None:
    """One referral, no second one; the slip waits no more."""
    item = accepted_by_machine(store, inbox)
    assert isinstance(settle.accept(store, DRAWING, item, WHO, Corrections(confirmed=(ALL,))), Accepted)
    slips, values = quality_sample.measure_error(store)
    assert (slips.wrong, slips.seen, values.wrong, values.seen) == (0, 1, 0, values.seen)
    assert values.seen > 5
    assert waiting_list(store) == []
    assert len(list(referrals.exported_referrals(store))) == 1
    with pytest.raises(UsageError, match="it is accepted"):
        settle.accept(store, DRAWING, item, WHO, Corrections(confirmed=(ALL,)))


def test_what_was_wrong_is_counted_and_amended(store: Store, inbox: Path) -> None:
    """The record says what the person saw; who accepted it first is unchanged, and so are the promises."""
    item = accepted_by_machine(store, inbox)
    editing.edit(store, DRAWING, item, WHO, Corrections(values={"patient_name": "Ada Quille"}), 1)
    assert [each.referral.patient_name for each in referrals.exported_referrals(store)] == ["Ada Quill"]
    editing.edit(store, DRAWING, item, WHO, Corrections(values={"arthritis": "checked"}), 2)
    assert isinstance(settle.accept(store, DRAWING, item, WHO, Corrections(confirmed=(ALL,))), Accepted)
    [record] = referrals.exported_referrals(store)
    assert (record.referral.patient_name, record.accepted_by) == ("Ada Quille", "machine")
    assert "arthritis" in record.referral.conditions
    slips, values = quality_sample.measure_error(store)
    assert (slips.wrong, slips.seen, values.wrong) == (1, 1, 2)
    assert len(listing.list_follow_ups(store, FollowUpQuery()).follow_ups) == 2
    assert verify(store) == []


def test_a_second_look_that_ends_in_doubt_leaves_the_record_and_goes_on_waiting(store: Store, inbox: Path) -> None:
    """Not signed, a person says: that is not settled by a look, and not by setting the slip aside."""
    item = accepted_by_machine(store, inbox)
    verdict = settle.accept(store, DRAWING, item, WHO, Corrections(values={"signature": "absent"}))
    assert isinstance(verdict, NeedsReview)
    with pytest.raises(UsageError, match="recorded already"):
        settle.reject(store, item, WHO, "not signed")
    assert [each.item for each in waiting_list(store)] == [item]
    assert len(list(referrals.exported_referrals(store))) == 1
    assert verify(store) == []


def test_only_those_drawn_by_chance_measure_the_error(store: Store, inbox: Path) -> None:
    """A slip that somebody pointed at is wrong more often than the rest."""
    item = accepted_by_machine(store, inbox)
    settle.accept(store, DRAWING, item, WHO, Corrections(confirmed=(ALL,)))
    with store.write() as connection:
        quality_sample.request_look(connection, store, slip_number(item), quality_sample.GROUP)
    assert waiting_list(store) == []
    assert quality_sample.measure_error(store)[0].seen == 1
    assert quality_sample.accepted_by_machine(store) == (1, 1)
