"""The day's work: calls, letters, reports; each settled from the page, and on record."""

import re
from datetime import timedelta

import pytest

from refpad.services.letters.chase import chase_all
from schemas.followup import FollowUpKind
from schemas.letter import LetterState
from schemas.limits import Limits
from schemas.office import Office
from schemas.reasons import SetAsideReason
from store.courses.courses import course
from store.directory import offices
from store.followups.listing import FollowUpQuery, find_follow_up, list_follow_ups
from store.intake import claims
from store.intake.taking_in.take_in import take_in
from store.letters.actions import letters
from store.tables import follow_up, outbox, print_batch
from tests.audit import audit_lines
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Person, Studio
from web.views.today import AHEAD_DAYS

FORM = {
    "on": "2026-11-20",
    "observed_function": "Rises from a chair with both hands.",
    "measure_kind": ["timed_up_and_go", "range_of_motion", ""],
    "measure_of": ["", "knee flexion", ""],
    "measure_side": ["", "right", ""],
    "measure_value": ["14.8", "94", ""],
    "sessions_per_week": "2",
    "minutes": "50",
    "weeks": "10",
    "exercises": "Sit to stand\r\nStep-ups, 10 cm",
    "goal": ["Walk to the store and back", ""],
    "goal_state": ["open", "open"],
}


@pytest.fixture
def kim(studio: Studio) -> Person:
    """Somebody at the desk, with one referral of an office that wants its letters by post."""
    office = {"id": "riverside", "name": "Riverside Spine", "contact": "Pat", "address": "4 River Road, Anytown, NY"}
    offices.add(studio.store, Office.model_validate(office), "root")
    offices.reserve_serials(studio.store, "riverside", "met", 1, 100, 2200)
    record_slip(studio, truth_of(2201, patient_name="Ada Quill", patient_phone="+12125550142"), Doubts())
    return studio.person()


def task(studio: Studio, kind: FollowUpKind) -> int:
    return list_follow_ups(studio.store, FollowUpQuery(kind=kind)).follow_ups[0].id


def made(studio: Studio) -> None:
    """All letters are made, also those that the front desk's own round has begun with."""
    while letters(studio.store, (LetterState.WAITING,)):
        list(chase_all(studio.store, studio.settings))


def test_who_is_to_be_called_stands_with_the_number(studio: Studio, kim: Person) -> None:
    """Due by the next business day, with the number to tap on; done with a note from the page itself."""
    assert "(212) 555-0142" not in kim.get("/").text
    studio.clock.move(timedelta(days=3))
    kim = studio.person()
    page = kim.get("/").text
    assert 'href="tel:+12125550142"' in page
    assert "Ada Quill" in page
    number = task(studio, FollowUpKind.CONTACT_PATIENT)
    answer = kim.post(f"/tasks/{number}", {"act": "reached", "note": "reached", "from": "today"})
    assert answer.headers["location"] == "/"
    assert "tel:" not in kim.get("/").text
    assert find_follow_up(studio.store, number)[0].note == "reached"
    assert audit_lines(studio.store)[-1]["what"] == "view"


def test_a_follow_up_is_assigned_postponed_and_skipped_with_a_reason(studio: Studio, kim: Person) -> None:
    """Each with its line in the history, which the page shows."""
    number = task(studio, FollowUpKind.BOOK_ASSESSMENT)
    assert kim.post(f"/tasks/{number}", {"act": "take"}).status_code == 303
    assert kim.post(f"/tasks/{number}", {"act": "postpone", "until": "2026-12-01", "note": "away"}).status_code == 303
    page = kim.get(f"/tasks/{number}").text
    assert re.search(r"assigned.*postponed to Dec 1, 2026", page, re.DOTALL)
    assert kim.post(f"/tasks/{number}", {"act": "skipped"}).status_code == 400
    for wrong in (
        {"act": "postpone", "until": "soon"},
        {"act": "postpone", "until": "2020-01-01"},
        {"act": "burn"},
        {},
    ):
        assert kim.post(f"/tasks/{number}", wrong).status_code == 400
    assert kim.post(f"/tasks/{number}", {"act": "skipped", "note": "moved away", "ended": "other"}).status_code == 303
    assert kim.get("/tasks/999").status_code == 404


