"""The front desk in a real browser: by keyboard, by two people, and by nobody."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from schemas.followup import FollowUpKind
from schemas.limits import Limits
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.intake.taking_in.take_in import take_in
from store.referrals import referrals
from store.review import history
from store.review.queue import waiting_list
from tests.web.browser import FrontDesk, serving
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import PASSWORD

SAMPLE = Path(__file__).parents[2] / "samples" / "neat-slip.png"

# A typical slip of the samples: two lines of writing in doubt, one read wrong with the right one proposed; a box that
# is neither checked nor empty; a signature that might be a smudge.
HALF_A_SECOND_MS = 600
TYPICAL = Doubts(
    text={"diagnosis": ("B/L knee 0A", "B/L knee OA"), "provider_name": ("N. Rosenthal, MD",)},
    boxes=("arthritis",),
    signature=True,
)


@pytest.fixture
def desk(chromium: Browser) -> Iterator[FrontDesk]:
    with serving(chromium) as opened:
        yield opened


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)
        self.pressed += 1


def at(page: Page, field: str) -> None:
    """The keyboard is at that field."""
    expect(page.locator(f"#card-{field}:focus, #card-{field}:focus-within")).to_be_visible()


def test_a_typical_slip_is_settled_by_keyboard_alone_in_few_strokes(desk: FrontDesk) -> None:
    """The target is 15 s a slip for a practiced person: at most 8 strokes, and no waiting between them."""
    record_slip(desk.studio, truth_of(1401, diagnosis="B/L knee OA", provider_name="N. Rosenthal, MD"), TYPICAL)
    record_slip(desk.studio, truth_of(1402), Doubts(signature=True))
    page = desk.person()
    page.goto("/review")
    page.get_by_role("link", name="Start with the oldest").click()
    keys = Keys(page)
    at(page, "diagnosis")
    keys.press("2")  # the second proposal
    at(page, "arthritis")
    keys.press("1")  # checked
    at(page, "provider_name")
    keys.press("Enter")  # right as read
    at(page, "signature")
    keys.press("1")  # signed
    expect(page.locator("#accept")).to_be_focused()
    page.wait_for_timeout(600)  # Accept takes no key in the first half second
    keys.press("Enter")
    page.wait_for_url("**/review/s2")
    at(page, "signature")
    assert keys.pressed <= 8
    [record] = referrals.exported_referrals(desk.studio.store)
    assert (record.referral.diagnosis, record.referral.provider_name) == ("B/L knee OA", "N. Rosenthal, MD")
    assert "arthritis" in record.referral.conditions


def test_keys_may_come_faster_than_the_answers(desk: FrontDesk) -> None:
    """Five strokes in one go: each word goes to the field that the eye was on, none is lost."""
    record_slip(desk.studio, truth_of(1401, diagnosis="B/L knee OA"), TYPICAL)
    page = desk.person()
    page.goto("/review/s1")
    at(page, "diagnosis")
    for key in ("2", "1", "Enter", "1"):
        page.keyboard.press(key)
    expect(page.locator("#accept")).to_be_focused()
    changes = [correction.changes[0] for correction in history.corrections_of(desk.studio.store, 1)]
    assert [(change.field, change.after) for change in changes] == [
        ("diagnosis", "B/L knee OA"),
        ("arthritis", "checked"),
        ("provider_name", "N. Rosenthal, MD"),
        ("signature", "present"),
    ]


def test_a_value_is_typed_saved_judged_and_undone(desk: FrontDesk) -> None:
    """E types, Enter keeps, the answer is there at once; Escape keeps nothing; U undoes."""
    record_slip(desk.studio, truth_of(1403), Doubts(text={"patient_phone": ("555-01",), "diagnosis": ("gout",)}))
    page = desk.person()
    page.goto("/review/s1")
    at(page, "patient_phone")
    page.keyboard.press("e")
    page.keyboard.type("(212) 555-014")
    page.keyboard.press("Enter")
    expect(page.locator("#card-patient_phone .finding").filter(has_text="9 digits")).to_be_visible()
    at(page, "patient_phone")
    page.keyboard.press("e")
    page.keyboard.type("(212) 555-0142")
    page.keyboard.press("Enter")
    at(page, "diagnosis")
    expect(page.locator("#card-patient_phone")).to_have_class("field sure settle")
    page.keyboard.press("e")
    page.keyboard.type("something else")
    page.keyboard.press("Escape")
    at(page, "diagnosis")
    page.keyboard.press("Enter")
    expect(page.locator("#accept")).to_be_focused()
    page.locator("#card-diagnosis").focus()
    page.keyboard.press("u")
    expect(page.locator("#card-diagnosis .state")).to_have_text("in doubt")


def test_an_answer_that_is_in_doubt_too_is_said_and_come_back_to(desk: FrontDesk) -> None:
    """It was passed over, and its message stood on a card out of sight; left as it is, it holds nobody back."""
    record_slip(desk.studio, truth_of(1413), Doubts(text={"patient_phone": ("555-01",), "diagnosis": ("gout",)}))
    page = desk.person()
    page.goto("/review/s1")
    at(page, "patient_phone")
    page.keyboard.press("e")
    page.keyboard.type("(212) 555-014")
    page.keyboard.press("Enter")
    expect(page.locator("#news")).to_contain_text('Still in doubt: "Phone": its 9 digits are no valid number in US.')
    at(page, "patient_phone")
    expect(page.locator("#card-patient_phone")).to_be_focused()  # not in its field: a digit or letter is a key
    page.evaluate("document.getElementById('news').replaceChildren()")
    page.keyboard.press("Enter")
    expect(page.locator("#news")).to_contain_text("Still in doubt")
    at(page, "diagnosis")


def first_of(page: Page, held: Sequence[Route]) -> Route:
    """The first request that is held back: on a busy machine the browser may not have sent it yet."""
    while not held:
        page.wait_for_timeout(20)
    return held[0]


def test_who_has_begun_another_answer_is_not_called_back_from_it(desk: FrontDesk) -> None:
    """A practiced person is two cards on when the server answers: the corner says it, and the keyboard stays."""
    doubts = Doubts(text={"patient_phone": ("555-01",), "diagnosis": ("gout",), "goals": ("walk",)})
    record_slip(desk.studio, truth_of(1414), doubts)
    page = desk.person()
    page.goto("/review/s1")
    at(page, "patient_phone")
    page.keyboard.press("e")
    page.keyboard.type("(212) 555-014")
    held: list[Route] = []
    page.route("**/review/s1/edit", lambda route: route.continue_() if held else held.append(route))
    page.keyboard.press("Enter")
    at(page, "diagnosis")
    page.keyboard.press("e")
    page.keyboard.type("gout of the foot")
    first_of(page, held).continue_()
    expect(page.locator("#news")).to_contain_text("Still in doubt")
    expect(page.locator("#in-diagnosis")).to_be_focused()
    expect(page.locator("#in-diagnosis")).to_have_value("gout of the foot")
    page.keyboard.press("Enter")
    at(page, "goals")
    page.keyboard.press("Enter")
    at(page, "patient_phone")  # all others are settled


def test_a_box_is_toggled_on_its_own_picture(desk: FrontDesk) -> None:
    """By mouse or by the keyboard's own button key; the picture's frame follows."""
    record_slip(desk.studio, truth_of(1404), Doubts(signature=True))
    page = desk.person()
    page.goto("/review/s1")
    box = page.get_by_role("button", name="Diabetes")
    before = box.get_attribute("aria-pressed")
    box.click()
    expect(box).not_to_have_attribute("aria-pressed", str(before))
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_have_attribute("aria-pressed", str(before))
    expect(box).to_be_focused()


def test_single_letters_can_be_switched_off(desk: FrontDesk) -> None:
    """WCAG 2.1.4: who dictates or trembles must not settle slips by accident."""
    record_slip(desk.studio, truth_of(1405), TYPICAL)
    page = desk.person()
    page.goto("/review/s1")
    at(page, "diagnosis")
    page.keyboard.press("?")
    page.get_by_label("Use single letters and digits as shortcuts").uncheck()
    page.get_by_role("button", name="Close").click()
    page.locator("#card-diagnosis").focus()
    page.keyboard.press("2")
    page.keyboard.press("x")
    expect(page.locator("#reject")).to_be_hidden()
    page.keyboard.press("Enter")
    at(page, "arthritis")
    expect(page.locator("#history")).to_contain_text("Change history (1)")


def test_a_slip_is_rejected_by_keyboard(desk: FrontDesk) -> None:
    """X, the reason, Enter; the next slip comes by itself."""
    record_slip(desk.studio, truth_of(1406), TYPICAL)
    record_slip(desk.studio, truth_of(1407), TYPICAL)
    page = desk.person()
    page.goto("/review/s1")
    at(page, "diagnosis")
    page.keyboard.press("x")
    page.keyboard.press("Enter")  # no reason is chosen yet
    expect(page.locator("#reject")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/s2")
    assert [item.item for item in waiting_list(desk.studio.store)] == ["s2"]


def test_the_office_is_asked_by_a_key_of_its_own(desk: FrontDesk) -> None:
    """M, and what one is at is checked already; Enter leads to the button, and the next one has the letter created.

    The focus is on a checkbox, where Enter had a letter made before anybody had read which fields it asks about.
    """
    record_slip(desk.studio, truth_of(1410), Doubts(signature=True))
    record_slip(desk.studio, truth_of(1411), TYPICAL)
    page = desk.person()
    page.goto("/review/s1")
    at(page, "signature")
    page.keyboard.press("m")
    box = page.get_by_role("dialog", name="Ask the office")
    expect(box.get_by_label("Signature", exact=True)).to_be_checked()
    assert box.locator(":checked").count() == 1
    page.keyboard.press("Enter")
    expect(box.get_by_role("button", name="Create letter")).to_be_focused()
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")  # held down: the second one repeats
    expect(box).to_be_visible()
    page.keyboard.up("Enter")
    page.wait_for_timeout(HALF_A_SECOND_MS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/s2")
    expect(page.locator("#accepted")).to_contain_text("Letter to the office about slip 1 is being created.")
    [task] = list_follow_ups(desk.studio.store, FollowUpQuery(kind=FollowUpKind.MISSING_INFORMATION)).follow_ups
    assert task.slip_id == 1


def test_the_office_is_asked_about_what_is_missing_and_not_about_what_was_hard_to_read(desk: FrontDesk) -> None:
    """A provider who wrote "knee" in a poor hand has not left it out; a needed empty field says what can be done."""
    doubts = Doubts(text={"patient_phone": ("",), "diagnosis": ("gouf", "gout")})
    record_slip(desk.studio, truth_of(1412), doubts)
    page = desk.person()
    page.goto("/review/s1")
    at(page, "patient_phone")
    page.keyboard.press("Enter")
    expect(page.locator("#news")).to_contain_text("This is needed: type it, ask the office (M), or reject")
    at(page, "diagnosis")
    page.keyboard.press("m")
    box = page.get_by_role("dialog", name="Ask the office")
    expect(box.get_by_label("Phone", exact=True)).to_be_checked()
    assert box.locator(":checked").count() == 1


def test_two_people_at_one_slip_lose_nothing(desk: FrontDesk) -> None:
    """The second sees who else is there, and what changed before their own change is saved."""
    record_slip(desk.studio, truth_of(1408), TYPICAL)
    kim, lee = desk.person("kim"), desk.person("lee")
    kim.goto("/review/s1")
    at(kim, "diagnosis")
    lee.goto("/review/s1")
    expect(lee.get_by_text("kim has this slip open too")).to_be_visible()
    kim.keyboard.press("2")
    expect(kim.locator("#card-diagnosis")).to_have_class("field sure settle")
    lee.keyboard.press("Enter")
    expect(lee.get_by_role("dialog", name="Someone else changed this slip")).to_contain_text("B/L knee OA")
    lee.keyboard.press("Enter")
    expect(lee.locator("#card-diagnosis .state")).to_have_text("sure")
    at(lee, "arthritis")


def test_wrong_passwords_lock_nobody_out(desk: FrontDesk) -> None:
    """Seen from the owner's chair: five mistakes, each told, and the right password opens the door."""
    desk.studio.add_user("kim")
    page = desk.window()
    for password in ["wrong password"] * 5 + [PASSWORD]:
        page.goto("/login")
        page.fill("[name=name]", "kim")
        page.fill("[name=password]", password)
        page.keyboard.press("Enter")
        if password != PASSWORD:
            expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_visible()


