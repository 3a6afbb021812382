"""Letters from the record: each says what the record says, and is looked at before it is kept."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from followup.letters import LetterWriter, text_of
from pads.adopt.draft_design import write_draft
from pads.simulate.foreign_form import foreign_blank, foreign_design
from refpad.services.course_entries import enter_for_good
from refpad.services.letters.chase import chase_all
from refpad.services.letters.letters import letter_of_follow_up, office_letter
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.course import entry_of
from schemas.errors import UsageError
from schemas.followup import CallOutcome, CallsEnded, FollowUpKind, FollowUpState, LetterKind
from schemas.letter import (
    Declined,
    DischargeSummary,
    LetterState,
    MissingInformation,
    PadCover,
    Prefers,
    ProgressReport,
    ThankYou,
)
from schemas.office import Office
from store.clock import SetClock
from store.courses.courses import course
from store.courses.entries import finish
from store.courses.session_log import book
from store.database import Store, open_store
from store.directory.offices import add, reserve_serials
from store.followups.actions import postpone, settle
from store.followups.calls import note_call, skip
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.followups.missing_information import ask_office
from store.letters.actions import letters as list_letters
from store.review.settle import reject
from tests.letter_life import accepted, in_doubt
from tests.schemas.entries import assessment, discharge, progress

WHO = "kim"
NOW = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
NORTHSIDE = Office(
    id="northside",
    name="Northside Family Practice",
    contact="Pat Moss",
    address="100 Sample Avenue, Anytown, NY",
    fax="(212) 555-0101",
    prefers=Prefers.FAX,
)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW, "America/New_York")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path / "data")


@pytest.fixture
def store(settings: Settings, clock: SetClock) -> Iterator[Store]:
    """A studio with one office that holds slips 1 to 50, of which slip 7 is a referral of 3 March."""
    opened = open_store(settings.url, settings.store_folder, clock)
    add(opened, NORTHSIDE, WHO)
    reserve_serials(opened, "northside", "met", 1, 50)
    accepted(opened, settings, serial=7)
    yield opened
    opened.close()


def task_of(store: Store, kind: FollowUpKind) -> int:
    return next(task.id for task in list_follow_ups(store, FollowUpQuery(kind=kind)).follow_ups)


def test_the_thanks_say_what_was_read_and_what_happens_when(store: Store, settings: Settings) -> None:
    """Boxes as they are printed on the pad, days as the rules give them, to the office that holds the pad."""
    letter = letter_of_follow_up(store, settings, rules_of(settings), task_of(store, FollowUpKind.THANK_PROVIDER))
    assert isinstance(letter, ThankYou)
    assert (letter.to.person, letter.to.office, letter.to.prefers) == ("Dr. B. Fenn", NORTHSIDE.name, Prefers.FAX)
    assert letter.conditions == ("Back or neck pain",)
    assert (letter.call_by, letter.book_by) == (date(2026, 3, 4), date(2026, 3, 10))


def test_thanks_tell_what_has_happened_by_their_day(store: Store, settings: Settings, clock: SetClock) -> None:
    """A call that was made is not announced, nor a day that is over; what ended has no next step."""
    rules, thanks = rules_of(settings), task_of(store, FollowUpKind.THANK_PROVIDER)

    def said() -> str:
        return text_of(LetterWriter(settings.studio).html(letter_of_follow_up(store, settings, rules, thanks)))

    assert "We call Ada Quill by Mar 4, 2026." in said()
    clock.move(timedelta(days=2))
    assert "We call Ada Quill by Mar 5, 2026." in said()
    note_call(store, rules, task_of(store, FollowUpKind.CONTACT_PATIENT), CallOutcome.NO_ANSWER, WHO)
    assert "We called Ada Quill on Mar 5, 2026, have not reached them yet, and call again." in said()
    note_call(store, rules, task_of(store, FollowUpKind.CONTACT_PATIENT), CallOutcome.REACHED, WHO)
    assert "We reached Ada Quill by telephone on Mar 5, 2026." in said()
    book(store, rules, 1, date(2026, 3, 9), WHO)
    assert "Ada Quill has an appointment on Mar 9, 2026 for the initial assessment" in said()
    clock.move(timedelta(days=4))
    finish(store, rules, 1, assessment(), WHO)
    assert "The initial assessment took place on Mar 9, 2026" in said()
    assert "We call" not in said()


def test_thanks_that_wait_are_made_anew_when_a_call_is_noted(store: Store, settings: Settings) -> None:
    """On paper they lie until somebody prints them: by then the call may be over, and nothing may come of it."""
    rules, [thanks] = rules_of(settings), list_letters(store)
    list(chase_all(store, settings))
    assert list_letters(store)[0].state in (LetterState.READY, LetterState.HELD)
    skip(store, rules, task_of(store, FollowUpKind.CONTACT_PATIENT), WHO, "moved to Ohio", CallsEnded.OTHER)
    assert list_letters(store)[0].state is LetterState.WAITING
    letter = letter_of_follow_up(store, settings, rules, thanks.follow_up_id)
    assert "they do not begin with us now" in text_of(LetterWriter(settings.studio).html(letter))
    told = letter_of_follow_up(store, settings, rules, task_of(store, FollowUpKind.TELL_ENDED))
    assert "moved to Ohio" in text_of(LetterWriter(settings.studio).html(told))


def test_a_report_fills_itself_from_what_was_entered(store: Store, settings: Settings, clock: SetClock) -> None:
    """Initial findings, plan and goals of the assessment; values of each measure since."""
    clock.move(timedelta(days=60))
    enter_for_good(store, settings, 1, assessment(on="2026-03-09"), WHO)
    first = enter_for_good(store, settings, 1, progress(on="2026-04-02", goals=[]), WHO)
    assert first.follow_up_id is not None
    settle(store, rules_of(settings), first.follow_up_id, FollowUpState.DONE, WHO)
    second = enter_for_good(store, settings, 1, progress(on="2026-05-01"), WHO)
    letter = letter_of_follow_up(store, settings, rules_of(settings), int(second.follow_up_id or 0))
    assert isinstance(letter, ProgressReport)
    assert letter.number == 2
    assert letter.plan == letter.assessment.plan
    flexion = letter.trends[0]
    assert [(point.on, point.value) for point in flexion.points] == [
        (date(2026, 3, 9), 94),
        (date(2026, 4, 2), 108),
        (date(2026, 5, 1), 108),
    ]
    earlier = letter_of_follow_up(store, settings, rules_of(settings), first.follow_up_id)
    assert isinstance(earlier, ProgressReport)
    assert earlier.number == 1
    assert [goal.text for goal in earlier.goals] == [goal.text for goal in letter.assessment.goals]


def test_a_letter_that_is_put_off_still_says_on_which_day_the_patient_declined(
    store: Store, settings: Settings, clock: SetClock
) -> None:
    """The day that it was put off to stood there: nobody had called the patient on it."""
    rules = rules_of(settings)
    note_call(store, rules, task_of(store, FollowUpKind.CONTACT_PATIENT), CallOutcome.DECLINED, WHO)
    number = task_of(store, FollowUpKind.TELL_DECLINED)
    postpone(store, number, date(2026, 3, 20), WHO)
    letter = letter_of_follow_up(store, settings, rules, number)
    assert isinstance(letter, Declined)
    assert letter.declined_on == clock.today() == date(2026, 3, 3)


def test_a_course_that_never_began_has_its_end_told(store: Store, settings: Settings) -> None:
    """A provider who hears nothing sends no other patient."""
    ended = discharge(on="2026-03-03", outcome="declined", measures=[], goals=[], summary="Decided against it.")
    kept = enter_for_good(store, settings, 1, ended, WHO)
    letter = letter_of_follow_up(store, settings, rules_of(settings), int(kept.follow_up_id or 0))
    assert isinstance(letter, DischargeSummary)
    assert letter.assessment is None
    assert "has decided against the course" in text_of(LetterWriter(settings.studio).html(letter))


def test_a_task_without_words_has_no_letter(store: Store, settings: Settings) -> None:
    """The report is due, and nobody has entered progress: the machine does not make it up."""
    enter_for_good(store, settings, 1, assessment(on="2026-03-03"), WHO)
    with pytest.raises(UsageError, match="no letter yet"):
        letter_of_follow_up(store, settings, rules_of(settings), task_of(store, FollowUpKind.PROGRESS_REPORT))


def test_what_does_not_fit_on_a_page_is_not_kept(store: Store, settings: Settings) -> None:
    """Found when it is due to be sent it would be nobody's work."""
    long = assessment(on="2026-03-03", observed={"function": "word " * 160, "strength": "word " * 160})
    with pytest.raises(UsageError, match="lines too long"):
        enter_for_good(store, settings, 1, {**long, "plan": {**long["plan"], "exercises": ["step " * 25] * 12}}, WHO)
    assert course(store, 1).entries == ()