def test_a_letter_is_read_printed_and_marked_as_mailed(studio: Studio, kim: Person) -> None:
    """Thank-you letters need no release; paper is one batch, printed again after a jam, and done when mailed."""
    made(studio)
    page = kim.get("/letters").text
    assert "Ready to send" in page
    assert kim.get("/letters/1/picture").headers["content-type"] == "image/png"
    assert kim.get("/letters/1/pdf").content.startswith(b"%PDF")
    assert "Riverside Spine" in kim.get("/letters/1").text
    assert kim.post("/letters/print").headers["location"] == "/letters"
    assert kim.get("/batches/1").content.startswith(b"%PDF")
    assert "print and mail it" in kim.get("/letters").text
    assert kim.post("/batches/1").status_code == 303
    assert letters(studio.store) == []
    acts = [audit_line["what"] for audit_line in audit_lines(studio.store) if audit_line["who"] == "kim"]
    assert {"view", "export", "print", "posted"} <= set(acts)


def test_a_report_is_written_seen_and_waits_for_a_word(studio: Studio, kim: Person) -> None:
    """The page beside the form is the page that goes out; entered for good, its letter waits to be released."""
    picture = kim.post("/referrals/1/enter/assessment/preview", FORM)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    answer = kim.post("/referrals/1/enter/assessment", {**FORM, "act": "final"})
    assert answer.headers["location"] == "/referrals/1"
    [entry] = course(studio.store, 1).entries
    assert entry.content["plan"]["exercises"] == ["Sit to stand", "Step-ups, 10 cm"]
    assert [measure["of"] for measure in entry.content["measures"]] == ["", "knee flexion"]
    made(studio)
    [held] = letters(studio.store, (LetterState.HELD,))
    assert kim.post(f"/letters/{held.id}", {"act": "release"}).status_code == 303
    assert letters(studio.store, (LetterState.HELD,)) == []


def test_days_and_months_are_shown_as_people_write_them(studio: Studio, kim: Person) -> None:
    """An entry's day and an office's months stood there as a program writes them, beside days in words."""
    kim.post("/referrals/1/enter/assessment", {**FORM, "act": "final"})
    assert "<td>Nov 20, 2026</td><td>final</td>" in kim.get("/referrals/1").text
    page = kim.get("/offices/riverside").text
    assert "Dec 2025 to Nov 2026." in page
    assert "2025-12" not in page


def test_what_a_report_lacks_is_said_and_what_was_typed_stays(studio: Studio, kim: Person) -> None:
    """In the preview at once, and above the form that is sent too early."""
    early = {**FORM, "goal": ["", ""], "observed_function": "Walks with a cane"}
    preview = kim.post("/referrals/1/enter/assessment/preview", early)
    assert (preview.status_code, "Goals" in preview.text) == (422, True)
    answer = kim.post("/referrals/1/enter/assessment", {**early, "act": "final"})
    assert answer.status_code == 400
    assert "Walks with a cane" in answer.text
    assert "Sit to stand\nStep-ups, 10 cm" in answer.text
    too_long = {
        **FORM,
        **{f"observed_{name}": "word " * 170 for name in ("function", "strength", "stability", "endurance")},
    }
    preview = kim.post("/referrals/1/enter/assessment/preview", too_long)
    assert (preview.status_code, "too long" in preview.text) == (422, True)
    bribe = kim.post(
        "/referrals/1/enter/assessment/preview", {**FORM, "observed_function": "A gift card for each referral."}
    )
    assert bribe.status_code == 422


