"""Recording: all that came of a file at once, and what only the record can doubt."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.export import MACHINE
from schemas.reading import PageRead, PageSetAside, SlipReading
from schemas.reasons import FindingCode, SetAsideReason
from store.database import Store
from store.database_errors import StoreError
from store.directory import offices
from store.followups import listing
from store.followups.listing import FollowUpQuery
from store.intake.ledger.files import ledger, totals
from store.referrals import referrals
from store.review.settle import WaitingSlip, waiting_items
from store.tables import metadata, outbox, slip
from store.verify import verify
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.examples import text
from tests.store.helpers import in_review, recorded, taken


def aside(number: int, reason: SetAsideReason = SetAsideReason.NO_SLIP_FOUND) -> PageRead:
    told = PageSetAside(file="scan", page=number, reason=reason, message=f"Page {number} has no slip.")
    return PageRead(page=number, set_aside=told)


def counts(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def codes(store: Store) -> list[list[FindingCode]]:
    return [
        [finding.code for finding in each.findings] for each in waiting_items(store) if isinstance(each, WaitingSlip)
    ]


def test_a_slip_without_a_doubt_becomes_a_referral_with_all_it_promises(store: Store, inbox: Path) -> None:
    """Referral, follow-ups and letters stand in one transaction: there is never one without the others."""
    done = recorded(store, taken(store, inbox / "scan.pdf"), slip_reading())
    assert (done.state, done.accepted, done.review) == ("done", 1, 0)
    [referral] = referrals.exported_referrals(store)
    assert (referral.accepted_by, referral.referral.patient_name, referral.slip) == (MACHINE, "Ada Quill", 1)
    assert [task.kind.value for task in listing.list_follow_ups(store, FollowUpQuery()).follow_ups] == [
        "thank_provider",
        "contact_patient",
    ]
    assert counts(store)["outbox"] == 1
    assert verify(store) == []


def test_a_slip_in_doubt_waits_for_a_person_and_promises_nothing(store: Store, inbox: Path) -> None:
    """What the machine is unsure of is not passed off as known."""
    done = recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(sure=False))
    assert (done.state, done.accepted, done.review) == ("review", 0, 1)
    assert codes(store) == [[FindingCode.SIGNATURE_UNCERTAIN]]
    assert totals(store).tasks_open == 0


def test_the_store_judges_again_what_a_reader_calls_accepted(store: Store, inbox: Path) -> None:
    """The one rule is `assess`; a reader that is wrong about it must not get a record past it."""
    claimed = slip_reading(sure=False).model_copy(update={"verdict": "accepted", "findings": ()})
    assert recorded(store, taken(store, inbox / "scan.pdf"), claimed).accepted == 0


def test_a_slip_of_an_unknown_pad_is_kept_for_a_person(store: Store, inbox: Path) -> None:
    """Somebody's own form, or a code that cannot be read."""
    blank = {"design": None, "edition": None, "serial": None, "marks": {}, "text": {}, "signature": None}
    unknown = SlipReading.model_validate(slip_reading(sure=False).model_dump() | blank)
    recorded(store, taken(store, inbox / "scan.pdf"), unknown)
    assert FindingCode.UNKNOWN_DESIGN in codes(store)[0]


def test_nothing_is_written_when_any_of_it_cannot_be(store: Store, inbox: Path) -> None:
    """Half a file's slips would be a record that nobody can complete."""
    claim = taken(store, inbox / "scan.pdf")
    before = counts(store)
    with pytest.raises(StoreError):
        recorded(store, claim, slip_reading(slip=1), slip_reading(slip=1, serial=124))
    assert counts(store) == before
    assert recorded(store, claim, slip_reading(slip=1), slip_reading(slip=2, serial=124)).accepted == 2


@pytest.mark.parametrize(("sure", "same_file"), [(True, False), (True, True), (False, False)])
def test_a_serial_that_came_before_needs_a_person(sure: bool, same_file: bool, store: Store, inbox: Path) -> None:
    """The same paper scanned again has other bytes; its serial tells. A first one still in review counts too."""
    first = slip_reading(slip=1, sure=sure)
    again = slip_reading(slip=2)
    claim = taken(store, inbox / "scan.pdf")
    recorded(store, claim, *((first, again) if same_file else (first,)))
    if not same_file:
        recorded(store, taken(store, inbox / "scan.pdf", b"rescanned"), slip_reading())
    assert codes(store)[-1] == [FindingCode.POSSIBLE_DUPLICATE]
    assert totals(store).accepted == int(sure)


