"""A referral tells what people said of its doubts: the warnings they let stand, and the slips that look like it."""

from pathlib import Path

from schemas.reading import Finding
from schemas.reasons import FindingCode
from store.database import Store
from store.history import ReferralHistory, referral_history
from store.referrals.referrals import exported_referrals
from store.review import duplicates, settle
from store.review.corrections import Corrections
from store.review.withdraw import withdraw
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import recorded, taken

COARSE = Finding(code=FindingCode.IMAGE_TOO_SMALL, detail="The picture has 90 dots per inch, below 100.")
SIGNED = Corrections(values={"signature": "present"})


def came(store: Store, inbox: Path, name: bytes, *findings: Finding) -> None:
    read = slip_reading(sure=False)
    read = read.model_copy(update={"findings": (*findings, *read.findings)})
    recorded(store, taken(store, inbox / "scan.pdf", name), read)


def accepted(store: Store, item: str, *waived: FindingCode) -> None:
    settle.accept(store, example_rules(), item, "kim", SIGNED, None, waived)


def told(store: Store, referral: int) -> ReferralHistory:
    return referral_history(store, referral, "lee")


def test_warnings_let_stand_are_told_with_who_and_when(store: Store, inbox: Path) -> None:
    """They were in the audit alone, where nobody who treats the patient looks; an accept undone lets nothing stand."""
    came(store, inbox, b"scan", COARSE)
    accepted(store, "s1", COARSE.code)
    [warning] = told(store, 1).waived
    assert (warning.code, warning.detail, warning.by) == (COARSE.code, COARSE.detail, "kim")
    assert warning.at == store.clock.now()
    withdraw(store, 1, "kim")
    accepted(store, "s1", COARSE.code)
    [again] = exported_referrals(store)
    assert len(told(store, int(again.referral_id)).waived) == 1


def test_two_referrals_that_look_alike_name_each_other(store: Store, inbox: Path) -> None:
    """With the reason given for the second, at both; before it is accepted the first says where it stands."""
    for name in (b"scan", b"again"):
        came(store, inbox, name)
    accepted(store, "s1")
    duplicates.make_second(store, "s2", "kim", "another referral on a copied slip")
    [later] = told(store, 1).beside
    assert "slip 2, was called a new referral and waits for review: another referral" in later.sentence
    accepted(store, "s2")
    [later] = told(store, 1).beside
    assert later.sentence == (
        "A later slip that looks like it became referral 2 (slip 2): another referral on a copied slip."
    )
    [earlier] = told(store, 2).beside
    assert earlier.sentence == (
        "It came after slip 1, referral 1, which looks like it, and is a new referral: "
        "another referral on a copied slip."
    )
    assert (earlier.by, earlier.referral_id, later.referral_id) == ("kim", 1, 2)


def test_a_copy_set_aside_is_named_while_it_is_set_aside(store: Store, inbox: Path) -> None:
    """Who looks for the second scan finds it at the referral it is a copy of."""
    for name in (b"scan", b"again"):
        came(store, inbox, name)
    accepted(store, "s1")
    duplicates.set_aside(store, "s2", "kim", "sent twice")
    assert [other.sentence for other in told(store, 1).beside] == ["Slip 2 was set aside as the same slip: sent twice."]