def test_a_draft_is_saved_found_and_finished(studio: Studio, kim: Person) -> None:
    """Whatever is missing; whoever saves second is refused."""
    half = {
        "on": "2026-11-20",
        "observed_function": "Two flights of stairs",
        "act": "draft",
        "exercises": "Plank\nBridge",
    }
    address = kim.post("/referrals/1/enter/assessment", half).headers["location"]
    assert "Assessment of Ada Quill" in kim.get("/").text
    page = kim.get(address).text
    assert "Two flights of stairs" in page
    at = {"entry": "1", "version": "1"}
    assert kim.post("/referrals/1/enter/assessment", {**half, **at}).status_code == 303
    late = studio.person("lee").post("/referrals/1/enter/assessment", {**half, **at})
    assert late.status_code in {400, 409}
    assert (
        kim.post("/referrals/1/enter/assessment", {**FORM, "entry": "1", "version": "2", "act": "final"}).status_code
        == 303
    )
    assert "Assessment of Ada Quill" not in kim.get("/").text


def test_the_next_visit_moves_the_report(studio: Studio, kim: Person) -> None:
    """Heard on the phone, entered on the referral's page."""
    kim.post("/referrals/1/enter/assessment", {**FORM, "act": "final"})
    studio.clock.move(timedelta(minutes=1))
    before = list_follow_ups(studio.store, FollowUpQuery(kind=FollowUpKind.PROGRESS_REPORT)).follow_ups[0].due
    assert kim.post("/referrals/1/visit", {"on": "2026-12-09"}).status_code == 303
    assert list_follow_ups(studio.store, FollowUpQuery(kind=FollowUpKind.PROGRESS_REPORT)).follow_ups[0].due < before
    assert kim.post("/referrals/1/visit", {"on": "never"}).status_code == 400
    refused = kim.post("/referrals/1/visit", {"on": "1999-01-01"})
    assert refused.status_code == 400
    assert "The next visit cannot be on Jan 1, 1999: name a day from" in refused.text


def test_the_office_is_asked_for_what_is_missing(studio: Studio, kim: Person) -> None:
    """One page with the slip's picture; the slip waits on, and nobody asks twice."""
    record_slip(studio, truth_of(2202), Doubts(signature=True, text={"diagnosis": ("gout",)}))
    answer = kim.post("/review/s2/missing", {"field": ["signature", "diagnosis"]})
    assert answer.status_code == 303
    number = task(studio, FollowUpKind.MISSING_INFORMATION)
    assert kim.get(f"/tasks/{number}/letter").headers["content-type"] == "image/png"
    assert kim.post("/review/s2/missing", {"field": ["signature"]}).status_code == 400
    assert kim.post("/review/s2/missing", {"field": ["shoe_size"]}).status_code == 400
    assert "Slip 2" in kim.get("/review").text


