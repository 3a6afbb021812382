"""What an office answered is seen beside the field that it completes."""

from schemas.reading import Answered
from schemas.sheet_code import SheetCode
from store.followups.missing_information import ask_office, sign_of_studio
from store.review.answer_sheets import lay_beside
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
