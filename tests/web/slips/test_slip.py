"""One slip settled at the front desk: every change is saved and judged at once."""

import re
from datetime import timedelta

import pytest

from refpad.services.reading.vocabulary import LEARNED, WordBook
from schemas.followup import FollowUpKind, FollowUpState
from schemas.geometry import PointMm
from schemas.names.known_people import PROVIDER
from schemas.reading import Finding, SignatureReading, SignatureState
from schemas.reasons import FindingCode
from schemas.referral import SignatureKind
from store.followups.actions import settle
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.intake.set_aside import rejected_items
from store.referrals import referrals
from store.review import diagnosis_codes, duplicates, history
from store.review.queue import waiting_list
from tests.audit import audit_lines
from tests.web.simulated_slips import Doubts, design_of, reading_of, record_readings, record_slip, truth_of
from tests.web.studio import Person, Studio
from web.slips.labels import read_by

DOUBTS = Doubts(text={"diagnosis": ("B/L knee 0A", "B/L knee OA"), "patient_phone": ("555-01",)}, signature=True)
NO_PICTURE = b"\x89PNG"
NOT_SAVED = "What you did last was not saved."


@pytest.fixture
def kim(studio: Studio) -> Person:
    """Somebody at the desk, with one slip that waits."""
    record_slip(studio, truth_of(1301, patient_phone="+12125550142"), DOUBTS, NO_PICTURE)
    return studio.person()


def version(page: str) -> str:
    match = re.search(r'id="version" value="(\d+)"', page)
    assert match
    return match[1]


def say(person: Person, field: str, value: str | None, at: str, slip: int = 1) -> str:
    """A word about a field of a slip; the version after it."""
    word = {"act": "confirm"} if value is None else {"value": value}
    answer = person.post(f"/review/s{slip}/edit", {"field": field, "version": at, **word})
    assert answer.status_code == 200, answer.text
    return version(answer.text)


def test_a_slip_that_may_be_canceled_is_accepted_by_a_word_of_its_own_alone(studio: Studio) -> None:
    """That a line over the slip cancels nothing must be said."""
    course = (PointMm(10.0, 80.5), PointMm(95.0, 20.0))
    asked = Finding(code=FindingCode.POSSIBLY_CANCELED, detail="A line is drawn over the slip.", courses_mm=(course,))
    record_slip(studio, truth_of(1301, patient_phone="+12125550142"), Doubts(paper=(asked,)), NO_PICTURE)
    kim = studio.person()
    page = kim.get("/review/s1").text
    assert "Canceled?" in page
    assert 'data-goto="possibly_canceled" points="10.0,80.5 95.0,20.0 "' in page  # where it runs is seen on the picture
    kim.post("/review/s1/accept", {"version": version(page)})
    assert len(waiting_list(studio.store)) == 1
    kim.post("/review/s1/accept", {"version": version(kim.get("/review/s1").text), "waive": "possibly_canceled"})
    assert not waiting_list(studio.store)
    assert audit_lines(studio.store)[-1]["detail"]["waived"] == ["possibly_canceled"]


def test_every_box_of_the_pad_is_on_the_page_and_can_be_changed(studio: Studio) -> None:
    """Of what a pad asks itself, such as whether exercise is cleared, only what was in doubt stood there."""
    truth = truth_of(1301, "metes", patient_phone="+12125550142")
    record_slip(studio, truth, Doubts(signature=True), NO_PICTURE)
    kim, design = studio.person(), design_of("metes")
    page = kim.get("/review/s1").text
    assert [box.name for box in design.checkboxes if f'id="card-{box.name}"' not in page] == []
    assert all(f'part-title">{group.label}</h2>' in page for group in design.groups)
    other = "unchecked" if truth.marks["consent_call"] else "checked"
    say(kim, "consent_call", other, version(page))
    assert re.search(rf'id="card-consent_call"[^>]* data-value="{other}"', kim.get("/review/s1").text)