def test_an_office_is_shown_what_is_missing_on_its_slip(store: Store, settings: Settings) -> None:
    """The slip's own picture, the office whose pad it is, and the fields in doubt when none are named."""
    slip_id = in_doubt(store, settings, serial=8)
    task = ask_office(store, rules_of(settings), slip_id, ["patient_phone", "signature"], WHO)
    letter = letter_of_follow_up(store, settings, rules_of(settings), task)
    assert isinstance(letter, MissingInformation)
    assert letter.to.office == NORTHSIDE.name
    assert [field.label for field in letter.fields] == ["Phone", "Signature"]
    with pytest.raises(UsageError, match="already"):
        ask_office(store, rules_of(settings), slip_id, None, WHO)
    reject(store, f"s{slip_id}", WHO, "a copy")
    assert list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.MISSING_INFORMATION)).total == 0
    with pytest.raises(UsageError, match="does not wait"):
        ask_office(store, rules_of(settings), slip_id, None, WHO)


def test_the_fields_in_doubt_are_asked_for_when_none_are_named(store: Store, settings: Settings) -> None:
    """The reviewer has seen the slip; the findings say what is wrong with it."""
    slip_id = in_doubt(store, settings, serial=8)
    task = ask_office(store, rules_of(settings), slip_id, None, WHO)
    letter = letter_of_follow_up(store, settings, rules_of(settings), task)
    assert isinstance(letter, MissingInformation)
    assert [field.is_signature for field in letter.fields] == [True]


