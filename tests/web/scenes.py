"""The middle of a day at the front desk: every page has something to show. Everybody here is invented."""

import shutil
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

from refpad.services.course_entries import enter_for_good
from refpad.services.letters.chase import chase_all
from schemas.appointment import AppointmentState
from schemas.course import EntryKind
from schemas.followup import FollowUpKind, FollowUpState
from schemas.limits import Limits
from schemas.office import Office
from schemas.reading import PageRead, PageSetAside
from schemas.reasons import SetAsideReason
from schemas.webhook import WebhookEvent
from store.courses.entries import save_draft
from store.courses.session_log import book, log_session
from store.directory import offices
from store.followups.actions import settle
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.intake import claims, results
from store.intake.taking_in.take_in import take_in
from store.referrals import quality_sample
from store.review import settle as review
from store.review.corrections import Corrections
from store.webhooks.webhooks import add_webhook
from tests.web.simulated_slips import Doubts, picture_of, reading_of, record_slip, truth_of
from tests.web.studio import Studio

SAMPLES = Path(__file__).parents[2] / "samples"
WHO = "kim"

# Every page with something on it; a group's address is another at each start.
PLACES = (
    "/",
    "/tasks/2",
    "/letters",
    "/letters/1",
    "/referrals/3/enter/assessment",
    "/referrals/2/enter/progress",
    "/referrals/2/enter/discharge",
    "/me",
    "/review",
    "/review/s1",
    "/review/p4",
    "/review/s5/beside/4",
    "/groups",
    "/groups/one",
    "/quality",
    "/set-aside",
    "/set-aside/2",
    "/set-aside/2?slip=4",
    "/referrals",
    "/referrals/1",
    "/referrals/2",
    "/search/found",
    "/search/over",
    "/offices",
    "/offices/riverside",
    "/offices/riverside/merge?into=northside",
    "/patients",
    "/patients/1",
    "/patients/1/merge?into=2",
    "/providers/1",
    "/providers/1/merge",
    "/providers/1/merge?into=2",
    "/referrals/1/correct",
    "/referrals/1/office",
    "/review/s1/office",
    "/inbox",
    "/people",
    "/exports",
    "/activity",
    "/backups",
    "/programs",
    "/retention",
    "/settings",
    "/setup/studio",
    "/setup/mail",
    "/help",
    "/help/the-first-day",
)


def set_the_scene(studio: Studio) -> None:
    """A typical slip that waits, files set aside, a page without a slip, a possible copy, referrals, offices, users."""
    _offices(studio)
    _waiting(studio)
    files_set_aside(studio)
    _copies(studio)
    _accepted(studio)
    _courses(studio)
    add_webhook(studio.store, "https://registry.example/hook", list(WebhookEvent), WHO)
    studio.add_user("lee")


def _offices(studio: Studio) -> None:
    rows = (
        ("riverside", "Riverside Spine and Sport", "Pat Moreno", "(212) 555-0101", "4 River Road, Anytown, NY"),
        ("northside", "Northside Family Practice", "Jo Albers", "(212) 555-0117", "88 North Street, Anytown, NY"),
    )
    for short, name, contact, phone, address in rows:
        offices.add(studio.store, Office(id=short, name=name, contact=contact, phone=phone, address=address), WHO)
    offices.reserve_serials(studio.store, "riverside", "met", 1, 200, 2100)
    offices.reserve_serials(studio.store, "northside", "met", 1, 400, 2300)


def _waiting(studio: Studio) -> None:
    written = {
        "diagnosis": "B/L knee OA, BMI 31",
        "provider_name": "N. Rosenthal, MD",
        "goals": "walk 30 min without pain",
    }
    doubts = Doubts(
        text={"diagnosis": ("B/L knee 0A, BMI 31", "B/L knee OA, BMI 31"), "provider_name": ("N. Rosenthal, MD",)},
        boxes=("arthritis",),
        signature=True,
    )
    record_slip(studio, truth_of(2101, patient_name="Rosa Pemberton", **written), doubts)