def test_nobody_there_is_warned_then_signed_out(chromium: Browser) -> None:
    """The screen is empty of patients when the time is up; one who is there stays with one key."""
    with serving(chromium, idle_minutes=0.1) as desk:
        record_slip(desk.studio, truth_of(1409), TYPICAL)
        page = desk.person()
        page.goto("/review/s1")
        expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="Are you still there?")).to_be_hidden()
        page.wait_for_url("**/login")
        expect(page.get_by_text("Diagnosis")).to_have_count(0)


def test_a_group_is_checked_with_two_clicks(desk: FrontDesk) -> None:
    """Click the odd one, see the count, go on; its slip waits with that field in doubt."""
    for serial in (1601, 1602, 1603):
        record_slip(desk.studio, truth_of(serial), Doubts())
    page = desk.person()
    page.goto("/groups")
    page.get_by_role("link", name="Signature, signed").click()
    expect(page.locator("svg image").first).to_have_attribute("href", re.compile("^blob:"))
    page.get_by_role("checkbox", name="Slip 2 is wrong").check()
    page.get_by_role("button", name="Save: 1 wrong, 2 right").click()
    page.wait_for_url("**/groups")
    page.goto("/review")
    page.get_by_role("link", name="Slip 2").click()
    at(page, "signature")