def test_the_queue_shows_whom_each_slip_is_about_and_why_it_waits(studio: Studio, kim: Person) -> None:
    """Whoever is on the telephone with an office finds its patient's slip; that the list was seen is on record."""
    page = kim.get("/review").text
    assert "Slip 1" in page
    assert "Signature in doubt" in page
    for name in ("patient_name", "provider_name"):
        assert truth_of(1301).text[name] in page
    line = audit_lines(studio.store)[-1]
    assert (line["what"], line["subject"], line["detail"]) == ("view", "review", {"count": 1})
    assert "Slip 1" not in kim.get("/review?why=date_future").text
    assert kim.get("/review/next").headers["location"] == "/review/s1"


def test_a_slip_says_which_of_how_many_it_is_and_next_says_that_it_has_gone_round(studio: Studio, kim: Person) -> None:
    """Otherwise one looks at the same slips again without noticing."""
    for serial in (1302, 1303):
        record_slip(studio, truth_of(serial), Doubts(signature=True), NO_PICTURE)
    assert ">2 of 3 waiting</span>" in kim.get("/review/s2").text
    assert kim.get("/review/next?after=s2").headers["location"] == "/review/s3"
    first = kim.get("/review/next?after=s3").headers["location"]
    assert first == "/review/s1?again=1"
    assert "the first of the list again" in kim.get(first).text
    assert "the first of the list again" not in kim.get("/review/s1").text
    filtered = kim.get("/review/s1?why=phone_invalid").text
    assert ">1 of 1 waiting</span>" in filtered
    answer = kim.post(
        "/review/s1/edit", {"field": "patient_phone", "value": "", "version": version(filtered), "why": "phone_invalid"}
    )
    assert ">1 of 1 waiting</span>" in answer.text


def test_the_slip_and_the_list_say_that_the_office_was_asked_and_its_answer_comes_first(
    studio: Studio, kim: Person
) -> None:
    """Nobody asks twice, and what a patient waits for is on top when it comes."""
    record_slip(studio, truth_of(1304), Doubts(signature=True), NO_PICTURE)
    kim.post("/review/s2/missing", {"field": ["signature", "diagnosis"]})
    page = kim.get("/review/s2").text
    assert "The office was asked on Nov 20, 2026, 10:00 AM about Signature, Diagnosis." in page
    assert 'id="missing"' not in page
    assert "office asked Nov 20, 2026" in kim.get("/review").text
    record_slip(studio, truth_of(1304), Doubts(boxes=("arthritis",)), NO_PICTURE)
    page = kim.get("/review").text
    assert "may answer slip 2" in page
    assert [item.item for item in waiting_list(studio.store)] == ["s3", "s1", "s2"]
    assert page.index(">Slip 3</a>") < page.index(">Slip 1</a>")


def test_an_office_that_was_written_to_counts_as_asked_until_the_slip_is_settled(studio: Studio, kim: Person) -> None:
    """It was forgotten as soon as the letter was in the mail: nobody saw it, and the answer lost its place."""
    record_slip(studio, truth_of(1304), Doubts(signature=True), NO_PICTURE)
    kim.post("/review/s2/missing", {"field": ["signature"]})
    [question] = list_follow_ups(studio.store, FollowUpQuery(kind=FollowUpKind.MISSING_INFORMATION)).follow_ups
    settle(studio.store, studio.rules, question.id, FollowUpState.DONE, "kim", "mailed")
    page = kim.get("/review/s2").text
    assert "The office was asked on Nov 20, 2026" in page
    assert "Ask the office again" in page
    assert "office asked Nov 20, 2026" in kim.get("/review").text
    record_slip(studio, truth_of(1304), Doubts(boxes=("arthritis",)), NO_PICTURE)
    assert "may answer slip 2" in kim.get("/review").text
    assert kim.post("/review/s2/missing", {"field": ["signature"]}).status_code == 303
    kim.post("/review/s2/reject", {"reason": "cannot be read", "version": version(kim.get("/review/s2").text)})
    assert "may answer" not in kim.get("/review").text


def test_no_reason_to_reject_is_chosen_beforehand_but_that_nobody_signed(studio: Studio, kim: Person) -> None:
    """ "Not signed" on a signed slip was one Enter away."""
    page = kim.get("/review/s1").text
    reject = page[page.index('<dialog id="reject"') :]
    assert ("checked" in reject, reject.count(" required")) == (False, 6)
    at = say(kim, "signature", "absent", version(page))
    assert at
    page = kim.get("/review/s1").text
    reject = page[page.index('<dialog id="reject"') :]
    assert reject.count("checked") == 1
    assert 'value="not signed, goes back to the office" required checked' in reject


