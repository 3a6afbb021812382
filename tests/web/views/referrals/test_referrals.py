"""Referrals and offices at the front desk: search, history, and no patient in any address."""

import re
from io import BytesIO

import pikepdf
import pytest

from pads.adopt.draft_design import write_draft
from pads.simulate.foreign_form import foreign_blank, foreign_design
from schemas.office import Office
from schemas.reading import Finding
from schemas.reasons import FindingCode
from store.directory import offices
from store.review.queue import waiting_list
from tests.audit import audit_lines
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Person, Studio

NO_PICTURE = b"\x89PNG"


@pytest.fixture
def kim(studio: Studio) -> Person:
    """A user; one referral came by itself, one through a person."""
    record_slip(studio, truth_of(1701, patient_name="Ada Quill", patient_phone="+12125550142"), Doubts(), NO_PICTURE)
    doubts = Doubts(text={"diagnosis": ("B/L knee 0A",)}, boxes=("arthritis",))
    record_slip(studio, truth_of(1702, patient_name="Rosa Pemberton"), doubts, NO_PICTURE)
    someone = studio.person()
    for version, (field, value) in enumerate([("diagnosis", "B/L knee OA"), ("arthritis", "checked")], start=1):
        someone.post("/review/s2/edit", {"field": field, "value": value, "version": str(version)})
    someone.post("/review/s2/accept", {"version": "3"})
    return someone


def test_a_referral_shows_its_whole_history(kim: Person) -> None:
    """Paper, record, what was read and what people corrected, follow-ups, letters, and who did what."""
    page = kim.get("/referrals/2").text
    for words in ("Rosa Pemberton", "/slips/2/picture", "B/L knee 0A", "B/L knee OA", "contact patient", "thank you"):
        assert words in page
    assert re.search(r"Arthritis</th><td>in doubt</td>.*?checked, kim", page, re.DOTALL)
    assert re.search(r"Patient</th><td[^>]*>Rosa Pemberton</td><td>PP-OCR</td>", page)
    acts = re.findall(r"<td>(\w+)</td><th scope=\"row\">(\w+)</th>", page)
    assert ("kim", "accept") in acts
    assert ("refpad", "read") in acts
    assert ("kim", "view") in acts
    assert kim.get("/referrals/99").status_code == 404


def test_what_people_said_of_its_doubts_stands_on_the_page(studio: Studio) -> None:
    """The warnings that somebody let stand, and the other slip with the reason given: at both, with who and when."""
    coarse = Finding(code=FindingCode.IMAGE_TOO_SMALL, detail="The picture has 90 dots per inch, below 100.")
    truth = truth_of(1703)
    record_slip(studio, truth, Doubts(), NO_PICTURE)
    record_slip(studio, truth, Doubts(paper=(coarse,)), NO_PICTURE)
    kim = studio.person()
    kim.post("/review/s2/duplicate", {"version": "1", "decision": "new", "reason": "another patient or complaint"})
    kim.post("/review/s2/accept", {"version": "2", "waive": "image_too_small"})
    second = kim.get("/referrals/2").text
    assert re.search(r"Resolution too low</strong>: The picture has 90 dots[^<]*<span[^>]*>kim, Nov 20", second)
    assert "It came after slip 1, referral 1" in second
    first = kim.get("/referrals/1").text
    assert re.search(r"became referral 2 \(slip 2\): another patient or complaint\. <span[^>]*>kim, Nov 20", first)
    assert 'href="/referrals/2"' in first
    assert "Accepted despite" not in first


def test_a_referral_is_returned_to_review_from_its_page(studio: Studio, kim: Person) -> None:
    """And its slip waits again; the address of the referral is empty."""
    assert "Return to review" in kim.get("/referrals/2").text
    assert kim.post("/slips/2/withdraw").headers["location"] == "/review/s2"
    assert [item.item for item in waiting_list(studio.store)] == ["s2"]
    assert kim.get("/referrals/2").status_code == 404


def test_older_referrals_are_a_page_away(kim: Person) -> None:
    """By number, which says nothing about anybody."""
    assert "Ada Quill" in kim.get("/referrals?before=2").text
    assert "No referrals yet" in kim.get("/referrals?before=1").text
    assert kim.get("/referrals?before=x").status_code == 200


