"""An accepted referral is corrected: what was before stays, what went out is named, what waits is made anew."""

from datetime import timedelta
from pathlib import Path

import pytest

from refpad.services.letters.chase import Chaser
from refpad.services.letters.letters import press_of
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.followup import CallOutcome, FollowUpKind
from schemas.letter import LetterState, Recipient
from schemas.office import Office
from store.clock import SetClock
from store.courses.entries import finish
from store.database import Store
from store.directory.offices import add
from store.followups.calls import note_call
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.history import referral_history
from store.letters import actions
from store.letters.leases import LostLeaseError, next_lease
from store.letters.sending import Made, keep_made, waiting_letter
from store.referrals.amend import amend, amendments_of
from store.referrals.referrals import exported_referrals
from store.review.withdraw import can_be_withdrawn
from store.search.search import Searcher
from store.studio_rules import StudioRules
from store.verify import verify
from store.workers.workers import register_worker
from tests.letter_life import accepted
from tests.schemas.entries import assessment

WHO = "kim"


@pytest.fixture
def settings(store: Store, tmp_path: Path) -> Settings:
    """One referral on record, of an office that nobody knows."""
    made = Settings(folder=tmp_path)
    accepted(store, made, serial=7)
    return made


@pytest.fixture
def rules(settings: Settings) -> StudioRules:
    return rules_of(settings)


def chased(store: Store, settings: Settings) -> list[str]:
    with register_worker(store) as worker:
        chaser = Chaser(store, settings, rules_of(settings), press_of(settings), None, worker)
        return [each.fate for each in chaser.chase()]


def test_a_correction_is_found_shown_and_exported_with_its_reason(
    store: Store, settings: Settings, rules: StudioRules
) -> None:
    """Who was called by the wrong name is found by the right one; what was before stays in the history."""
    typed = {"patient_name": "Ada Quinn", "patient_phone": "(212) 555-0199", "next_visit_on": "2026-04-20"}
    amend(store, rules, 1, typed, "misread", WHO)
    [exported] = exported_referrals(store)
    assert (exported.referral.patient_name, exported.referral.patient_phone) == ("Ada Quinn", "+12125550199")
    assert [found.id for found in Searcher(store).search("quinn")] == [1]
    assert Searcher(store).search("quill") == []
    [done] = amendments_of(store, 1)
    assert [(change.field, change.before) for change in done.changes] == [
        ("patient_name", "Ada Quill"),
        ("patient_phone", "+12125550142"),
        ("next_visit_on", ""),
    ]
    assert (done.reason, done.by, done.letters) == ("misread", WHO, ())
    assert referral_history(store, 1, WHO).amendments == (done,)
    assert not can_be_withdrawn(store, 1)
    assert verify(store) == []


def test_a_patient_is_found_by_the_date_of_birth_that_was_added(
    store: Store, settings: Settings, rules: StudioRules
) -> None:
    """The caller says their name and when they were born; a day in a diagnosis stays a word of it."""
    amend(store, rules, 1, {"birth_date": "1958-07-04", "diagnosis": "s/p L TKA 9/14"}, "by telephone", WHO)
    [exported] = exported_referrals(store)
    assert str(exported.referral.birth_date) == "1958-07-04"
    for query in ("7/4/58", "7/4/1958", "quill 1958-07-04", "July 4, 1958", "tka 9/14"):
        assert [found.id for found in Searcher(store).search(query)] == [1]
    assert Searcher(store).search("7/5/1958") == []
    with pytest.raises(UsageError, match="birth date: Jul 4, 2126 is still to come"):
        amend(store, rules, 1, {"birth_date": "2126-07-04"}, "misread", WHO)


@pytest.mark.parametrize(
    "typed",
    [{"next_visit_on": "1999-01-01"}, {"next_visit_on": "9999-12-31"}, {"next_visit_on": "0002-01-01"}],
)
def test_a_visit_that_cannot_be_is_no_correction(
    typed: dict[str, str], store: Store, settings: Settings, rules: StudioRules
) -> None:
    """What Review doubts on the slip is not let in by a correction; another field may be corrected all the same."""
    with pytest.raises(UsageError, match=r"next visit on: name a day from .* to 730 days after"):
        amend(store, rules, 1, typed, "misread", WHO)
    amend(store, rules, 1, {"goals": "dance again"}, "misread", WHO)


def test_a_signature_after_the_visit_is_no_correction(store: Store, settings: Settings, rules: StudioRules) -> None:
    """One of the two days is wrong, whichever was typed last."""
    signed = next(iter(exported_referrals(store))).referral.signed_on
    amend(store, rules, 1, {"next_visit_on": signed.isoformat()}, "misread", WHO)
    later = (signed + timedelta(days=1)).isoformat()
    with pytest.raises(UsageError, match="next visit on: name a day from"):
        amend(store, rules, 1, {"signed_on": later}, "misread", WHO)