def test_a_signature_that_the_machine_did_not_see_is_no_reason_chosen_beforehand(studio: Studio, kim: Person) -> None:
    """Faint ink is no missing ink: only a person's word makes it certain."""
    unsigned = reading_of(truth_of(1310), Doubts(signature=True))
    absent = unsigned.signature and unsigned.signature.model_copy(update={"value": SignatureState.ABSENT})
    found = Finding(code=FindingCode.SIGNATURE_ABSENT, detail="No signature was found.", field="signature")
    record_readings(studio, [unsigned.model_copy(update={"signature": absent, "findings": (found,)})], [b"\x89PNG"])
    page = kim.get("/review/s2").text
    assert " checked" not in page[page.index('<dialog id="reject"') :]


def test_a_rejected_slip_is_brought_back_from_the_next_page(studio: Studio, kim: Person) -> None:
    """X and Enter on the wrong slip; the undo stands there as after accepting."""
    assert kim.post("/review/s1/reject", {"version": "1", "reason": "a copy of another slip"}).status_code == 303
    page = kim.get("/review").text
    assert "Slip 1 rejected." in page
    form = page[page.index('id="accepted"') - 60 :]
    assert 'action="/set-aside/back"' in form
    assert kim.post("/set-aside/back", {"item": "s1"}).headers["location"] == "/review/s1"
    assert [item.item for item in waiting_list(studio.store)] == ["s1"]
    assert 'id="accepted"' not in kim.get("/review").text


def test_a_needed_field_that_is_empty_leads_on(kim: Person) -> None:
    """That it is empty settles nothing: the card offers what does."""
    answer = kim.post("/review/s1/edit", {"field": "patient_phone", "value": "", "version": "1"}).text
    card = answer[answer.index('id="card-patient_phone"') :]
    card = card[: card.index("</section>")]
    assert "data-confirm" not in card
    for button in ("Ask the office", "Reject"):
        assert button in card


def test_a_name_says_that_it_is_known(studio: Studio) -> None:
    """Who passes by, or doubts it, sees that it was not the ink alone."""
    read = reading_of(truth_of(1311), DOUBTS)
    known = read.text["provider_name"].model_copy(update={"known": PROVIDER})
    record_readings(studio, [read.model_copy(update={"text": {**read.text, "provider_name": known}})], [NO_PICTURE])
    page = studio.person().get("/review/s1").text
    card = page[page.index('id="card-provider_name"') :]
    assert f": {PROVIDER}<" in card[: card.index("</section>")]
    assert page.count(PROVIDER) == 1


def test_a_value_from_the_patient_label_says_so_and_shows_the_label(studio: Studio) -> None:
    """A name typed by the office's computer stands beside a field that is empty, or covered."""
    read = reading_of(truth_of(1312, "metes"), Doubts(signature=True))
    typed = read.text["patient_name"].model_copy(update={"reader": "label+tesseract+ppocr"})
    record_readings(studio, [read.model_copy(update={"text": {**read.text, "patient_name": typed}})], [NO_PICTURE])
    page = studio.person().get("/review/s1").text
    card = page[page.index('id="card-patient_name"') :]
    card = card[: card.index("</section>")]
    assert "read by Tesseract and PP-OCR, from the patient label" in card
    shown = re.search(r'viewBox="\S+ \S+ \S+ (\S+)"', card)
    assert shown
    assert float(shown[1]) > 20  # the label, not its own line alone


def test_a_value_says_which_readers_gave_it(kim: Person) -> None:
    """Where two readers saw the same, the one that knows this kind of writing better is named first."""
    page = kim.get("/review/s1").text
    card = page[page.index('id="card-diagnosis"') :]
    assert "read by PP-OCR<" in card[:3000]
    assert [read_by(reader) for reader in ("tesseract+ppocr", "person", "ink")] == [
        "Tesseract and PP-OCR",
        "a person",
        "",
    ]