@pytest.mark.parametrize("kind", [LetterKind.KEEP_IN_TOUCH, LetterKind.HOW_TO_REFER, LetterKind.PAD_COVER])
def test_letters_to_an_office_name_no_patient(kind: LetterKind, store: Store, settings: Settings) -> None:
    """They lie open on a front desk."""
    letter = office_letter(store, settings, kind, "northside")
    said = text_of(LetterWriter(settings.studio).html(letter))
    assert "Pat Moss" in said
    assert "Quill" not in said


@pytest.mark.parametrize("kind", [LetterKind.KEEP_IN_TOUCH, LetterKind.HOW_TO_REFER, LetterKind.PAD_COVER])
def test_letters_to_an_office_outlive_the_pads_that_it_has(kind: LetterKind, store: Store, settings: Settings) -> None:
    """A design may be taken away while its slips lie at offices, and forms of others come first in no letter."""
    reserve_serials(store, "northside", "old", 1, 50)
    settings.designs.mkdir(parents=True)
    write_draft(settings.designs, "lake", "Lakeside", foreign_blank(200), foreign_design().fields, ())
    said = text_of(LetterWriter(settings.studio).html(office_letter(store, settings, kind, "northside")))
    assert ("old-1" in said) == (kind is LetterKind.PAD_COVER)


def test_a_letter_tells_of_the_pad_that_is_asked_for(store: Store, settings: Settings) -> None:
    """By its name or by its edition; one that there is not is told."""
    reserve_serials(store, "northside", "post", 1, 20)
    for pad in ("post", "post-1"):
        letter = office_letter(store, settings, LetterKind.PAD_COVER, "northside", pad)
        assert isinstance(letter, PadCover)
        assert [each.last for each in letter.pads] == [20]
    with pytest.raises(UsageError, match='no pad design "past"'):
        office_letter(store, settings, LetterKind.PAD_COVER, "northside", "past")


def test_a_report_reads_back_as_it_was_entered(store: Store, settings: Settings) -> None:
    """What the page shows for correction is what was typed."""
    kept = finish(store, rules_of(settings), 1, assessment(on="2026-03-03"), WHO)
    assert kept.entry() == entry_of(kept.content)
