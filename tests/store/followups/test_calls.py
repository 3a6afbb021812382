"""Calls: what came of each is kept with its hour, and nobody is marked as reached who was not."""

from datetime import timedelta
from pathlib import Path

import pytest

from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.followup import CallOutcome, CallsEnded, FollowUpKind, FollowUpPolicy, FollowUpState, LetterKind
from schemas.letter import LetterState
from schemas.office import Office
from store.clock import SetClock
from store.courses.entries import finish
from store.database import Store
from store.directory.offices import add
from store.followups.actions import settle
from store.followups.attempts import SAME_TRY
from store.followups.calls import AFTER_TOLD_DAYS, note_call, reopen, skip, why_calls_ended
from store.followups.listing import FollowUp, FollowUpQuery, count_due_subjects, list_follow_ups
from store.letters.actions import letters
from store.letters.recipients import recipient_of_slip
from store.referrals.amend import amend
from store.referrals.offices import set_office_of_referral
from store.studio_rules import StudioRules
from store.verify import verify
from tests.letter_life import accepted
from tests.schemas.entries import assessment

WHO = "kim"
CONTACT, BOOK = FollowUpKind.CONTACT_PATIENT, FollowUpKind.BOOK_ASSESSMENT


@pytest.fixture
def rules(store: Store, tmp_path: Path) -> StudioRules:
    """A studio that tells the provider after two calls; one referral on record."""
    settings = Settings(folder=tmp_path, follow_ups=FollowUpPolicy(tell_after_calls=2))
    accepted(store, settings, serial=7)
    return rules_of(settings)


def standing(store: Store, *kinds: FollowUpKind, ended: bool = False) -> list[FollowUp]:
    found = list_follow_ups(store, FollowUpQuery(ended=ended)).follow_ups
    return [one for one in found if not kinds or one.kind in kinds]


def call(store: Store, rules: StudioRules, outcome: CallOutcome, note: str = "", kind: FollowUpKind = CONTACT) -> None:
    note_call(store, rules, standing(store, kind)[0].id, outcome, WHO, note)


def kinds_of_letters(store: Store) -> list[tuple[str, LetterState]]:
    return [(letter.kind.value, letter.state) for letter in letters(store, tuple(LetterState))][1:]  # after the thanks


def test_whoever_is_not_reached_is_called_again_and_the_provider_told_once(
    store: Store, clock: SetClock, rules: StudioRules
) -> None:
    """Each try with its hour; the next comes on a business day, and after the letter the provider has a week."""
    call(store, rules, CallOutcome.NO_ANSWER)
    [contact] = standing(store, CONTACT)
    assert (contact.due > clock.today(), contact.state) == (True, FollowUpState.OPEN)
    assert kinds_of_letters(store) == []
    clock.move(timedelta(hours=5))
    call(store, rules, CallOutcome.LEFT_MESSAGE, "with her son")
    [contact] = standing(store, CONTACT)
    assert [(one.outcome, one.note, one.at) for one in contact.calls] == [
        (CallOutcome.NO_ANSWER, "", clock.now() - timedelta(hours=5)),
        (CallOutcome.LEFT_MESSAGE, "with her son", clock.now()),
    ]
    assert contact.due == clock.today() + timedelta(days=AFTER_TOLD_DAYS)
    call(store, rules, CallOutcome.NO_ANSWER)
    assert kinds_of_letters(store) == [("not_reached", LetterState.WAITING)]
    assert verify(store) == []


def test_clicks_within_some_minutes_are_one_try(store: Store, clock: SetClock, rules: StudioRules) -> None:
    """Three clicks in a minute told the provider of three calls; a message left a moment later is the same try."""
    began = clock.now()
    for note in ("", "rang long", "rang long"):
        call(store, rules, CallOutcome.NO_ANSWER, note)
        clock.move(timedelta(seconds=20))
    call(store, rules, CallOutcome.LEFT_MESSAGE, "with her son")
    [contact] = standing(store, CONTACT)
    told = [(one.at, one.outcome, one.note) for one in contact.calls]
    assert told == [(began, CallOutcome.LEFT_MESSAGE, "rang long; with her son")]
    assert kinds_of_letters(store) == []
    clock.move(SAME_TRY)
    call(store, rules, CallOutcome.NO_ANSWER)
    assert len(standing(store, CONTACT)[0].calls) == 2
    assert kinds_of_letters(store) == [("not_reached", LetterState.WAITING)]