def test_each_doubt_has_its_picture_its_reason_and_its_choices(kim: Person) -> None:
    """Picture beside value; the machine's other proposals are one key away; a phone as people write it."""
    page = kim.get("/review/s1").text
    card = page[page.index('id="card-diagnosis"') :][:3000]
    assert "in doubt" in card
    assert "Picture of Diagnosis" in card
    assert re.findall(r'data-choice="([^"]+)"', card)[:2] == ["B/L knee 0A", "B/L knee OA"]
    assert "&#34;Diagnosis&#34; waits for a person: confirm it, or enter what the slip says." in page


def test_a_slip_is_corrected_change_by_change_and_accepted(studio: Studio, kim: Person) -> None:
    """Each answer tells what is left; the record says what the person said, the audit who said it."""
    at = version(kim.get("/review/s1").text)
    at = say(kim, "diagnosis", "B/L knee OA", at)
    at = say(kim, "patient_phone", "(212) 555-0142", at)
    assert kim.post("/review/s1/accept", {"version": at}).headers["location"] == "/review/s1"
    at = version(kim.get("/review/s1").text)
    at = say(kim, "signature", "present", at)
    assert kim.post("/review/s1/accept", {"version": at}).headers["location"].startswith("/review?why=")
    [record] = referrals.exported_referrals(studio.store)
    assert (record.referral.diagnosis, record.accepted_by) == ("B/L knee OA", "kim")
    acts = [audit_line["what"] for audit_line in audit_lines(studio.store) if audit_line["who"] == "kim"]
    assert acts == ["password", "login", "view", "correct", "correct", "correct", "view", "correct", "accept"]
    assert "knee" not in str(audit_lines(studio.store))


STAMP = "J. DOE, M.D. NPI 1234567893"


def test_one_key_says_whether_a_typed_name_counts_and_the_record_keeps_what_it_is(studio: Studio) -> None:
    """1 counts and 2 does not, as for every signature; Enter confirms neither, since nobody has said yet."""
    read = reading_of(truth_of(1310))
    typed = SignatureReading(value=SignatureState.TYPED, confidence=0.9, words=STAMP)
    why = Finding(code=FindingCode.SIGNATURE_TYPED, field="signature", detail="A typed or stamped name stands there.")
    doubted = read.model_copy(update={"signature": typed, "verdict": "review", "findings": (why,)})
    record_readings(studio, [doubted], [NO_PICTURE])
    kim = studio.person()
    assert "Typed or stamped name" in kim.get("/review").text
    page = kim.get("/review/s1").text
    card = page[page.index('id="card-signature"') :][:3000]
    assert 'data-value=""' in card
    assert re.findall(r'data-choice="([^"]+)" aria-pressed="(\w+)"', card)[:3] == [
        ("typed", "false"),
        ("absent", "false"),
        ("present", "false"),
    ]
    at = say(kim, "signature", "typed", version(page))
    assert kim.post("/review/s1/accept", {"version": at}).headers["location"].startswith("/review?why=")
    [record] = referrals.exported_referrals(studio.store)
    assert record.referral.signature is SignatureKind.TYPED
    assert "with a typed or stamped name" in kim.get(f"/referrals/{record.referral_id}").text


def test_a_word_that_makes_it_worse_is_told_at_once(kim: Person) -> None:
    """The same rule judges people: a phone number with a digit missing is none."""
    answer = kim.post("/review/s1/edit", {"field": "patient_phone", "value": "555-014", "version": "1"}).text
    assert "6 digits are no telephone number" in answer or "valid number" in answer
    answer = kim.post("/review/s1/edit", {"field": "patient_phone", "value": "", "version": version(answer)}).text
    assert "&#34;Phone&#34; is empty." in answer


def test_the_last_word_can_be_taken_back(studio: Studio, kim: Person) -> None:
    """Undo brings back the reading, confidence and all; what was undone stays on the list."""
    at = say(kim, "diagnosis", "gout", "1")
    at = say(kim, "signature", "present", at)
    answer = kim.post("/review/s1/undo", {"version": at})
    answer = kim.post("/review/s1/undo", {"version": version(answer.text)})
    assert "B/L knee 0A" in answer.text
    assert [correction.is_undone for correction in history.corrections_of(studio.store, 1)] == [True, True]
    assert kim.post("/review/s1/undo", {"version": version(answer.text)}).status_code == 400
    assert "Diagnosis" in answer.text