def test_dates_move_the_follow_ups(store: Store, clock: SetClock, settings: Settings, rules: StudioRules) -> None:
    """A visit read a month too late would have its report come after it."""
    soon = clock.today() + timedelta(days=14)
    finish(store, rules, 1, assessment(on=clock.today().isoformat()), WHO)
    [before] = list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.PROGRESS_REPORT)).follow_ups
    amend(store, rules, 1, {"next_visit_on": soon.isoformat()}, "misread", WHO)
    [report] = list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.PROGRESS_REPORT)).follow_ups
    assert report.due < soon < before.due


def test_letters_out_are_named_and_those_that_wait_say_what_is_right(
    store: Store, clock: SetClock, settings: Settings, rules: StudioRules
) -> None:
    """The thanks went out with the old name; the summary that waits to be read is made again, and read again."""
    add(store, Office(id="northside", name="Northside", address="100 Sample Avenue"), WHO)
    amend(store, rules, 1, {"office": "northside"}, "told on the phone", WHO)
    assert chased(store, settings) == ["ready"]
    batch = actions.print_ready(store, WHO)
    assert batch is not None
    actions.mark_posted(store, rules, batch, WHO)
    finish(store, rules, 1, assessment(on=clock.today().isoformat()), WHO)
    assert chased(store, settings) == ["held"]
    actions.release_all(store, WHO)
    done = amend(store, rules, 1, {"patient_name": "Ada Quinn"}, "misread", WHO)
    assert done.letters == (1,)
    old = actions.letter_pdf(store, 1)
    assert chased(store, settings) == ["held"]
    assert actions.letter_pdf(store, 1) == old
    states = {letter.id: letter.state for letter in actions.letters(store, tuple(LetterState))}
    assert states == {1: LetterState.SENT, 2: LetterState.HELD}
    assert verify(store) == []


def test_a_letter_that_is_being_made_meanwhile_does_not_keep_the_old_name(
    store: Store, settings: Settings, rules: StudioRules
) -> None:
    """Whoever took the letter before the correction brings back the old words: they are dropped."""
    with register_worker(store) as worker:
        lease = next_lease(store, worker, 60)
        assert lease is not None
        letter_id = waiting_letter(store, lease, LetterState.WAITING)
        assert letter_id is not None
        amend(store, rules, 1, {"patient_name": "Ada Quinn"}, "misread", WHO)
        with pytest.raises(LostLeaseError):
            keep_made(store, lease, letter_id, Made(b"%PDF old", Recipient(), "print", "studio.example"))
    assert chased(store, settings) == ["held"]


def test_the_right_number_ends_the_question_to_the_office(store: Store, settings: Settings, rules: StudioRules) -> None:
    """Nobody is asked for what is known, and the call list says that the number is another."""
    [contact] = list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.CONTACT_PATIENT)).follow_ups
    note_call(store, rules, contact.id, CallOutcome.WRONG_NUMBER, WHO)
    assert list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.MISSING_INFORMATION)).total == 1
    amend(store, rules, 1, {"patient_phone": "212-555-0199"}, "from the office", WHO)
    assert list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.MISSING_INFORMATION)).total == 0
    [contact] = list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.CONTACT_PATIENT)).follow_ups
    assert (contact.patient_phone, contact.calls[-1].is_mended) == ("+12125550199", True)


@pytest.mark.parametrize(
    ("typed", "reason", "problem"),
    [
        ({"patient_name": "Ada Quinn"}, " ", "reason: say why"),
        ({"patient_name": "Ada Quill"}, "misread", "Nothing is other"),
        ({"patient_phone": "555-01"}, "misread", "patient phone: write a telephone number"),
        ({"patient_phone": "212 555 0199 x4"}, "misread", "without its extension"),
        ({"patient_name": ""}, "misread", "patient name: write at least 2"),
        ({"signed_on": "soon"}, "misread", "signed on: write a date"),
        (
            {"patient_phone": "12", "patient_name": "", "signed_on": "soon", "office": "nowhere"},
            " ",
            "signed on.*patient phone.*patient name.*no office.*reason: say why",  # all at once
        ),
        ({"signed_on": "2099-01-01"}, "misread", "to come"),
        ({"office": "nowhere"}, "misread", "no office"),
        ({"shoe_size": "9"}, "misread", "shoe_size cannot be corrected"),
    ],
)
def test_what_does_not_fit_changes_nothing(
    typed: dict[str, str], reason: str, problem: str, store: Store, rules: StudioRules
) -> None:
    """Half a correction would be worse than the mistake."""
    before = list(exported_referrals(store))
    with pytest.raises(UsageError, match=problem):
        amend(store, rules, 1, typed, reason, WHO)
    assert list(exported_referrals(store)) == before
    assert amendments_of(store, 1) == ()
