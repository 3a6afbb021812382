"""What pads ask of their own, as exports name it."""

from dataclasses import replace
from pathlib import Path

from schemas.pad import PadDesign
from schemas.reading import ReferralDraft
from store.database import Store
from store.referrals.referrals import answers_on_record, exported_referrals
from store.search.search import Searcher
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.examples import draft, text
from tests.schemas.judging.test_answers import slip, with_own
from tests.schemas.judging.test_groups import ticked, with_groups
from tests.store.helpers import recorded, taken

PEOPLE = {
    1: ("Ada Quill", "+12125550142", "2026-03-02"),
    2: ("Margaret Smith", "+13475550188", "2026-02-17"),
    3: ("Omar Haddad", "+19175550131", "2026-01-30"),
    4: ("Zacharias Vole", "+16465550104", "2026-02-24"),
}


def come_in(store: Store, inbox: Path, pad: PadDesign, said: ReferralDraft, serial: int) -> None:
    """A slip of `pad` that the machine accepts."""
    name, phone, day = PEOPLE[serial]
    people = {"patient_name": text(name), "patient_phone": text(phone), "signed_on": text(day)}
    told = {"edition": pad.edition, "marks": said.marks, "text": said.text | people, "signatures": said.signatures}
    reading = slip_reading(serial=serial).model_copy(update=told)
    rules = replace(example_rules(), design_of=lambda *_: pad)
    claim = taken(store, inbox / "scan.pdf", b"%d" % serial)
    assert recorded(store, claim, reading, rules=rules).accepted == 1


def test_answers_are_named_in_the_order_in_which_editions_came(store: Store, inbox: Path) -> None:
    """A column never moves: what a new pad asks comes behind, and a name that two pads share is one column."""
    plain, groups = example_rules().design_of("tst", 1), with_groups().model_copy(update={"edition": 2})
    own = with_own().model_copy(update={"edition": 3})
    assert plain is not None
    come_in(store, inbox, plain, draft(), 1)
    assert answers_on_record(store) == ()
    come_in(store, inbox, own, slip(), 2)
    come_in(store, inbox, groups, ticked("cleared_yes"), 3)
    come_in(store, inbox, own, slip(), 4)
    names = ("weeks", "operated_on", "review_on", "code", "npi", "fax", "insurer", "consent")
    assert answers_on_record(store) == (*names, "cleared", "limits")
    first, *_, last = exported_referrals(store)
    assert first.referral.answers == {}
    assert last.referral.answers["code"] == "M17.11"
    for query in ("M17.11", "1234567893", "harbor"):
        assert [found.serial for found in Searcher(store).search(query)] == [4, 2]