def test_who_comes_second_is_told_what_changed_and_nothing_is_lost(studio: Studio, kim: Person) -> None:
    """Two people at one slip: 409 with the other one's words, and neither overwrites the other unseen."""
    lee = studio.person("lee")
    assert "has this slip open too" not in kim.get("/review/s1").text
    assert "kim has this slip open too" in lee.get("/review/s1").text
    say(kim, "diagnosis", "B/L knee OA", "1")
    late = lee.post("/review/s1/edit", {"field": "diagnosis", "value": "gout", "version": "1"})
    assert late.status_code == 409
    assert re.search(r"Diagnosis</th><td>B/L knee 0A \(in doubt\)</td><td>B/L knee OA</td><td>kim", late.text)
    assert lee.post("/review/s1/accept", {"version": "1"}).status_code == 409
    assert lee.post("/review/s1/reject", {"version": "1", "reason": "a copy"}).status_code == 409
    say(lee, "signature", "present", "2")
    assert [(correction.by, len(correction.changes)) for correction in history.corrections_of(studio.store, 1)] == [
        ("kim", 1),
        ("lee", 1),
    ]


def test_a_doubt_about_the_paper_ends_when_somebody_lets_it_stand(studio: Studio) -> None:
    """It stays in sight through all edits; the server too accepts nothing while it is not named."""
    blurred = Finding(code=FindingCode.IMAGE_BLURRED, detail="The picture is blurred.")
    record_slip(studio, truth_of(1302), Doubts(paper=(blurred,)), NO_PICTURE)
    kim = studio.person()
    assert "The picture is blurred." in kim.get("/review/s1").text
    at = say(kim, "diagnosis", "gout", "1")
    for waived in ({}, {"waive": "image_negative"}, {"waive": "nonsense"}):
        assert kim.post("/review/s1/accept", {"version": at, **waived}).headers["location"] == "/review/s1"
        at = version(kim.get("/review/s1").text)
    assert "The picture is blurred." in kim.get("/review/s1").text
    waived = {"version": at, "waive": "image_blurred"}
    assert kim.post("/review/s1/accept", waived).headers["location"].startswith("/review?")


def test_an_accept_is_offered_to_be_undone_to_whom_accepted(studio: Studio, kim: Person) -> None:
    """For ten seconds, by who did it, and only while nothing came of it."""
    for field, value in (("diagnosis", "gout"), ("patient_phone", "(212) 555-0142"), ("signature", "present")):
        say(kim, field, value, version(kim.get("/review/s1").text))
    kim.post("/review/s1/accept", {"version": version(kim.get("/review/s1").text)})
    assert "Slip 1 accepted." in kim.get("/review").text
    assert "Slip 1 accepted." not in studio.person("lee").get("/review").text
    studio.clock.move(timedelta(seconds=11))
    assert "Slip 1 accepted." not in kim.get("/review").text


def test_a_slip_of_an_unknown_pad_is_typed_off(studio: Studio) -> None:
    """Its picture stands beside an empty form once somebody has said which pad it is."""
    truth = truth_of(1303)
    unknown = Finding(code=FindingCode.UNKNOWN_DESIGN, detail="The form looks like none of the 2 known designs.")
    blank = {"design": None, "edition": None, "serial": None, "marks": {}, "text": {}, "signature": None}
    reading = reading_of(truth).model_copy(update={**blank, "verdict": "review", "findings": (unknown,)})
    record_readings(studio, [reading], [NO_PICTURE])
    kim = studio.person()
    assert "Which pad is this?" in kim.get("/review/s1").text
    for wrong in ("met-77", "nil-1", "met", "met-1x", "-"):
        assert kim.post("/review/s1/edit", {"pad": wrong, "version": "1"}).status_code == 400
    answer = kim.post("/review/s1/edit", {"pad": "met-1", "serial": "1303", "version": "1"}).text
    assert "&#34;Patient&#34; is empty." in answer
    answer = kim.post("/review/s1/undo", {"version": version(answer)}).text
    assert "Which pad is this?" in answer


