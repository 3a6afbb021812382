"""The review queue: people's word is judged by the same rule, kept beside the reading, and signed for."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.acceptance import PERSON
from schemas.errors import UsageError
from schemas.reading import Finding, PageRead, PageSetAside, SlipReading
from schemas.reasons import FindingCode, SetAsideReason
from schemas.referral import Accepted, NeedsReview, SignatureKind
from store.database import Store
from store.followups import listing
from store.followups.listing import FollowUpQuery
from store.intake.ledger.files import ledger, totals
from store.referrals import referrals
from store.review import settle
from store.review.corrections import ALL, Corrections
from store.review.refusals import EditedMeanwhileError
from store.review.settle import WaitingSlip, waiting_items
from store.tables import page, slip
from store.verify import verify
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.examples import text
from tests.store.helpers import in_review, recorded, taken

SIGNED = Corrections(values={"signature": "present"})
WHO = "kim"


def accept(
    store: Store, item: str, said: Corrections = SIGNED, version: int | None = None, *waived: FindingCode
) -> Accepted | NeedsReview:
    return settle.accept(store, example_rules(), item, WHO, said, version, waived)


def shown(store: Store, item: str) -> WaitingSlip:
    found = settle.show(store, item, WHO)
    assert isinstance(found, WaitingSlip)
    return found


def test_a_settled_slip_becomes_a_referral_signed_for_by_the_person(store: Store, inbox: Path) -> None:
    """With all it promises, as if the machine had been sure."""
    assert isinstance(accept(store, in_review(store, inbox)), Accepted)
    [referral] = referrals.exported_referrals(store)
    assert referral.accepted_by == WHO
    assert listing.list_follow_ups(store, FollowUpQuery()).total == 2
    assert waiting_items(store) == []
    assert ledger(store).done == 1
    assert verify(store) == []


def test_a_persons_word_is_judged_by_the_same_rule(store: Store, inbox: Path) -> None:
    """People mistype; a phone number of six digits is none, whoever says so. What they said is kept."""
    item = in_review(store, inbox)
    verdict = accept(store, item, Corrections(values={"signature": "present", "patient_phone": "555-014"}))
    assert isinstance(verdict, NeedsReview)
    assert [finding.code for finding in verdict.findings] == [FindingCode.PHONE_INVALID]
    draft = shown(store, item).draft
    assert draft is not None
    assert (draft.text["patient_phone"].value, draft.text["patient_phone"].reader) == ("555-014", PERSON)
    assert isinstance(accept(store, item, Corrections(values={"patient_phone": "(212) 555-0142"})), Accepted)


def test_a_typed_name_that_a_person_takes_for_a_signature_is_kept_as_typed(store: Store, inbox: Path) -> None:
    """The record must not say that somebody signed by hand."""
    assert isinstance(accept(store, in_review(store, inbox), Corrections(values={"signature": "typed"})), Accepted)
    [referral] = referrals.exported_referrals(store)
    assert referral.referral.signature is SignatureKind.TYPED


def test_the_reading_stays_beside_the_correction(store: Store, inbox: Path) -> None:
    """Who is to blame for a wrong value is seen from both."""
    item = in_review(store, inbox)
    accept(store, item, Corrections(values={"patient_name": "Ada Quille"}))
    found = shown(store, item)
    assert found.draft is not None
    assert found.reading.text["patient_name"].value == "Ada Quill"
    assert found.draft.text["patient_name"].value == "Ada Quille"


def test_what_was_read_right_is_confirmed_without_typing_it(store: Store, inbox: Path) -> None:
    """Most doubtful fields are right; typing them again would make new mistakes."""
    unsure = {"text": slip_reading().text | {"goals": text("stairs", confidence=0.4)}}
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(sure=False).model_copy(update=unsure))
    item = waiting_items(store)[0].id
    assert isinstance(accept(store, item), NeedsReview)
    assert isinstance(accept(store, item, Corrections(confirmed=("goals",))), Accepted)


def test_all_written_fields_are_confirmed_with_one_word(store: Store, inbox: Path) -> None:
    """And only those: a box and a signature must be said."""
    unsure = {"text": {name: text(each.value, confidence=0.4) for name, each in slip_reading().text.items()}}
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(sure=False).model_copy(update=unsure))
    item = waiting_items(store)[0].id
    verdict = accept(store, item, Corrections(confirmed=(ALL,)))
    assert isinstance(verdict, NeedsReview)
    assert {finding.field for finding in verdict.findings} == {"signature"}


def test_each_doubt_about_the_paper_stands_until_a_person_lets_it_by_name(store: Store, inbox: Path) -> None:
    """A blurred picture is no reason any more when somebody says so; what was waived is on record."""
    blurred = Finding(code=FindingCode.IMAGE_BLURRED, detail="The picture is blurred.")
    guessed = Finding(code=FindingCode.RESOLUTION_GUESSED, detail="The scale is a guess.")
    doubtful = slip_reading().model_copy(update={"verdict": "review", "findings": (blurred, guessed)})
    recorded(store, taken(store, inbox / "scan.pdf"), doubtful)
    item = waiting_items(store)[0].id
    for waived, left in (((), [blurred, guessed]), ((blurred.code,), [guessed]), ((), [blurred, guessed])):
        verdict = accept(store, item, Corrections(), None, *waived)
        assert isinstance(verdict, NeedsReview)
        assert list(verdict.findings) == left
    assert isinstance(accept(store, item, Corrections(), None, blurred.code, guessed.code), Accepted)
    detail = {"set": [], "confirmed": [], "waived": ["image_blurred", "resolution_guessed"]}
    assert audit_lines(store)[-1]["detail"] == detail


def test_a_possible_duplicate_is_accepted_by_no_word_but_its_own(store: Store, inbox: Path) -> None:
    """Two people settle two scans of one paper: told or not, plain accepting makes no second referral."""
    first = in_review(store, inbox, b"scan", serial=None)
    second = in_review(store, inbox, b"rescan", serial=124)
    numbered = Corrections(values={"signature": "present"}, serial=123)
    assert isinstance(accept(store, first, numbered), Accepted)
    for _ in range(2):
        told = accept(store, second, numbered, None, FindingCode.POSSIBLE_DUPLICATE, FindingCode.SERIAL_UNKNOWN)
        assert isinstance(told, NeedsReview)
        assert [finding.code for finding in told.findings] == [FindingCode.POSSIBLE_DUPLICATE]
    assert totals(store).accepted == 1


def test_a_slip_whose_pad_is_unknown_can_be_typed_off(store: Store, inbox: Path) -> None:
    """A torn code must not cost the referral: name the pad, then what the paper says."""
    blank = {"design": None, "edition": None, "serial": None, "marks": {}, "text": {}, "signature": None}
    recorded(store, taken(store, inbox / "scan.pdf"), SlipReading.model_validate(slip_reading().model_dump() | blank))
    item = waiting_items(store)[0].id
    with pytest.raises(UsageError, match="which pad"):
        accept(store, item)
    values = {"patient_name": "Ada Quill", "patient_phone": "(212) 555-0142", "signed_on": "3/2/26"}
    values |= {"back_pain": "checked", "signature": "present"}
    assert isinstance(accept(store, item, Corrections(values=values, design="tst", edition=1, serial=7)), Accepted)
    [referral] = referrals.exported_referrals(store)
    assert (referral.referral.serial, referral.referral.conditions) == (7, ("back_pain",))


def test_a_slip_whose_design_was_taken_away_names_it(store: Store, inbox: Path) -> None:
    """Its code says which pad it is: to choose another one would misread it."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading().model_copy(update={"design": "old"}))
    with pytest.raises(UsageError, match=r"Pad old-1 is not installed: put old-1\.toml back into refpad's folder"):
        accept(store, waiting_items(store)[0].id)


