"""A slip that came before is settled by a word of its own: the same slip, or a new referral."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.errors import UsageError
from schemas.followup import FollowUpState
from schemas.reading import SlipReading
from schemas.reasons import FindingCode
from schemas.referral import Accepted, NeedsReview
from store.database import Store
from store.followups import actions, listing
from store.followups.listing import FollowUpQuery
from store.intake.ledger.files import totals
from store.intake.set_aside import bring_back
from store.referrals.duplicates import Decision
from store.review import duplicates, settle
from store.review.corrections import Corrections
from store.review.queue import waiting_list
from store.review.withdraw import withdraw
from store.tables import duplicate_decision, referral, slip
from store.verify import verify
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.examples import text
from tests.store.helpers import in_review, recorded, taken

WHO = "kim"
WHY = duplicates.SAME_REASONS[0]
SIGNED = Corrections(values={"signature": "present"})


def came(store: Store, inbox: Path, name: bytes, reading: SlipReading) -> str:
    """A slip in a file of its own; what it is called."""
    recorded(store, taken(store, inbox / "scan.pdf", name), reading)
    with store.read() as connection:
        return f"s{connection.execute(sa.select(sa.func.max(slip.c.id))).scalar_one()}"


def faxed(serial: int | None = None) -> SlipReading:
    """The example slip, as a poor fax of it reads."""
    unsure = {
        "patient_name": text("Ada 0uil", 0.6),
        "goals": text("stars", 0.4),
        "diagnosis": text("s/p L TKA 3/14", 0.5),
    }
    read = slip_reading(serial=serial)
    return read.model_copy(update={"text": read.text | unsure, "verdict": "review"})


def codes(store: Store) -> dict[str, list[FindingCode]]:
    return {waiting.item: list(waiting.codes) for waiting in waiting_list(store)}


def accept(store: Store, item: str, said: Corrections = SIGNED) -> Accepted | NeedsReview:
    return settle.accept(store, example_rules(), item, WHO, said, None, tuple(FindingCode))


@pytest.mark.parametrize("serial", [123, None])
def test_it_is_set_aside_as_the_same_slip_with_its_reason(serial: int | None, store: Store, inbox: Path) -> None:
    """Its original stays, the audit says beside which slip, and the first referral stays alone."""
    came(store, inbox, b"scan", slip_reading(serial=serial))
    again = came(store, inbox, b"again", faxed(serial))
    assert duplicates.set_aside(store, again, WHO, WHY) == 1
    with store.read() as connection:
        kept = connection.execute(sa.select(slip.c.state, slip.c.why_rejected).where(slip.c.id == 2)).one()
        said = connection.execute(sa.select(duplicate_decision)).one()
    assert tuple(kept) == ("rejected", "the same slip as slip 1: scanned or sent twice")
    assert (said.slip_id, said.other_id, said.decision, said.reason, said.by) == (2, 1, Decision.SAME, WHY, WHO)
    line = audit_lines(store)[-1]
    assert (line["who"], line["what"], line["subject"]) == (WHO, "duplicate", "slip 2")
    assert line["detail"] == {"other": 1, "decision": "same", "reason": WHY}
    assert (totals(store).accepted, totals(store).review) == (1, 0)
    assert verify(store) == []


def test_a_second_referral_is_made_only_after_a_person_said_so(store: Store, inbox: Path) -> None:
    """And of that pair nobody is asked again, from either side."""
    came(store, inbox, b"scan", slip_reading())
    again = came(store, inbox, b"again", slip_reading())
    assert isinstance(accept(store, again), NeedsReview)
    duplicates.make_second(store, again, WHO, "for her other knee, said Mrs. Quill")
    assert "Quill" not in str(audit_lines(store))
    assert codes(store) == {again: []}
    assert isinstance(accept(store, again), Accepted)
    assert totals(store).accepted == 2
    withdraw(store, 1, WHO)
    assert codes(store) == {"s1": []}
    assert verify(store) == []


def test_the_better_copy_is_kept_and_the_first_set_aside(store: Store, inbox: Path) -> None:
    """The first was too poor to read and waits; what is asked of the second is gone with it."""
    first = came(store, inbox, b"fax", faxed())
    second = came(store, inbox, b"scan", slip_reading(serial=None))
    assert codes(store)[second] == [FindingCode.POSSIBLE_DUPLICATE]
    assert duplicates.keep_instead(store, second, WHO, duplicates.SAME_REASONS[1]) == 1
    assert codes(store) == {second: []}
    assert isinstance(accept(store, second), Accepted)
    bring_back(store, first, WHO)
    assert codes(store)[first][0] is FindingCode.POSSIBLE_DUPLICATE
    assert verify(store) == []


def test_a_first_that_was_rejected_is_in_nobodys_way(store: Store, inbox: Path) -> None:
    """Not signed, it went back to the office, and comes again: that is the one to take."""
    first = in_review(store, inbox, serial=None)
    second = in_review(store, inbox, b"again", serial=None)
    settle.reject(store, first, WHO, "not signed")
    assert codes(store) == {second: [FindingCode.SIGNATURE_UNCERTAIN]}
    assert isinstance(accept(store, second), Accepted)
    assert came(store, inbox, b"third", slip_reading(serial=None)) in codes(store)


@pytest.mark.parametrize("better_first", [True, False])
def test_of_two_in_one_file_the_later_waits_and_the_earlier_is_asked_nothing(
    better_first: bool, store: Store, inbox: Path
) -> None:
    """One question for a pair, in whichever order the copies lie on the glass."""
    one, other = slip_reading(serial=None), faxed()
    pair = (one, other) if better_first else (other, one)
    recorded(
        store,
        taken(store, inbox / "scan.pdf"),
        *(reading.model_copy(update={"slip": number}) for number, reading in enumerate(pair, start=1)),
    )
    asked = [item for item, why in codes(store).items() if FindingCode.POSSIBLE_DUPLICATE in why]
    assert asked == ["s2"]
    if not better_first:
        assert isinstance(accept(store, "s1", Corrections(confirmed=("all",))), Accepted)
    assert isinstance(accept(store, "s2", Corrections(confirmed=("all",))), NeedsReview)
    assert totals(store).accepted == 1


def test_two_workers_at_once_make_one_referral(store: Store, inbox: Path) -> None:
    """Whoever commits second sees the first's slip."""
    claims = [taken(store, inbox / "scan.pdf", name) for name in (b"one", b"two", b"three")]
    with ThreadPoolExecutor(len(claims)) as pool:
        done = list(pool.map(lambda claim: recorded(store, claim, slip_reading(serial=None)), claims))
    assert sorted(found.accepted for found in done) == [0, 0, 1]
    assert list(codes(store).values()) == [[FindingCode.POSSIBLE_DUPLICATE]] * 2
    assert verify(store) == []