def test_a_try_is_taken_back_with_all_that_hung_on_it(store: Store, clock: SetClock, rules: StudioRules) -> None:
    """A wrong button: the call is due today again, and the provider is not told of a try that was none."""
    call(store, rules, CallOutcome.NO_ANSWER)
    clock.move(timedelta(hours=5))
    call(store, rules, CallOutcome.NO_ANSWER)
    [contact] = standing(store, CONTACT)
    reopen(store, rules, contact.id, WHO)
    [contact] = standing(store, CONTACT)
    assert (len(contact.calls), contact.due) == (1, clock.today())
    assert kinds_of_letters(store) == [("not_reached", LetterState.DROPPED)]
    reopen(store, rules, contact.id, WHO)
    assert standing(store, CONTACT)[0].calls == ()
    assert verify(store) == []


def test_an_open_call_says_that_the_office_was_asked_for_the_number(store: Store, rules: StudioRules) -> None:
    """Who does not see it calls the wrong number again, or asks the office a second time."""
    assert standing(store, CONTACT)[0].number_asked_at is None
    call(store, rules, CallOutcome.WRONG_NUMBER)
    assert standing(store, CONTACT)[0].number_asked_at == store.clock.now()
    [question] = standing(store, FollowUpKind.MISSING_INFORMATION)
    settle(store, rules, question.id, FollowUpState.DONE, WHO, "mailed")
    assert standing(store, CONTACT)[0].number_asked_at is not None
    amend(store, rules, 1, {"patient_phone": "(212) 555-0199"}, "told by the office", WHO)
    assert standing(store, CONTACT)[0].number_asked_at is None


def test_a_patient_of_two_referrals_is_due_once(
    store: Store, clock: SetClock, rules: StudioRules, tmp_path: Path
) -> None:
    """The menu said 4 where the page said 5."""
    accepted(store, Settings(folder=tmp_path), serial=8)
    assert len({one.referral_id for one in standing(store, CONTACT)}) == 2
    clock.move(timedelta(days=3))
    assert count_due_subjects(store) == 1


def test_who_is_reached_after_all_needs_no_letter(store: Store, clock: SetClock, rules: StudioRules) -> None:
    """It would tell the provider what is not so any more."""
    for outcome in (CallOutcome.NO_ANSWER, CallOutcome.NO_ANSWER, CallOutcome.REACHED):
        call(store, rules, outcome)
        clock.move(SAME_TRY)
    assert kinds_of_letters(store) == [("not_reached", LetterState.DROPPED)]
    assert standing(store, CONTACT, FollowUpKind.TELL_NOT_REACHED) == []
    assert standing(store, BOOK) != []


def test_a_patient_who_declines_is_not_called_again_and_has_no_reports_due(store: Store, rules: StudioRules) -> None:
    """The course does not begin; the provider hears of it, and nothing else stands."""
    call(store, rules, CallOutcome.DECLINED, "no time")
    assert {one.kind for one in standing(store)} == {FollowUpKind.THANK_PROVIDER, FollowUpKind.TELL_DECLINED}
    assert kinds_of_letters(store) == [("declined", LetterState.WAITING)]
    [contact] = standing(store, CONTACT, ended=True)
    assert (contact.state, contact.calls[0].note) == (FollowUpState.SKIPPED, "no time")


def test_a_wrong_number_is_asked_for_once(store: Store, rules: StudioRules) -> None:
    """With the slip's picture, on which the number is ringed; the call itself stands."""
    call(store, rules, CallOutcome.WRONG_NUMBER)
    call(store, rules, CallOutcome.WRONG_NUMBER)
    assert kinds_of_letters(store) == [("missing_information", LetterState.WAITING)]
    assert len(standing(store, CONTACT)) == 1


def test_a_wrong_number_is_asked_at_the_office_that_was_set_for_the_referral(store: Store, rules: StudioRules) -> None:
    """The slip's own number told of no office: the letter waited for one that had been set long ago."""
    add(store, Office(id="harbor", name="Harbor Chiropractic", address="1 Quay Street, Anytown, NY"), WHO)
    set_office_of_referral(store, 1, "harbor", WHO)
    call(store, rules, CallOutcome.WRONG_NUMBER)
    [asked] = [letter for letter in letters(store) if letter.kind is LetterKind.MISSING_INFORMATION]
    assert recipient_of_slip(store, asked.slip_id or 0).address == "1 Quay Street, Anytown, NY"
    assert (asked.referral_id, asked.office_id) == (1, "harbor")