@pytest.mark.parametrize(
    "fields",
    [
        {"field": "shoe_size", "value": "44"},
        {"field": "back_pain", "value": "yes"},
        {"field": "signature", "value": "forged"},
        {"field": "signature", "act": "confirm"},
        {"value": "x"},
        {"field": "diagnosis", "value": "x", "version": "99999999999"},
        {"pad": "met-1", "serial": "99999999"},
        {"pad": "met"},
        {"pad": "met-01"},
        {"pad": "met-100"},
        {"pad": "met-\u0661"},
        {},
    ],
)
def test_a_word_that_makes_no_sense_is_refused_and_changes_nothing(
    fields: dict[str, object], studio: Studio, kim: Person
) -> None:
    """With a sentence, and the slip as it was."""
    answer = kim.post("/review/s1/edit", {"version": "1", **fields})
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
    assert history.corrections_of(studio.store, 1) == []


@pytest.mark.parametrize(
    "address", ["/review/s2", "/review/x", "/review/s", "/review/s99999999999999", "/slips/2/picture"]
)
def test_what_is_not_there_is_said_in_a_sentence(address: str, kim: Person) -> None:
    """No traceback, no hint of what else there might be."""
    answer = kim.get(address)
    assert answer.status_code in {400, 404}
    assert 'role="alert"' in answer.text


def test_a_picture_is_small_and_its_view_is_on_record(studio: Studio) -> None:
    """At most 300 kB, and never kept by the browser."""
    record_slip(studio, truth_of(1304), DOUBTS)
    answer = studio.person().get("/slips/1/picture")
    assert answer.headers["content-type"] == "image/jpeg"
    assert 20_000 < len(answer.content) <= 300_000
    assert answer.headers["cache-control"] == "no-store"
    assert audit_lines(studio.store)[-1]["what"] == "picture"


def test_codes_are_suggested_and_kept_only_when_somebody_confirms(studio: Studio, kim: Person) -> None:
    """ICD-10-CM from what stands there now; a suggestion that nobody touched is in no record."""
    say(kim, "diagnosis", "B/L knee OA", "1")
    assert 'data-code="M17.0" aria-pressed="false"' in kim.get("/review/s1").text
    assert 'data-code="M17.0" data-drop aria-pressed="true"' in kim.post("/review/s1/code", {"code": "M17.0"}).text
    assert [code.by for code in diagnosis_codes.confirmed_codes(studio.store, 1)] == ["kim"]
    assert "Gout, unspecified" in kim.post("/codes", {"query": "gout"}).text
    assert "No matching code" in kim.post("/codes", {"query": "zzz"}).text
    for wrong in ("M99.99", "", "'; --", "knee"):
        assert kim.post("/review/s1/code", {"code": wrong}).status_code == 400
    kim.post("/review/s1/code", {"code": "M17.0", "act": "drop"})
    assert diagnosis_codes.confirmed_codes(studio.store, 1) == []
    assert "M17" not in str(audit_lines(studio.store))


def test_the_reader_learns_the_words_that_a_person_confirmed(studio: Studio, kim: Person) -> None:
    """From the desk as from the command line; patients' names are not among them."""
    at = say(kim, "diagnosis", "gonarthrosis bilateralis", "1")
    at = say(kim, "patient_phone", "(212) 555-0142", at)
    at = say(kim, "signature", "present", at)
    kim.post("/review/s1/accept", {"version": at})
    assert "gonarthrosis" in WordBook(studio.settings.words).words(LEARNED)