def test_a_scan_is_uploaded_and_seen_to_come_in(desk: FrontDesk) -> None:
    """Chosen or dropped; the list follows by itself."""
    page = desk.person()
    page.goto("/inbox")
    expect(page.locator("#health")).to_contain_text("nothing waits")
    page.locator("#files").set_input_files(str(SAMPLE))
    expect(page.locator("#sending")).to_contain_text("added to the inbox")
    path = desk.studio.settings.inbox / SAMPLE.name
    assert path.read_bytes() == SAMPLE.read_bytes()
    take_in(desk.studio.store, path, Limits())
    expect(page.locator("#progress")).to_contain_text("waiting to be read")


def test_whoever_leaves_while_scans_are_sent_is_asked_first(desk: FrontDesk) -> None:
    """They go one after the other: without the question the rest was lost, and nobody was told."""
    page = desk.person()
    page.goto("/inbox")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    held: list[Route] = []
    page.route("**/inbox/upload", lambda route: route.continue_() if held else held.append(route))
    page.locator("#files").set_input_files([str(SAMPLE), str(SAMPLE.with_name("photo.jpg"))])
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Offices").click(no_wait_after=True)
    expect(page.locator("#sending li")).to_have_count(2)
    first_of(page, held).continue_()
    expect(page.locator("#sending").get_by_text("added to the inbox")).to_have_count(2)
    page.get_by_role("link", name="Offices").click()
    page.wait_for_url("**/offices")
    assert asked == ["beforeunload"]
    assert {path.name for path in desk.studio.settings.inbox.iterdir()} >= {SAMPLE.name, "photo.jpg"}