@pytest.mark.parametrize("then", ["corrected", "called", "discharged"])
def test_it_is_recognized_whatever_became_of_the_first(then: str, store: Store, inbox: Path) -> None:
    """Months later, with other words in the record than the machine reads on the paper."""
    unsure = slip_reading(serial=None, sure=False)
    first = came(store, inbox, b"scan", unsure)
    values = {"patient_name": "Adelaide Quillington", "patient_phone": "(646) 555-0199", "signed_on": "2/20/26"}
    values |= {"diagnosis": "status post left total knee arthroplasty", "signature": "present"}
    said = Corrections(values=values if then == "corrected" else {"signature": "present"})
    assert isinstance(accept(store, first, said), Accepted)
    if then == "called":
        [task, *_] = listing.list_follow_ups(store, FollowUpQuery()).follow_ups
        actions.settle(store, example_rules(), task.id, FollowUpState.DONE, WHO)
    if then == "discharged":
        with store.write() as connection:
            connection.execute(referral.update().values(discharged_on=store.clock.today()))
    again = came(store, inbox, b"again", slip_reading(serial=None))
    assert codes(store) == {again: [FindingCode.POSSIBLE_DUPLICATE]}


def test_other_slips_of_the_patient_and_of_others_go_through(store: Store, inbox: Path) -> None:
    """A renewal, and another patient of the same provider on the same day, with the same words and boxes."""
    came(store, inbox, b"scan", slip_reading(serial=None))
    read = slip_reading(serial=None)
    renewed = {"signed_on": text("03/03/26"), "next_visit_on": text("05/04/26")}
    other = {"patient_name": text("Bo Reyes"), "patient_phone": text("(646) 555-0117")}
    for name, changed in ((b"renewed", renewed), (b"other", other)):
        came(store, inbox, name, read.model_copy(update={"text": read.text | changed}))
    assert (totals(store).accepted, totals(store).review) == (3, 0)


def test_a_word_is_refused_where_it_makes_no_sense(store: Store, inbox: Path) -> None:
    """No reason, no twin, or a twin that is a referral already: nothing is changed."""
    came(store, inbox, b"scan", slip_reading())
    again = came(store, inbox, b"again", slip_reading())
    lone = came(store, inbox, b"lone", slip_reading(serial=9, sure=False))
    for say in (duplicates.set_aside, duplicates.make_second):
        with pytest.raises(UsageError, match="Say why"):
            say(store, again, WHO, " ")
        with pytest.raises(UsageError, match="no possible duplicate"):
            say(store, lone, WHO, WHY)
    with pytest.raises(UsageError, match="is a referral already"):
        duplicates.keep_instead(store, again, WHO, WHY)
    assert (totals(store).accepted, totals(store).review, totals(store).rejected) == (1, 2, 0)
