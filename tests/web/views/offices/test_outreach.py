"""Visits and talks at the front desk, on the page of an office and of a provider, and how far their slips came."""

from datetime import date, timedelta

from schemas.followup import FollowUpKind
from schemas.office import Office
from schemas.outreach.entries import OutreachState
from store.directory.offices import add, reserve_serials
from store.directory.providers import list_providers
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.outreach.entries import outreach_of
from tests.audit import audit_lines
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Studio

VISIT = {"act": "done", "on": "2026-11-20", "way": "visit", "with_whom": "Pat Moss", "about": "new pads"}


def test_a_visit_is_logged_and_the_next_is_due_on_today(studio: Studio) -> None:
    """On its day it stands on Today with the office's name; a provider's page has the same of its own talks."""
    store = studio.store
    add(store, Office(id="riverside", name="Riverside Spine", contact="Pat Moss"), "kim")
    reserve_serials(store, "riverside", "met", 1, 200, 2100)
    record_slip(studio, truth_of(2201, patient_name="Ada Quill"), Doubts())
    kim = studio.person()
    said = {**VISIT, "pads_left": "0", "next_on": "2026-12-18"}
    assert kim.post("/offices/riverside/outreach", said).headers["location"] == "/offices/riverside#outreach"
    page = kim.get("/offices/riverside").text
    assert "visit, with Pat Moss: new pads; 0 pads left" in page
    assert "refpad ranks nobody by the number of referrals" in page
    assert "contact office" not in kim.get("/").text
    [provider] = list_providers(store)
    call = {"act": "planned", "on": "2026-12-18", "way": "call", "provider": str(provider.id)}
    assert kim.post("/offices/riverside/outreach", call).headers["location"] == f"/providers/{provider.id}#outreach"
    assert "<strong>Dec 18, 2026</strong> call" in kim.get(f"/providers/{provider.id}").text
    studio.clock.move(timedelta(days=28))
    kim = studio.person()
    assert "contact office, today" in kim.get("/").text
    due, _ = list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.CONTACT_OFFICE)).follow_ups
    assert kim.post(f"/tasks/{due.id}", {"act": "done", "note": "wants Spanish slips"}).status_code == 303
    done = next(one for one in outreach_of(store, "riverside") if one.state is OutreachState.DONE)
    assert (done.state, done.on, done.about) == (
        OutreachState.DONE,
        date(2026, 12, 18),
        "new pads; wants Spanish slips",
    )
    assert kim.post(f"/outreach/{done.id}/cancel").status_code == 303
    assert [one["what"] for one in audit_lines(store)[-2:]] == ["done", "canceled_outreach"]
    for wrong in (
        {**VISIT, "act": "burn"},
        {**VISIT, "on": "noon"},
        {**VISIT, "way": "x"},
        {**VISIT, "pads_left": "x"},
    ):
        assert kim.post("/offices/riverside/outreach", wrong).status_code == 400
    assert kim.post("/outreach/99/cancel").status_code == 404


def test_an_office_whose_slips_stopped_coming_is_told_with_what_to_do(studio: Studio) -> None:
    """Of its slips the page says how many came how far, and why the patient of one did not come."""
    add(studio.store, Office(id="riverside", name="Riverside Spine"), "kim")
    reserve_serials(studio.store, "riverside", "met", 1, 200, 2100)
    for serial, name in ((2201, "Ada Quill"), (2202, "Quinn Cho"), (2203, "Robin Castell")):
        record_slip(studio, truth_of(serial, patient_name=name), Doubts())
    kim = studio.person()
    assert "No slip for" not in kim.get("/offices/riverside").text
    call = list_follow_ups(studio.store, FollowUpQuery(kind=FollowUpKind.CONTACT_PATIENT)).follow_ups[0]
    assert kim.post(f"/tasks/{call.id}", {"act": "declined"}).status_code == 303
    studio.clock.move(timedelta(days=61))
    page = studio.person().get("/offices/riverside").text
    assert "No slip for 61 days, before that about 3 a month: plan a visit" in page
    assert '<th scope="row">Accepted</th><td class="right number">3</td>' in page
    assert ">declined</span>" in page
