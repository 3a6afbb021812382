"""Answer sheets that come back, laid beside their slips, on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.export import MACHINE
from schemas.reading import Answered, SignatureState, SlipReading
from schemas.reasons import FindingCode
from schemas.retention import RetentionSettings
from schemas.sheet_code import SheetCode
from schemas.states import FileState, SlipState
from store import verify
from store.clock import SetClock
from store.database import Store
from store.followups.missing_information import ask_office, asked_about, open_sheets, sign_of_studio
from store.purge.rows import remove_rows
from store.purge.terms import find_scans
from store.referrals.referrals import exported_referrals
from store.review import editing, history, settle
from store.review.answer_sheets import answer_of, lay_beside
from store.review.corrections import Corrections
from store.review.queue import waiting_list
from store.tables import answer_sheet, slip
from tests.fake_reader import SIGNED, example_rules, sheet_reading
from tests.schemas.examples import signature, text
from tests.store.helpers import in_review, recorded, slip_number, taken

WHO = "kim"
DAY = timedelta(days=1)


def asked(store: Store, inbox: Path, *fields: str) -> tuple[str, SheetCode]:
    """A slip whose signature is in doubt, and the code of the sheet that asks its office."""
    item = in_review(store, inbox, f"slip {len(waiting_list(store))}".encode(), serial=123)
    question = ask_office(store, example_rules(), slip_number(item), fields or ("signature",), WHO)
    return item, code_of(store, question)


def code_of(store: Store, question: int) -> SheetCode:
    with store.read() as connection:
        return SheetCode(question=question, studio=sign_of_studio(connection))


def came(store: Store, inbox: Path, *sheets: SlipReading) -> int:
    """These sheets come in, each as a file of its own; how many slips became referrals."""
    made = 0
    for number, sheet in enumerate(sheets):
        claim = taken(store, inbox / f"fax {number}.pdf", f"fax {number} {sheet}".encode())
        recorded(store, claim, sheet.model_copy(update={"serial": None}))
        made += lay_beside(store, example_rules())
    return made


def why(store: Store) -> list[str]:
    """What is said of the sheets that wait."""
    found = [finding for item in settle.waiting_items(store) for finding in getattr(item, "findings", ())]
    return [finding.detail for finding in found if finding.code is FindingCode.ANSWER_SHEET]


def test_a_signed_sheet_that_leaves_no_doubt_makes_the_referral_with_nobodys_help(store: Store, inbox: Path) -> None:
    """What the office was asked for is there, and everything else was sure: nobody need look."""
    item, code = asked(store, inbox)
    assert [question.code for question in open_sheets(store)] == [code]
    assert came(store, inbox, sheet_reading(code)) == 1
    assert [(each.accepted_by, each.referral.patient_name) for each in exported_referrals(store)] == [
        (MACHINE, "Ada Quill")
    ]
    assert (waiting_list(store), open_sheets(store), asked_about(store, slip_number(item))) == ([], (), None)
    assert verify.verify(store) == []


def test_an_answer_in_doubt_is_proposed_on_its_slip_at_the_top_of_the_list(store: Store, inbox: Path) -> None:
    """The office has waited once: its slip comes before all others, with what it answered."""
    in_review(store, inbox, b"longest here", serial=7)
    item, code = asked(store, inbox, "signature", "diagnosis")
    unsure = Answered(signatures=SIGNED.signatures, text={"diagnosis": text("knee pain", confidence=0.4)})
    assert came(store, inbox, sheet_reading(code, unsure)) == 0
    first = waiting_list(store)[0]
    assert (first.item, first.is_answered, first.asked) == (item, True, None)
    found = settle.find_slip(store, item)
    assert found.draft is not None
    assert (found.draft.text["diagnosis"].value, found.draft.signature.value) == ("knee pain", SignatureState.PRESENT)
    assert [finding.field for finding in found.findings] == ["diagnosis"]
    (answer,) = answer_of(store, slip_number(item))
    assert (answer.asked, set(answer.names)) == (("signature", "diagnosis"), {"signature", "diagnosis"})


def test_what_an_answer_changed_stands_in_the_history_and_can_be_undone(store: Store, inbox: Path) -> None:
    """A person who doubts the sheet has the slip as it came."""
    item, code = asked(store, inbox, "signature", "diagnosis")
    before = settle.find_slip(store, item)
    unsure = Answered(signatures=SIGNED.signatures, text={"diagnosis": text("knee pain", confidence=0.4)})
    came(store, inbox, sheet_reading(code, unsure))
    after = settle.find_slip(store, item)
    assert [one.by for one in history.corrections_of(store, slip_number(item))] == [MACHINE]
    editing.undo(store, example_rules(), item, WHO, after.version)
    assert settle.find_slip(store, item).draft == before.draft


def test_a_day_of_signing_after_the_slip_came_is_no_day_in_the_future(
    store: Store, inbox: Path, clock: SetClock
) -> None:
    """The provider signs the sheet days after the slip arrived without a signature."""
    _, code = asked(store, inbox)
    clock.move(3 * DAY)
    later = Answered(signatures=SIGNED.signatures, text={"signed_on": text("03/06/26")})
    assert came(store, inbox, sheet_reading(code, later)) == 1


def test_the_same_sheet_twice_counts_once_and_asks_nobody(store: Store, inbox: Path) -> None:
    """Offices fax a page again when they are unsure that it went through."""
    _, code = asked(store, inbox)
    sure = Answered(signatures={"signature": signature(SignatureState.PRESENT).model_copy(update={"confidence": 0.91})})
    assert came(store, inbox, sheet_reading(code), sheet_reading(code, sure)) == 1
    assert (len(list(exported_referrals(store))), waiting_list(store)) == (1, [])
    with store.read() as connection:
        told = [row.why_rejected for row in connection.execute(sa.select(slip).where(slip.c.state == "rejected"))]
    assert told == [
        "It is the answer to question 1 about slip 1.",
        "It is the same answer to question 1 that came as slip 2.",
    ]


def test_a_sheet_that_completes_nothing_waits_with_the_reason_and_the_next_step(store: Store, inbox: Path) -> None:
    """Its slip was settled meanwhile, answered with other words, or it came back empty, unread, or from elsewhere."""
    item, code = asked(store, inbox)
    came(store, inbox, sheet_reading(code, Answered()), sheet_reading(code, None))
    came(store, inbox, sheet_reading(code.model_copy(update={"studio": "F0F0F"})))
    came(store, inbox, sheet_reading(code_of(store, 77)))
    empty, unread, elsewhere, unknown = why(store)
    assert "came back empty: ask the office by telephone" in empty
    assert "could not be read: enter on slip 1 what it says" in unread
    assert "of another studio" in elsewhere
    assert "send it on to who asked" in elsewhere
    assert "whose slip is no longer on record" in unknown
    assert asked_about(store, slip_number(item)) is not None
    settle.accept(store, example_rules(), item, WHO, Corrections(values={"signature": "present"}))
    came(store, inbox, sheet_reading(code))
    assert "which is referral 1 by now: correct there what differs" in why(store)[-1]


def test_a_sheet_of_a_rejected_slip_says_so(store: Store, inbox: Path) -> None:
    """The office is told, not the machine's memory searched."""
    item, code = asked(store, inbox)
    settle.reject(store, item, WHO, "not for us")
    came(store, inbox, sheet_reading(code))
    assert "about slip 1, which was rejected: have the office write a new slip" in why(store)[0]