def test_a_report_is_written_with_its_page_beside_it(desk: FrontDesk) -> None:
    """What is missing is shown while one types; a complete letter is previewed beside the form."""
    record_slip(desk.studio, truth_of(1902, patient_name="Rosa Pemberton"), Doubts())
    page = desk.person()
    page.goto("/referrals/1")
    page.get_by_role("link", name="Enter assessment").click()
    expect(page.locator("#preview-state")).to_contain_text("not complete")
    page.get_by_label("Function").fill("Rises from a chair with the help of both hands.")
    page.get_by_label("Test 1", exact=True).select_option("timed_up_and_go")
    page.get_by_label("Value, test 1").fill("14.8")
    for label, value in (("Sessions per week", "2"), ("Minutes per session", "50"), ("Weeks", "10")):
        page.get_by_label(label).fill(value)
    page.get_by_label("Exercises, one per line").fill("Sit to stand")
    page.get_by_label("Goal 1", exact=True).fill("Walk to the store and back")
    expect(page.locator("#preview")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Save and write report").click()
    page.wait_for_url("**/referrals/1")
    expect(page.get_by_role("link", name="assessment", exact=True)).to_be_visible()


def test_a_referral_is_found_by_a_mistyped_name(desk: FrontDesk) -> None:
    """From the search to the whole story; the address bar shows a number and no name."""
    record_slip(desk.studio, truth_of(1901, patient_name="Rosa Pemberton"), Doubts())
    page = desk.person()
    page.goto("/referrals")
    page.get_by_role("searchbox").fill("rosa pembertn")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Rosa Pemberton", exact=True).click()
    expect(page.get_by_role("heading", name="Rosa Pemberton")).to_be_visible()
    assert page.url.endswith("/referrals/1")
    assert page.title() == "Referral 1 · refpad"
    expect(page.locator("#story image").first).to_have_attribute("href", re.compile("^blob:"))