def test_who_looked_at_an_older_version_is_told(store: Store, inbox: Path) -> None:
    """Two people at one slip: the second one's word must not silently replace the first one's."""
    item = in_review(store, inbox)
    version = shown(store, item).version
    accept(store, item, Corrections(values={"goals": "walk"}), version)
    with pytest.raises(EditedMeanwhileError):
        accept(store, item, SIGNED, version)
    with pytest.raises(EditedMeanwhileError):
        settle.reject(store, item, WHO, "a copy", version)
    assert isinstance(accept(store, item, SIGNED, version + 1), Accepted)


def test_a_rejected_slip_promises_nothing_and_keeps_its_reason(store: Store, inbox: Path) -> None:
    """A rejected one is no twin either: the same paper may come back signed."""
    settle.reject(store, in_review(store, inbox), WHO, "not signed, sent back")
    assert totals(store).model_dump() == {"accepted": 0, "review": 0, "rejected": 1, "tasks_open": 0, "tasks_due": 0}
    with store.read() as connection:
        assert connection.execute(sa.select(slip.c.why_rejected)).scalar() == "not signed, sent back"
    assert recorded(store, taken(store, inbox / "scan.pdf", b"signed"), slip_reading()).accepted == 1
    assert verify(store) == []


def test_a_page_without_a_slip_is_dismissed_with_a_reason(store: Store, inbox: Path) -> None:
    """Somebody saw that it is a cover sheet; then the file is done."""
    told = PageSetAside(file="scan", page=2, reason=SetAsideReason.NO_SLIP_FOUND, message="No slip on page 2.")
    pages = [PageRead(page=2, set_aside=told)]
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), pages=pages)
    [item] = waiting_items(store)
    with pytest.raises(UsageError, match="is a page without a slip"):
        accept(store, item.id)
    settle.reject(store, item.id, WHO, "a cover sheet")
    with store.read() as connection:
        row = connection.execute(sa.select(page.c.state, page.c.why_rejected).where(page.c.page == 2)).one()
    assert tuple(row) == ("dismissed", "a cover sheet")
    assert ledger(store).done == 1


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"values": {"shoe_size": "44"}}, 'no field "shoe_size"; it has: back_pain'),
        ({"values": {"back_pain": "yes"}}, "is checked or unchecked"),
        ({"values": {"signature": "yes"}}, "present, absent or typed"),
        ({"confirmed": ("signature",)}, "is no written field"),
        ({"design": "nil"}, "which pad"),
    ],
)
def test_a_word_that_makes_no_sense_is_refused_and_changes_nothing(
    said: dict[str, object], message: str, store: Store, inbox: Path
) -> None:
    """A misspelt field must not look as if it had been heard."""
    item = in_review(store, inbox)
    with pytest.raises(UsageError, match=message):
        accept(store, item, Corrections.model_validate(said))
    assert shown(store, item).version == 1


