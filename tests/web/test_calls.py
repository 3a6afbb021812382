"""The call list in a real browser: a note and Enter settle nothing, each outcome has its own button."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from refpad.services.letters.chase import chase_all
from schemas.followup import FollowUpKind, LetterKind
from schemas.letter import LetterState
from store.followups.attempts import SAME_TRY
from store.followups.listing import FollowUp, FollowUpQuery, list_follow_ups
from store.letters.actions import letters
from tests.web.browser import NARROW, FrontDesk, serving
from tests.web.simulated_slips import Doubts, record_slip, truth_of

CONTACT = FollowUpKind.CONTACT_PATIENT


@pytest.fixture
def desk(chromium: Browser) -> Iterator[FrontDesk]:
    """A Monday with one patient to call."""
    with serving(chromium) as opened:
        record_slip(opened.studio, truth_of(2401, patient_name="Ada Quill"), Doubts())
        opened.studio.clock.move(timedelta(days=3))
        yield opened


def calls(desk: FrontDesk, *, ended: bool = False) -> list[FollowUp]:
    return list(list_follow_ups(desk.studio.store, FollowUpQuery(kind=CONTACT, ended=ended)).follow_ups)


def test_enter_in_the_note_settles_nothing_and_loses_nothing(desk: FrontDesk) -> None:
    """It said "reached" of a patient who had not answered."""
    page = desk.person()
    page.get_by_text("Note call: contact patient Ada Quill").click()
    note = page.get_by_label("Note for the call to Ada Quill").first
    note.fill("no answer, left voicemail")
    note.press("Enter")
    page.wait_for_timeout(300)
    expect(note).to_have_value("no answer, left voicemail")
    [call] = calls(desk)
    assert call.calls == ()
    with page.expect_navigation():
        page.get_by_role("button", name="Left message: contact patient Ada Quill").click()
    [call] = calls(desk)
    assert [one.note for one in call.calls] == ["no answer, left voicemail"]


def test_three_tries_are_shown_with_their_hours_and_become_a_letter(desk: FrontDesk) -> None:
    """Who tried when stands beside the number; the letter waits for somebody to read it."""
    page = desk.person()
    page.goto(f"/tasks/{calls(desk)[0].id}")
    for number in (1, 2, 3):
        page.get_by_role("button", name="No answer").click()
        expect(page.get_by_role("heading", name=f"Calls {number}")).to_be_visible()
        desk.studio.clock.move(SAME_TRY)
    expect(page.get_by_text("Nov 23, 2026, 10:00 AM: no answer (kim)")).to_be_visible()
    while letters(desk.studio.store, (LetterState.WAITING,)):
        list(chase_all(desk.studio.store, desk.studio.settings))
    made = {letter.kind: letter for letter in letters(desk.studio.store)}
    assert made[LetterKind.NOT_REACHED].state is LetterState.HELD
    page.goto(f"/letters/{made[LetterKind.NOT_REACHED].id}")
    expect(page.get_by_role("heading", name="Not reached")).to_be_visible()


def test_a_call_that_is_done_is_reopened_from_its_page(desk: FrontDesk) -> None:
    """The wrong button of five costs one click."""
    page = desk.person()
    number = calls(desk)[0].id
    page.get_by_text("Note call: contact patient Ada Quill").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Reached: contact patient Ada Quill").click()
    assert calls(desk) == []
    page.goto(f"/tasks/{number}")
    page.get_by_role("button", name="Reopen this call").click()
    expect(page.get_by_role("button", name="No answer")).to_be_visible()
    assert [call.id for call in calls(desk)] == [number]


def test_a_try_is_undone_where_it_was_noted(desk: FrontDesk) -> None:
    """The wrong button leaves no call behind, and the patient on the list."""
    page = desk.person()
    page.get_by_text("Note call: contact patient Ada Quill").click()
    page.get_by_role("button", name="No answer: contact patient Ada Quill").click()
    page.get_by_role("button", name="U Undo").click()
    expect(page.get_by_text("Note call: contact patient Ada Quill")).to_be_visible()
    [call] = calls(desk)
    assert (call.calls, call.due) == ((), desk.studio.store.clock.today())


def test_a_wrong_number_says_that_the_office_was_asked_and_the_history_fits_a_phone(desk: FrontDesk) -> None:
    """On the call and on Today; and no column of what happened is cut off at 390 px."""
    page = desk.person(size=NARROW)
    number = calls(desk)[0].id
    page.goto(f"/tasks/{number}")
    page.get_by_role("button", name="Wrong number").click()
    expect(page.get_by_text("office asked Nov 23, 2026, 10:00 AM")).to_be_visible()
    cut = "box => box.scrollWidth > box.clientWidth"
    assert not page.get_by_role("region", name="History").evaluate(cut)
    desk.studio.clock.move(timedelta(days=1))
    page = desk.person()
    page.goto("/")
    expect(page.get_by_text("office asked for the number Nov 23, 2026, 10:00 AM")).to_be_visible()