def test_every_figure_counts_all_and_not_only_what_is_shown(studio: Studio, kim: Person) -> None:
    """120 letters to look at and 30 in trouble are not 100 and 0; 75 calls are not 60; a batch is not out of sight."""
    today, when = studio.store.clock.today(), studio.store.clock.now()
    late = {"due": today - timedelta(days=9), "planned_due": today, "made_at": when, "state": "open", "referral_id": 1}
    states = ["held"] * 120 + ["failed"] * 30 + ["waiting"] * 210 + ["printing"]
    with studio.store.write() as connection:
        connection.execute(print_batch.insert().values(id=7, made_at=when, made_by="kim"))
        for cycle, state in enumerate(states, 100):
            letter = {"follow_up_id": 1, "kind": "thank_you", "cycle": cycle, "state": state, "written_at": when}
            connection.execute(outbox.insert().values(letter | ({"batch_id": 7} if state == "printing" else {})))
        for kind, number in (("contact_patient", 75), ("progress_report", 70), ("thank_provider", 65)):
            for cycle in range(100, 100 + number):
                connection.execute(follow_up.insert().values(kind=kind, cycle=cycle, **late))
    page = kim.get("/").text
    figures = [int(figure) for figure in re.findall(r'<h2 id="\w+">[^<]*<span class="soft">(\d+)</span>', page)]
    by_people = list_follow_ups(studio.store, FollowUpQuery(by_people=True, due_only=True)).total
    assert by_people == 75 + 70 + 1  # the thanks count since their letter failed
    assert "1 due, 1 late" in page
    assert re.search(r'Today <span class="badge">1<', kim.get("/review").text)  # as the menu counts
    assert figures == [1]  # one row a patient, however much is to be done
    assert re.findall(r'<a href="/letters"><(?:strong|span class="state missing")>(\d+)', page) == ["120", "1", "30"]
    assert "211 letters</a> are being made." in page
    page = kim.get("/letters").text
    for state, number in (("held", 120), ("failed", 30), ("waiting", 211), ("printing", 1)):
        assert re.search(rf'<h2 id="l-{state}">[^<]*<span class="soft">{number}</span>', page)
    assert "11 more are not shown." in page
    assert "Batch 7: print and mail it" in page


def test_thanks_that_are_about_to_be_made_are_told_though_nobody_has_to_do_anything(
    studio: Studio, kim: Person
) -> None:
    """Nothing due, beside the terminal's "1 due" and a letter that waits to be created looked like a mistake."""
    due = list_follow_ups(studio.store, FollowUpQuery(due_only=True)).follow_ups
    assert [one.kind for one in due] == [FollowUpKind.THANK_PROVIDER]
    page = kim.get("/").text
    assert "nothing due for you" in page
    assert "1 letter</a> is being made." in page
    with studio.store.write() as connection:
        connection.execute(outbox.delete())
    page = kim.get("/").text
    assert "being made" not in page
    assert "nothing due<" in page


def test_what_waits_in_review_is_on_the_front_page_with_since_when(studio: Studio, kim: Person) -> None:
    """It said that nobody waits while 21 slips did; the menu counts them on every page."""
    assert "No slip waits." in kim.get("/").text
    for serial in (2203, 2204):
        record_slip(studio, truth_of(serial), Doubts(signature=True))
        studio.clock.move(timedelta(days=1))
    kim = studio.person()
    page = kim.get("/").text
    assert re.search(r"2 wait</strong></a> since Nov 20, 2026 <[^>]*>2 days", page)
    for place in ("/", "/offices"):
        assert re.search(r'Review <span class="badge">2<', kim.get(place).text)
    assert kim.post("/review/s2/reject", {"reason": "no slip", "version": "1"}).status_code == 303
    assert re.search(r'Review <span class="badge">1<', kim.get("/offices").text)


def test_the_menu_counts_what_came_in_while_a_page_was_looked_at(studio: Studio, kim: Person) -> None:
    """For up to a minute the menu said 16 beside a list of 21: intake tells no page that something came."""
    for number in (1, 2, 3):
        record_slip(studio, truth_of(2210 + number), Doubts(signature=True))
        for place in ("/inbox", "/review/s2", "/review"):
            page = kim.get(place).text
            assert re.findall(r'Review <span class="badge">(\d+)<', page) == [str(number)], place
        assert f'Review <span class="soft">{number} waiting</span>' in page


def test_one_row_a_patient_and_none_for_what_goes_by_itself(studio: Studio, kim: Person) -> None:
    """Call and booking are one call; thanks are written by refpad; two referrals of one patient are one person."""
    record_slip(studio, truth_of(2205, patient_name="Ada Quill", patient_phone="+12125550142"), Doubts())
    studio.clock.move(timedelta(days=12))
    kim = studio.person()
    page = kim.get("/").text
    assert page.count('href="tel:+12125550142"') == 1
    assert len(re.findall(r"call, \d+ days late", page)) == 2
    assert len(re.findall(r"book assessment, \d+ days late", page)) == 2
    assert "thank provider" not in page
    assert "Reached: contact patient Ada Quill" in page
    assert "Booked: book assessment" not in page  # first things first