def test_a_name_in_small_letters_is_proposed_with_its_capitals_and_never_changed_silently(kim: Person) -> None:
    """Letters carry it as it is accepted; a digit or a click takes the proposal, and whoever means it leaves it."""
    proposal = '<button type="button" data-choice="Maria O&#39;Neil">'
    assert proposal not in kim.get("/review/s1").text
    at = say(kim, "patient_name", "maria o'neil", version(kim.get("/review/s1").text))
    page = kim.get("/review/s1").text
    assert 'data-current="maria o&#39;neil"' in page
    assert proposal in page
    say(kim, "patient_name", "Maria O'Neil", at)
    assert proposal not in kim.get("/review/s1").text


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"reason": "not for us"}, "not for us"),
        ({"reason": "", "other": "coffee on it"}, "coffee on it"),
        ({"reason": "not for us", "other": "coffee on it"}, ""),
        ({"other": "coffee on it"}, ""),
        ({"reason": ""}, ""),
    ],
)
def test_a_reason_is_one_of_the_list_or_words_of_ones_own_and_never_both(
    fields: dict[str, object], kept: str, studio: Studio
) -> None:
    """What was typed beside another choice was dropped without a word."""
    record_slip(studio, truth_of(1499), Doubts(signature=True))
    answer = studio.person().post("/review/s1/reject", {"version": "1", **fields})
    assert answer.status_code == (303 if kept else 400)
    assert [one.why for one in rejected_items(studio.store)] == ([kept] if kept else [])


def test_who_has_a_settled_slip_open_is_told_by_whom_it_was_and_offered_the_next(studio: Studio, kim: Person) -> None:
    """A window that asks on about what somebody accepted has its words refused one by one, and nobody knows why."""
    for serial in (1302, 1303):
        record_slip(studio, truth_of(serial), Doubts(signature=True), NO_PICTURE)
    lee = studio.person("lee")
    at = version(kim.get("/review/s2").text)
    kim.post("/review/s2/accept", {"version": say(kim, "signature", "present", at, slip=2)})
    kim.post("/review/s3/reject", {"version": at, "reason": "not for us"})
    acts = ("edit", "undo", "accept", "reject", "missing", "code")
    for slip, told in ((2, "Slip 2 was accepted by kim on"), (3, "Slip 3 was rejected by kim on")):
        for act in acts:
            fields = {"field": "signature", "value": "absent", "version": at, "reason": "not for us", "code": "M17.0"}
            answer = lee.post(f"/review/s{slip}/{act}", fields)
            assert (answer.status_code, told in answer.text) == (409, True), (slip, act)
            assert f'href="/review/next?after=s{slip}"' in answer.text
            assert NOT_SAVED in answer.text
        assert told in lee.post(f"/review/s{slip}/here").text  # what an open page asks by itself
    assert "accepted by you on" in kim.post("/review/s2/here").text
    assert lee.get("/review/next?after=s2").headers["location"] == "/review/s1"


def test_who_only_looks_at_a_settled_slip_is_told_what_was_done_and_not_that_something_was_lost(
    studio: Studio, kim: Person
) -> None:
    """A bookmark, or a link in a note: nothing was sent. The slip was set aside, as its button says, not rejected."""
    record_slip(studio, truth_of(1304), Doubts(), NO_PICTURE)
    record_slip(studio, truth_of(1304), Doubts(signature=True), NO_PICTURE)
    duplicates.set_aside(studio.store, "s3", "lee", duplicates.SAME_REASONS[0])
    kim.post("/review/s1/reject", {"version": version(kim.get("/review/s1").text), "reason": "not for us"})
    for slip, told in ((1, "Slip 1 was rejected by you on"), (3, "Slip 3 was set aside as a duplicate by lee on")):
        page = kim.get(f"/review/s{slip}")
        assert (page.status_code, told in page.text, NOT_SAVED in page.text) == (409, True, False)
        assert NOT_SAVED in kim.post(f"/review/s{slip}/reject", {"reason": "not for us"}).text


def test_an_office_that_was_asked_by_mistake_is_not_asked_after_all(studio: Studio, kim: Person) -> None:
    """M and a key too many: what was made is said on the next page, and one click takes it back."""
    record_slip(studio, truth_of(1302), Doubts(signature=True))
    kim.post("/review/s2/missing", {"field": ["signature"]})
    page = kim.get("/review/s1").text
    assert "Letter to the office about slip 2 is being created." in page
    undo = {"act": "skipped", "note": "asked by mistake", "from": "s2"}
    for name, value in undo.items():
        assert f'name="{name}" value="{value}"' in page
    assert kim.post("/tasks/1", undo).headers["location"] == "/review/s2"
    assert 'id="missing"' in kim.get("/review/s2").text
    assert "is being created" not in kim.get("/review/s1").text