@pytest.mark.parametrize("outcome", [CallOutcome.REACHED, CallOutcome.DECLINED])
def test_a_call_that_is_done_is_reopened_with_all_that_ended_with_it(
    outcome: CallOutcome, store: Store, rules: StudioRules
) -> None:
    """One wrong button costs nothing: the same follow-ups stand again, and a letter about it is not sent."""
    before = {(one.kind, one.cycle, one.due) for one in standing(store)}
    [contact] = standing(store, CONTACT)
    call(store, rules, outcome)
    reopen(store, rules, contact.id, WHO)
    assert {(one.kind, one.cycle, one.due) for one in standing(store)} == before
    assert all(state is LetterState.DROPPED for _, state in kinds_of_letters(store))
    assert [one.outcome for one in standing(store, CONTACT)[0].calls] == [outcome]
    with pytest.raises(UsageError, match="there is none to take back"):
        reopen(store, rules, contact.id, WHO)


def test_who_changes_their_mind_twice_is_told_of_twice(store: Store, rules: StudioRules) -> None:
    """Declined, reopened, declined: the second letter is a new one, the first was dropped."""
    [contact] = standing(store, CONTACT)
    call(store, rules, CallOutcome.DECLINED)
    reopen(store, rules, contact.id, WHO)
    call(store, rules, CallOutcome.DECLINED)
    assert kinds_of_letters(store) == [("declined", LetterState.DROPPED), ("declined", LetterState.WAITING)]
    assert verify(store) == []


def test_only_calls_are_noted_and_only_those_that_still_make_sense_reopened(
    store: Store, clock: SetClock, rules: StudioRules
) -> None:
    """A thank-you is no call; after the assessment nobody needs to be called."""
    [thanks] = standing(store, FollowUpKind.THANK_PROVIDER)
    with pytest.raises(UsageError, match="is no call"):
        note_call(store, rules, thanks.id, CallOutcome.REACHED, WHO)
    settle(store, rules, thanks.id, FollowUpState.DONE, WHO)
    with pytest.raises(UsageError, match="no call that has ended"):
        reopen(store, rules, thanks.id, WHO)
    [contact] = standing(store, CONTACT)
    call(store, rules, CallOutcome.REACHED)
    finish(store, rules, 1, assessment(on=clock.today().isoformat()), WHO)
    with pytest.raises(UsageError, match="nobody to call"):
        reopen(store, rules, contact.id, WHO)


@pytest.mark.parametrize(
    ("ended", "letter", "why"),
    [
        (CallsEnded.UNREACHABLE, "calls_ended", "not reached"),
        (CallsEnded.DECLINED, "declined", "declined"),
        (CallsEnded.OTHER, "calls_ended", "moved to Ohio"),
        (CallsEnded.TOLD, None, ""),
    ],
)
def test_whoever_gives_the_calls_up_tells_the_provider(
    ended: CallsEnded, letter: str | None, why: str, store: Store, rules: StudioRules
) -> None:
    """A provider who is not told believes that their patient trains; reopened, nothing was."""
    call(store, rules, CallOutcome.NO_ANSWER)
    number = standing(store, CONTACT)[0].id
    skip(store, rules, number, WHO, "moved to Ohio", ended)
    assert [kind for kind, _ in kinds_of_letters(store)] == ([letter] if letter else [])
    assert why_calls_ended(store, 1) == why
    if letter:
        assert standing(store, CONTACT, BOOK, FollowUpKind.ASSESS_PATIENT) == []
        reopen(store, rules, number, WHO)
        assert {one.kind for one in standing(store, CONTACT, BOOK)} == {CONTACT, BOOK}
        assert kinds_of_letters(store) == [(letter, LetterState.DROPPED)]
        assert not why_calls_ended(store, 1)
    assert verify(store) == []


def test_calls_do_not_end_without_a_word_why(store: Store, rules: StudioRules) -> None:
    """Nobody is unreachable who was never called, and "other" says what the provider is to read."""
    number = standing(store, CONTACT)[0].id
    with pytest.raises(UsageError, match="Say why the calls end"):
        skip(store, rules, number, WHO, "moved away")
    with pytest.raises(UsageError, match="No call is noted yet"):
        skip(store, rules, number, WHO, "", CallsEnded.UNREACHABLE)
    with pytest.raises(UsageError, match="the letter to the provider says it"):
        skip(store, rules, number, WHO, " ", CallsEnded.OTHER)
    with pytest.raises(UsageError, match="reason"):
        skip(store, rules, number, WHO, "", CallsEnded.TOLD)
    assert {one.kind for one in standing(store, CONTACT, BOOK)} == {CONTACT, BOOK}
