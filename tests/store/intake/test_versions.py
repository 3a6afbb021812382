"""Slips of a file that grew after it was read: those that were there before are no second referrals."""

from pathlib import Path

import sqlalchemy as sa

from schemas.limits import Limits
from schemas.reading import PageRead, SlipReading
from schemas.reasons import FindingCode
from schemas.states import FileState, SlipState
from store.database import Store
from store.intake import claims, results
from store.intake.claims import Claim
from store.intake.results import Recorded
from store.intake.set_aside import bring_back, rejected_items
from store.intake.taking_in.take_in import take_in
from store.referrals import referrals
from store.tables import slip
from store.verify import verify
from tests.fake_reader import example_rules, picture, slip_reading
from tests.schemas.examples import text
from tests.store.helpers import LEASE_S

ONE, TWO, THREE = (slip_reading(page, serial=100 + page) for page in (1, 2, 3))


def taken(store: Store, path: Path, content: bytes) -> Claim:
    """The file as it is now, taken in and claimed; it stays in the inbox."""
    path.write_bytes(content)
    take_in(store, path, Limits(), keep_s=180)
    claim = claims.next_claim(store, "worker", LEASE_S)
    assert claim is not None
    return claim


def recorded(store: Store, claim: Claim, *slips: SlipReading, worn: bool = False) -> Recorded:
    """One slip a page; `worn`: the picture of each came out otherwise."""
    pages = [PageRead(page=read.page, slips=(read,)) for read in slips]
    pictures = {(read.page, read.slip): picture(read) + b"worn" * worn for read in slips}
    return results.record(store, claim, pages, pictures, example_rules())


def states(store: Store) -> list[SlipState]:
    with store.read() as connection:
        return list(connection.execute(sa.select(slip.c.state).order_by(slip.c.id)).scalars())


def test_slips_that_were_there_before_it_grew_are_rejected_with_a_word(store: Store, inbox: Path) -> None:
    """One sheet is one referral, whether its number was read or it has none; the sheet that is new is recorded."""
    unnumbered = slip_reading(1, serial=None)
    recorded(store, taken(store, inbox / "scan.tif", b"1"), unnumbered)
    of_another = {**TWO.text, "patient_name": text("Bruno Hale"), "patient_phone": text("+12125550142")}
    done = recorded(
        store, taken(store, inbox / "scan.tif", b"12"), unnumbered, TWO.model_copy(update={"text": of_another})
    )
    assert (done.accepted, done.review, done.state) == (1, 0, FileState.DONE)
    assert states(store) == [SlipState.ACCEPTED, SlipState.REJECTED, SlipState.ACCEPTED]
    assert [read.referral.serial for read in referrals.exported_referrals(store)] == [None, 102]
    (repeat,) = rejected_items(store)
    assert repeat.why == "the same as slip 1, which came before this file grew in the inbox"
    assert verify(store) == []


def test_over_any_number_of_versions_and_in_any_order_of_reading_a_slip_is_recorded_once(
    store: Store, inbox: Path
) -> None:
    """Two workers may finish the later version first."""
    pages = (ONE, TWO, THREE)
    claimed = [taken(store, inbox / "scan.tif", b"123"[:count]) for count in (1, 2, 3)]
    for number in (2, 0, 1):
        recorded(store, claimed[number], *pages[: number + 1])
    assert [read.referral.serial for read in referrals.exported_referrals(store)] == [101, 102, 103]
    assert states(store).count(SlipState.REJECTED) == 3
    assert verify(store) == []


def test_a_slip_whose_picture_changed_is_left_to_a_person(store: Store, inbox: Path) -> None:
    """The sheet may have been scanned again, and better: that it came before is said, and nothing is thrown away."""
    recorded(store, taken(store, inbox / "scan.tif", b"1"), ONE)
    done = recorded(store, taken(store, inbox / "scan.tif", b"1b"), ONE, worn=True)
    assert (done.accepted, done.review) == (0, 1)
    with store.read() as connection:
        findings = connection.execute(sa.select(slip.c.findings).order_by(slip.c.id.desc())).scalars().first()
    assert FindingCode.POSSIBLE_DUPLICATE in {finding["code"] for finding in findings or ()}


def test_another_file_with_the_same_slip_is_no_version(store: Store, inbox: Path) -> None:
    """That the same sheet came in two files is a doubt of its own."""
    recorded(store, taken(store, inbox / "scan.tif", b"1"), ONE)
    recorded(store, taken(store, inbox / "other.tif", b"1 and more"), ONE)
    assert states(store) == [SlipState.ACCEPTED, SlipState.REVIEW]


def test_a_repeated_slip_can_be_brought_back(store: Store, inbox: Path) -> None:
    """A person has the last word."""
    recorded(store, taken(store, inbox / "scan.tif", b"1"), ONE)
    recorded(store, taken(store, inbox / "scan.tif", b"12"), ONE, TWO)
    (repeat,) = rejected_items(store)
    bring_back(store, repeat.item, "kim")
    assert states(store)[1] is SlipState.REVIEW