def test_another_answer_to_the_same_question_waits_for_a_person(store: Store, inbox: Path) -> None:
    """Two sheets that differ are not both right, and no machine says which is."""
    _, code = asked(store, inbox, "signature", "diagnosis")
    one, other = (
        Answered(signatures=SIGNED.signatures, text={"diagnosis": text(said, confidence=0.4)})
        for said in ("knee", "hip")
    )
    came(store, inbox, sheet_reading(code, one), sheet_reading(code, other))
    assert "which was answered before with other words: enter on slip 1 what is right" in why(store)[0]


def test_a_sheet_whose_handling_was_interrupted_completes_its_slip_the_next_time(store: Store, inbox: Path) -> None:
    """Between the record and the slip lies a moment in which power may fail."""
    _, code = asked(store, inbox)
    recorded(store, taken(store, inbox / "fax.pdf", b"fax"), sheet_reading(code))
    assert [item.codes for item in waiting_list(store) if item.design is None] == [(FindingCode.ANSWER_SHEET,)]
    assert lay_beside(store, example_rules()) == 1
    assert lay_beside(store, example_rules()) == 0


def test_a_file_that_held_nothing_but_an_answer_is_done(store: Store, inbox: Path) -> None:
    """It is in no list of files to look at."""
    _, code = asked(store, inbox)
    came(store, inbox, sheet_reading(code))
    with store.read() as connection:
        rows = connection.execute(sa.text("SELECT state FROM file ORDER BY id")).scalars().all()
        states = connection.execute(sa.select(slip.c.state).order_by(slip.c.id)).scalars().all()
    assert (rows, states) == ([FileState.DONE.value] * 2, [SlipState.ACCEPTED, SlipState.REJECTED])


@pytest.mark.parametrize("sign", ["00000", "0A1B2"])
def test_codes_of_sheets_and_slips_are_never_taken_for_each_other(sign: str) -> None:
    """They share the printed square, not the words in it."""
    code = SheetCode(question=12, studio=sign)
    assert SheetCode.parse(code.text()) == code
    assert SheetCode.parse("MET/1/0000123") is None


def test_a_sheet_goes_with_the_slip_that_it_completed(store: Store, inbox: Path, clock: SetClock) -> None:
    """It shows the same patient: purged earlier it would be missing, and later it would be left."""
    _, code = asked(store, inbox)
    came(store, inbox, sheet_reading(code))
    clock.move(366 * 8 * DAY)
    (scan,) = find_scans(store, RetentionSettings(referrals_years=7, rejected_years=1))
    assert (scan.files, scan.referrals) == ((1, 2), (1,))
    with store.write() as connection:
        remove_rows(connection, scan.files)
        assert connection.execute(sa.select(answer_sheet)).all() == []