@pytest.mark.parametrize("serial", [0, None])
def test_a_slip_without_a_number_that_says_the_same_needs_a_person(
    serial: int | None, store: Store, inbox: Path
) -> None:
    """Proofs carry serial 0, other people's forms none: the same people, days, words and boxes tell."""
    for content in (b"1", b"2"):
        recorded(store, taken(store, inbox / "scan.pdf", content), slip_reading(serial=serial))
    assert totals(store).accepted == 1
    assert codes(store) == [[FindingCode.POSSIBLE_DUPLICATE]]


@pytest.mark.parametrize(("serial", "accepted"), [(51, 0), (50, 1)])
def test_a_serial_that_was_never_printed_needs_a_person(serial: int, accepted: int, store: Store, inbox: Path) -> None:
    """A number off the printed ranges is misread, or not from our press."""
    offices.reserve_serials(store, None, "tst", 1, 50)
    assert recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(serial=serial)).accepted == accepted
    assert codes(store) == [] if accepted else [[FindingCode.SERIAL_UNKNOWN]]


def test_a_slip_tells_the_office_it_came_from(store: Store, inbox: Path) -> None:
    """The serials handed out say who referred when the writing does not."""
    offices.add(store, offices.Office(id="riverside", name="Riverside Spine"), "kim")
    offices.reserve_serials(store, "riverside", "tst", 1, 200)
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading())
    [referral] = referrals.exported_referrals(store)
    assert (referral.office_id, referral.office_name) == ("riverside", "Riverside Spine")


def test_a_page_without_a_slip_among_others_is_shown_to_a_person(store: Store, inbox: Path) -> None:
    """A cover sheet, or a slip so torn that it was not found? Never dropped."""
    done = recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), pages=[aside(2)])
    assert (done.state, done.accepted) == ("review", 1)
    assert [each.id for each in waiting_items(store)] == ["p2"]


def test_a_blank_page_among_others_needs_nobody(store: Store, inbox: Path) -> None:
    """Backs of slips come with every duplex scan."""
    blank = aside(2, SetAsideReason.BLANK_PAGE)
    assert recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), pages=[blank]).state == "done"


def test_a_file_without_any_slip_is_set_aside_with_the_first_reason(store: Store, inbox: Path) -> None:
    """A letter that went astray; blank backs do not hide why."""
    pages = [aside(1, SetAsideReason.BLANK_PAGE), aside(2)]
    done = recorded(store, taken(store, inbox / "scan.pdf"), pages=pages)
    assert (done.state, done.reason) == ("set_aside", SetAsideReason.NO_SLIP_FOUND)
    assert ledger(store).set_aside == 1
    assert verify(store) == []


def test_the_picture_of_a_slip_is_kept_by_its_hash(store: Store, inbox: Path) -> None:
    """A person settles what they can see, now and in a year."""
    item = in_review(store, inbox)
    [found] = waiting_items(store)
    assert isinstance(found, WaitingSlip)
    assert found.id == item
    assert found.picture is not None
    assert found.picture.read_bytes().startswith(b"\x89PNG")


def test_the_machines_reading_is_kept_beside_what_becomes_of_it(store: Store, inbox: Path) -> None:
    """What was read stays what was read: the bench and a dispute both need it."""
    reading = slip_reading()
    recorded(store, taken(store, inbox / "scan.pdf"), reading)
    with store.read() as connection:
        row = connection.execute(sa.select(slip.c.reading)).scalar_one()
    assert SlipReading.model_validate(row) == reading


def test_letters_wait_in_the_outbox_once(store: Store, inbox: Path) -> None:
    """A follow-up asks for its letter once, whatever is run again."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading())
    with store.read() as connection:
        [letter] = connection.execute(sa.select(outbox)).all()
    again = {name: getattr(letter, name) for name in ("follow_up_id", "kind", "cycle", "written_at")}
    with pytest.raises(StoreError), store.write() as connection:
        connection.execute(outbox.insert().values(again))


def test_an_unforeseen_error_at_one_slip_leaves_the_others_in_the_record(store: Store, inbox: Path) -> None:
    """One slip that cannot be judged would otherwise hold up its file for ever."""
    endless = example_rules()
    rules = replace(endless, policy=endless.policy.model_copy(update={"signed_within_days": 10**9}))  # no such day
    undated = slip_reading(slip=2, serial=124)
    undated = undated.model_copy(update={"text": {**undated.text, "signed_on": text("")}})
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), undated, rules=rules)
    assert codes(store) == [[FindingCode.INTERNAL_ERROR], [FindingCode.FIELD_MISSING]]