def test_an_office_is_added_and_gets_numbered_pads(studio: Studio, kim: Person) -> None:
    """The PDF's slips follow those that were printed before, and are the office's from then on."""
    office = {"id": "riverside", "name": "Riverside Spine", "contact": "Pat", "phone": "(212) 555-0101", "address": ""}
    assert kim.post("/offices", office).headers["location"] == "/offices/riverside"
    wanted = {"pad": "met-1", "slips": "8", "up": "4", "paper": "letter"}
    answer = kim.post("/offices/riverside/pads", wanted)
    assert answer.headers["content-disposition"] == 'attachment; filename="riverside-met-1-1.pdf"'
    assert len(pikepdf.open(BytesIO(answer.content)).pages) == 2
    [given] = offices.ranges(studio.store, "riverside")
    assert (given.first, given.last) == (1, 8)
    assert kim.post("/offices/riverside/pads", wanted).headers["content-disposition"].endswith('-9.pdf"')
    assert "8 of the latest pad" in kim.get("/offices").text
    assert "met-1" in kim.get("/offices/riverside").text
    assert audit_lines(studio.store)[-1]["what"] in {"print", "view"}


@pytest.mark.parametrize(
    "wrong",
    [{"slips": "0"}, {"slips": "9999"}, {"up": "3"}, {"paper": "a3"}, {"pad": "nil"}, {"slips": "many"}, {"pad": ""}],
)
def test_what_cannot_be_printed_uses_up_no_number(wrong: dict[str, object], studio: Studio) -> None:
    """A refusal in a sentence, and the next printing begins at 1."""
    offices.add(studio.store, Office(id="riverside", name="Riverside Spine"), "kim")
    wanted = {"pad": "met-1", "slips": "4", "up": "4", "paper": "letter"}
    assert studio.person().post("/offices/riverside/pads", {**wanted, **wrong}).status_code == 400
    assert offices.ranges(studio.store) == []


def test_a_form_of_others_is_not_offered_and_not_printed(studio: Studio, kim: Person) -> None:
    """refpad reads it and has nothing to print of it: no code, no marks."""
    offices.add(studio.store, Office(id="riverside", name="Riverside Spine"), "kim")
    studio.settings.designs.mkdir(parents=True)
    write_draft(studio.settings.designs, "lake", "Lakeside", foreign_blank(200), foreign_design().fields, ())
    page = kim.get("/offices/riverside").text
    assert ('value="met-2"' in page, 'value="lake-1"' in page) == (True, False)
    answer = kim.post("/offices/riverside/pads", {"pad": "lake-1", "slips": "4", "up": "1", "paper": "letter"})
    assert (answer.status_code, "lake-1 was printed by others" in answer.text) == (400, True)
    assert offices.ranges(studio.store) == []


def test_a_design_that_cannot_be_used_is_told_where_pads_are_printed(studio: Studio, kim: Person) -> None:
    """Whoever copied it into the folder looks for it there, and misses it without a word."""
    offices.add(studio.store, Office(id="riverside", name="Riverside Spine"), "kim")
    assert "pad designs of before" not in kim.get("/offices/riverside").text
    studio.settings.designs.mkdir(parents=True)
    (studio.settings.designs / "knee-1.toml").write_text('design = "knee"', encoding="utf-8")
    assert "The pad designs of before stay in use: knee-1.toml:" in kim.get("/offices/riverside").text


def test_an_office_that_will_not_do_is_explained_without_repeating_it(kim: Person) -> None:
    """The field and the reason; what was typed may have been anything."""
    answer = kim.post("/offices", {"id": "River Side", "name": "x" * 500})
    assert answer.status_code == 400
    assert "id: write 2 to 40 small letters" in answer.text
    assert "River Side" not in answer.text
    assert kim.get("/offices/nowhere").status_code == 404