def test_trouble_is_told_where_the_day_begins(studio: Studio, kim: Person) -> None:
    """Files of no use and a watcher that is not there: nobody looks for them on other pages."""
    path = studio.settings.inbox / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 broken")
    take_in(studio.store, path, Limits())
    claim = claims.next_claim(studio.store, "worker", 60)
    assert claim is not None
    claims.set_aside(studio.store, claim, SetAsideReason.DAMAGED, "It is damaged.")
    page = kim.get("/").text
    assert re.search(r'href="/set-aside"><span class="state missing">1</span> file not usable', page)
    assert "Watcher: not at work" in page
    assert "Backlog" not in page
    (studio.settings.inbox / "next.jpg").write_bytes(b"next")
    take_in(studio.store, studio.settings.inbox / "next.jpg", Limits())
    studio.clock.move(timedelta(minutes=3))
    assert re.search(r"Backlog: 1 to be read, \d still coming in, the oldest for 3 minutes", kim.get("/").text)


@pytest.mark.parametrize("address", ["/letters/9", "/letters/9/pdf", "/letters/x", "/batches/9", "/tasks/9/letter"])
def test_a_letter_that_is_not_there_is_said_in_a_sentence(address: str, studio: Studio) -> None:
    """Whatever number is typed."""
    assert studio.person().get(address).status_code in {400, 404}


@pytest.mark.parametrize("kind", ["assessment", "progress", "discharge"])
def test_each_form_shows_again_what_was_entered(kind: str, studio: Studio, kim: Person) -> None:
    """Corrected until its report is on its way; an unknown kind is no page."""
    assert kim.get(f"/referrals/1/enter/{kind}").status_code == 200
    assert kim.get("/referrals/1/enter/gossip").status_code == 404
    assert kim.get(f"/referrals/9/enter/{kind}").status_code == 404


def test_what_is_done_leaves_the_list_at_once(studio: Studio, kim: Person) -> None:
    """A report that was saved still said "Write report", until its letter was made: somebody wrote it again."""
    record_slip(studio, truth_of(2206, patient_name="Rosa Ember"), Doubts(signature=True))
    kim.post("/referrals/1/enter/assessment", {**FORM, "act": "final"})
    [report] = list_follow_ups(studio.store, FollowUpQuery(kind=FollowUpKind.ASSESSMENT_SUMMARY)).follow_ups
    assert report.due <= studio.store.clock.today() + timedelta(days=AHEAD_DAYS)  # else it would not be listed yet
    assert "assessment summary" not in kim.get("/").text
    kim.post("/review/s2/missing", {"field": ["signature"]})
    assert "missing information" not in kim.get("/").text


def test_a_question_to_an_office_is_listed_by_the_patient_it_is_about(studio: Studio, kim: Person) -> None:
    """Every other row has a name: "Slip 1" told nobody whose number was wrong, or whose slip lacks what."""
    ember = truth_of(2207, patient_name="Rosa Ember", provider_name="N. Rosenthal, MD")
    record_slip(studio, ember, Doubts(signature=True))
    kim.post("/review/s2/missing", {"field": ["signature"]})
    kim.post(f"/tasks/{task(studio, FollowUpKind.CONTACT_PATIENT)}", {"act": "wrong_number"})
    made(studio)
    with studio.store.write() as connection:
        connection.execute(outbox.update().where(outbox.c.kind == "missing_information").values(state="failed"))
    page = kim.get("/").text
    for slip, patient in ((1, "Ada Quill"), (2, "Rosa Ember")):
        assert f'<strong><a href="/review/s{slip}">{patient}</a></strong> <span class="soft small">slip {slip}' in page
    assert "slip 2 from N. Rosenthal, MD" in page