def files_set_aside(studio: Studio) -> None:
    """Two files without a slip, and one of whose pages one has a slip."""
    for sample, page in (("not-a-slip.tif", None), ("damaged.pdf", None), ("three-pages.pdf", 2)):
        path = studio.settings.inbox / sample
        shutil.copy(SAMPLES / sample, path)
        take_in(studio.store, path, Limits())
        claim = claims.next_claim(studio.store, "worker", 60)
        assert claim is not None
        if sample == "damaged.pdf":
            sentence = "The file ends in the middle: send or scan it again."
            claims.set_aside(studio.store, claim, SetAsideReason.TRUNCATED, sentence)
            continue
        truth = truth_of(2102)
        pages = (PageRead(page=1, slips=(reading_of(truth),)),) if page else ()
        pages += tuple(PageRead(page=number, set_aside=without_slip(number, why)) for number, why in _rest(page))
        results.record(studio.store, claim, pages, {(1, 1): picture_of(truth)} if page else {}, studio.rules)


def _rest(page: int | None) -> Iterator[tuple[int, SetAsideReason]]:
    """The pages without a slip; behind a slip, the back of it too."""
    yield page or 1, SetAsideReason.NO_SLIP_FOUND
    if page:
        yield page + 1, SetAsideReason.BACK_OF_SLIP


def without_slip(page: int, reason: SetAsideReason = SetAsideReason.NO_SLIP_FOUND) -> PageSetAside:
    """A page on which nothing could be used."""
    message = f"Page {page} shows no slip with its 4 corner marks; scan the whole slip again if there is one."
    if reason.needs_nobody:
        message = f"Page {page} is the back of a slip, whose print shines through at 12%."
    return PageSetAside(file="scan", page=page, reason=reason, message=message)


def _copies(studio: Studio) -> None:
    record_slip(studio, truth_of(2103), Doubts(text={"patient_name": ("Ada 0uill", "Ada Quill")}))
    truth = truth_of(2104)
    picture = picture_of(truth)
    record_slip(studio, truth, Doubts(), picture)
    record_slip(studio, truth, Doubts(signature=True), picture)


def _accepted(studio: Studio) -> None:
    """Two weeks of slips that nothing was doubtful about, some seen by people all the same."""
    for number in range(12):
        serial = (2120 if number % 3 else 2320) + number
        record_slip(studio, truth_of(serial, provider_name="N. Rosenthal, MD" if number % 2 else "A. Iverson, DO"))
        studio.clock.move(timedelta(hours=3))
    with studio.store.write() as connection:
        for number in range(7, 14):
            quality_sample.request_look(connection, studio.store, number, quality_sample.SAMPLE)
    for number in range(7, 13):
        corrections = Corrections(values={"goals": "return to tennis"} if number == 9 else {})
        review.accept(studio.store, studio.rules, f"s{number}", WHO, corrections)


def _courses(studio: Studio) -> None:
    """One course with its assessment, a draft of another, two weeks gone by, and the letters made."""
    store, rules = studio.store, studio.rules
    studio.clock.move(timedelta(days=2))
    content = {**ASSESSMENT, "on": store.clock.today().isoformat()}
    enter_for_good(store, studio.settings, 2, content, WHO)
    half = {
        "kind": "assessment",
        "on": store.clock.today().isoformat(),
        "observed": {"function": "Two flights of stairs"},
    }
    save_draft(store, 3, EntryKind.ASSESSMENT, half, WHO)
    studio.clock.move(timedelta(days=4))
    log_session(
        store, rules, 2, store.clock.today() - timedelta(days=2), AppointmentState.ATTENDED, WHO, 50, "step-ups"
    )
    log_session(store, rules, 2, store.clock.today() - timedelta(days=1), AppointmentState.MISSED, WHO)
    book(store, rules, 2, store.clock.today(), WHO, time(9, 30), 2)
    for task in list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.CONTACT_PATIENT, limit=3)).follow_ups:
        settle(store, rules, task.id, FollowUpState.DONE, WHO, "reached, comes on Tuesday")
    for _ in chase_all(store, studio.settings):
        pass


ASSESSMENT = {
    "kind": "assessment",
    "observed": {
        "function": "Rises from a chair with the help of both hands; stairs one step at a time, holding the rail.",
        "strength": "Hip abduction and knee extension weak on the right.",
        "balance": "Single-leg stance on the right under three seconds.",
    },
    "measures": [
        {"kind": "timed_up_and_go", "value": "14.8"},
        {"kind": "range_of_motion", "of": "knee flexion", "side": "right", "value": "94"},
        {"kind": "chair_stands_30_s", "value": "8"},
    ],
    "plan": {
        "sessions_per_week": 2,
        "minutes": 50,
        "weeks": 10,
        "exercises": ["Sit to stand from a raised seat", "Step-ups, 10 cm", "Tandem stance"],
    },
    "goals": [{"text": "Walk to the store and back without a rest"}, {"text": "Stairs without holding the rail"}],
}
