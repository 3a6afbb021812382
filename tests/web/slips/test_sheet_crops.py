"""What an office answered is seen beside the field that it completes."""

from schemas.reading import Answered
from schemas.sheet_code import SheetCode
from store.followups.missing_information import LATE, ask_office, open_sheets, sign_of_studio
from store.intake.set_aside import rejected_items
from store.review import settle
from store.review.answer_sheets import lay_beside
from store.review.corrections import Corrections
from store.review.queue import waiting_list
from tests.fake_reader import SIGNED, sheet_reading
from tests.schemas.examples import text
from tests.web.simulated_slips import Doubts, record_readings, record_slip, truth_of
from tests.web.studio import Studio
from web.slips.sheet_crops import sheet_crops

PNG = b"\x89PNG"


def test_the_answer_is_shown_in_its_field_and_the_slip_stands_first(studio: Studio) -> None:
    """Whoever looks decides by the office's own hand; the sheet itself is no slip that waits."""
    record_slip(studio, truth_of(1300), Doubts(signature=True), PNG)
    record_slip(studio, truth_of(1301), Doubts(signature=True), PNG)
    question = ask_office(studio.store, studio.rules, 2, ["signature", "diagnosis"], "kim")
    with studio.store.read() as connection:
        code = SheetCode(question=question, studio=sign_of_studio(connection))
    told = Answered(signatures=SIGNED.signatures, text={"diagnosis": text("knee pain", confidence=0.4)})
    record_readings(studio, [sheet_reading(code, told)], [PNG])
    lay_beside(studio.store, studio.rules)
    kim = studio.person()
    queue = kim.get("/review").text
    assert queue.index("Slip 2") < queue.index("Slip 1")
    assert "the office answered" in queue
    page = kim.get("/review/s2").text
    crops = sheet_crops(studio.store, 2, studio.rules.design_of("met", 1))
    assert page.count('href="/slips/3/picture"') == len(crops) == 2
    assert "answer: Diagnosis" in page


def test_an_answer_that_comes_after_the_slip_was_accepted_is_offered_on_its_referral(studio: Studio) -> None:
    """Somebody had asked by telephone meanwhile: what the office wrote all the same was in no list of the referral."""
    record_slip(studio, truth_of(1301), Doubts(signature=True), PNG)
    question = ask_office(studio.store, studio.rules, 1, ["patient_phone", "signed_on"], "kim")
    settle.accept(studio.store, studio.rules, "s1", "kim", Corrections(values={"signature": "present"}))
    [open_sheet] = open_sheets(studio.store)  # the reader knows it by its code
    assert open_sheet.code.question == question
    told = Answered(text={"patient_phone": text("2125550188"), "signed_on": text("11/17/26")})
    record_readings(studio, [sheet_reading(open_sheet.code, told)], [PNG])
    lay_beside(studio.store, studio.rules)
    kim = studio.person()
    assert "Phone: <strong>(212) 555-0188</strong>" in kim.get("/referrals/1").text
    form = kim.get("/referrals/1/correct?sheet=2").text
    for value in ('name="sheet" value="2"', 'value="(212) 555-0188"', 'value="2026-11-17"'):
        assert value in form
    assert "(212) 555-0188" not in kim.get("/referrals/1/correct").text
    corrected = {"patient_phone": "(212) 555-0188", "reason": "the office's answer", "sheet": "2"}
    assert kim.post("/referrals/1/correct", corrected).status_code == 303
    assert "Correct with this answer" not in kim.get("/referrals/1").text
    assert waiting_list(studio.store) == []
    [put_away] = rejected_items(studio.store)
    assert put_away.why == "Its answer is entered on referral 1."
    studio.clock.move(LATE)
    assert open_sheets(studio.store) == ()


def test_a_sheet_that_waits_leads_to_the_slip_it_is_about(studio: Studio) -> None:
    """It came back empty, say: the page of the sheet has the reason, the picture, and no form to type a slip off."""
    record_slip(studio, truth_of(1301), Doubts(signature=True), PNG)
    question = ask_office(studio.store, studio.rules, 1, ["signature"], "kim")
    with studio.store.read() as connection:
        code = SheetCode(question=question, studio=sign_of_studio(connection))
    record_readings(studio, [sheet_reading(code, Answered())], [PNG])
    lay_beside(studio.store, studio.rules)
    page = studio.person().get("/review/s2").text
    assert "Answer sheet" in page
    assert 'href="/review/s1"' in page
    assert "Which pad is this?" not in page