def test_an_accepted_referral_is_corrected_from_its_page(kim: Person) -> None:
    """With a reason; the old name stays beside the new one, and what cannot be used stays in the form."""
    assert 'href="/referrals/1/correct"' in kim.get("/referrals/1").text
    assert 'value="Ada Quill"' in kim.get("/referrals/1/correct").text
    wrong = kim.post("/referrals/1/correct", {"patient_name": "Ada Quinn", "patient_phone": "1", "reason": "misread"})
    assert (wrong.status_code, 'value="Ada Quinn"' in wrong.text, 'value="misread"' in wrong.text) == (400, True, True)
    right = kim.post("/referrals/1/correct", {"patient_name": "Ada Quinn", "reason": "misread"})
    assert right.headers["location"] == "/referrals/1"
    page = kim.get("/referrals/1").text
    assert "<s>Ada Quill</s> <strong>Ada Quinn</strong>" in page
    assert "misread (kim, " in page
    assert kim.get("/referrals/9/correct").status_code == 404
    assert kim.post("/referrals/9/correct", {"patient_name": "Ada Quinn", "reason": "misread"}).status_code == 404


def test_a_correction_in_small_letters_is_asked_about_once(kim: Person) -> None:
    """Nothing typed is lost, and the small letters are kept for whoever ticks that."""
    typed = {"patient_name": "rosa mcdonald", "patient_phone": "(212) 555-0142", "reason": "married"}
    answer = kim.post("/referrals/2/correct", typed)
    assert answer.status_code == 400
    assert 'data-fill="patient_name" data-with="Rosa McDonald"' in answer.text
    assert "Nothing is saved yet" in answer.text
    for value in typed.values():
        assert f'value="{value}"' in answer.text
    assert kim.post("/referrals/2/correct", {**typed, "as_typed": "1"}).status_code == 303
    assert "rosa mcdonald" in kim.get("/referrals/2").text
    assert "Nothing is saved yet" not in kim.get("/referrals/2/correct").text
    assert kim.post("/referrals/2/correct", {**typed, "patient_name": "Rosa McDonald"}).status_code == 303
    assert "data-fill" not in kim.get("/referrals/2/correct").text


def test_a_provider_in_small_letters_is_asked_about_and_nothing_typed_is_lost(kim: Person) -> None:
    """The name stands in every greeting."""
    typed = {"name": "nora o'dell", "credentials": "MD", "fax": "(212) 555-0199"}
    page = kim.post("/providers/1", typed).text
    assert 'data-with="Nora O&#39;Dell"' in page
    assert "Nothing is saved yet" in page
    assert 'value="(212) 555-0199"' in page
    wrong = kim.post("/providers/1", {**typed, "name": "Nora O'Dell", "email": "nobody"})
    assert wrong.status_code == 400
    assert 'value="(212) 555-0199"' in wrong.text
    assert kim.post("/providers/1", {**typed, "name": "Nora O'Dell"}).status_code == 303
    assert "Nora O&#39;Dell, MD" in kim.get("/providers/1").text


def test_what_the_boxes_of_a_pads_own_groups_say_is_corrected_on_the_form(studio: Studio) -> None:
    """Whether treatment has ended decides what may be booked: read wrong, it stood there for good."""
    truth = truth_of(1703, "metes")
    own = {"treatment_ended": True, "treatment_continues": False, "consent_call": True}
    cleared = {"cleared": True, "cleared_with_limits": False, "not_cleared": False}
    marks = {**truth.marks, **own, **cleared}
    record_slip(studio, truth.model_copy(update={"marks": marks}), Doubts(), NO_PICTURE)
    kim = studio.person()
    form = kim.get("/referrals/1/correct").text
    assert '<option value="treatment_ended" selected>has ended</option>' in form
    assert 'name="consent" value="consent_call" checked' in form
    told = {"treatment": "treatment_continues", "consent": "", "reason": "misread"}
    assert kim.post("/referrals/1/correct", told).status_code == 303
    page = kim.get("/referrals/1").text
    for words in ("Treatment: <s>has ended</s> <strong>continues</strong>", "<s>Patient agrees to a call</s>"):
        assert words in page
    blocked = kim.post("/referrals/1/correct", {"clearance": "not_cleared", "reason": "misread"})
    assert (blocked.status_code, "no slip that says so is accepted" in blocked.text) == (400, True)
    assert '<option value="not_cleared" selected>' in blocked.text  # what was chosen stays
    limits = {"clearance": "cleared_with_limits", "precautions": "", "reason": "misread"}
    asked = kim.post("/referrals/1/correct", limits)
    assert (asked.status_code, "write what belongs beside it" in asked.text) == (400, True)
    assert kim.post("/referrals/1/correct", {**limits, "precautions": "no impact"}).status_code == 303
