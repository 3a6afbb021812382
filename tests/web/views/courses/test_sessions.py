"""The session log at the front desk: one click a session, from Today and from the referral's page."""

from datetime import date, timedelta

from refpad.services.course_entries import enter_for_good
from schemas.appointment import AppointmentState
from store.courses.courses import course
from tests.audit import audit_lines
from tests.web.scenes import ASSESSMENT
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Studio


def test_a_day_of_sessions_is_logged_from_today(studio: Studio) -> None:
    """Booked ones with one button each, another patient's with two; each can be taken back; the log is one page."""
    record_slip(studio, truth_of(2201, patient_name="Ada Quill"), Doubts())
    enter_for_good(studio.store, studio.settings, 1, {**ASSESSMENT, "on": "2026-11-20"}, "kim")
    kim = studio.person()
    assert kim.get("/referrals/1/sessions").status_code == 400
    booked = {"referral": "1", "act": "booked", "on": "2026-11-23", "at": "09:30", "weeks": "2", "from": "referral"}
    assert kim.post("/sessions", booked).headers["location"] == "/referrals/1#sessions"
    studio.clock.move(timedelta(days=3))
    kim = studio.person()
    page = kim.get("/").text
    assert "9:30 AM" in page
    assert 'aria-label="Attended: Ada Quill, Nov 23, 2026"' in page
    assert kim.post("/appointments/1", {"act": "attended", "note": "step-ups"}).headers["location"] == "/#sessions"
    assert 'aria-label="Undo attended: Ada Quill, Nov 23, 2026"' in kim.get("/").text
    assert kim.post("/appointments/1", {"act": "booked"}).status_code == 303
    assert kim.post("/sessions", {"referral": "1", "act": "attended"}).status_code == 303
    said = [(one.on, one.state) for one in course(studio.store, 1).appointments]
    assert said == [(date(2026, 11, 23), AppointmentState.ATTENDED), (date(2026, 11, 30), AppointmentState.BOOKED)]
    assert "The log has 1 attended, 0 missed" in kim.get("/referrals/1/enter/progress").text
    assert kim.get("/referrals/1/sessions").content.startswith(b"%PDF")
    assert audit_lines(studio.store)[-1]["what"] == "export"
    for wrong in (
        {"act": "attended"},
        {"referral": "1", "act": "burn"},
        {"referral": "1", "act": "booked", "on": "2026-12-01", "at": "noon"},
        {"referral": "1", "act": "attended", "on": "2026-12-24"},
    ):
        assert kim.post("/sessions", wrong).status_code == 400
    assert kim.post("/appointments/99", {"act": "attended"}).status_code == 404


def test_a_session_of_the_wrong_patient_is_taken_back(studio: Studio) -> None:
    """Their call stands on Today again, and no appointment waits there that nobody booked."""
    record_slip(studio, truth_of(2201, patient_name="Ada Quill"), Doubts())
    studio.clock.move(timedelta(days=8))
    kim = studio.person()
    assert "call, " in kim.get("/").text
    assert kim.post("/sessions", {"referral": "1", "act": "attended"}).status_code == 303
    assert "call, " not in kim.get("/").text
    assert kim.post("/appointments/1", {"act": "booked"}).status_code == 303
    page = kim.get("/").text
    assert "call, " in page
    assert "Attended: Ada Quill" not in page


def test_three_missed_in_a_row_say_what_to_do_next(studio: Studio) -> None:
    """On the referral's page with the days, on Today as work to be done."""
    record_slip(studio, truth_of(2201, patient_name="Ada Quill"), Doubts())
    enter_for_good(studio.store, studio.settings, 1, {**ASSESSMENT, "on": "2026-11-20"}, "kim")
    studio.clock.move(timedelta(days=7))
    kim = studio.person()
    for day in (23, 24, 25):
        assert kim.post("/sessions", {"referral": "1", "act": "missed", "on": f"2026-11-{day}"}).status_code == 303
    page = kim.get("/referrals/1").text
    assert "3 sessions missed in a row (Nov 23, 2026; Nov 24, 2026; Nov 25, 2026): ask the patient why" in page
    assert "ask after missed sessions, today" in kim.get("/").text