@pytest.mark.parametrize("item", ["s99", "p1", "12", "s", "sx", "\x1b[31m"])
def test_an_item_that_does_not_wait_is_named(item: str, store: Store, inbox: Path) -> None:
    """With the command that shows what does; and never with the terminal's escape codes in it."""
    in_review(store, inbox)
    with pytest.raises(UsageError, match=r"review queue|does not wait") as caught:
        accept(store, item)
    assert str(caught.value).isprintable()


def test_nothing_is_settled_twice(store: Store, inbox: Path) -> None:
    """A double click is one referral."""
    item = in_review(store, inbox)
    accept(store, item)
    with pytest.raises(UsageError, match="it is accepted"):
        accept(store, item)
    assert totals(store).accepted == 1


def test_every_look_and_every_word_is_written_down_with_its_author(store: Store, inbox: Path) -> None:
    """45 CFR 164.312(b): who saw and who changed what; field names only, the values are in the record."""
    item = in_review(store, inbox)
    settle.show(store, item, WHO)
    accept(store, item, Corrections(values={"patient_name": "Ada Quille", "signature": "present"}))
    lines = [(audit_line["who"], audit_line["what"], audit_line["subject"]) for audit_line in audit_lines(store)]
    assert lines == [("machine", "read", "file 1"), (WHO, "view", "slip 1"), (WHO, "accept", "slip 1")]
    assert "Quille" not in str(audit_lines(store))
