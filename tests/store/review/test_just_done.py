"""What somebody did last can be undone for some seconds, by that person."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.followup import CallOutcome, FollowUpKind, FollowUpState
from schemas.letter import LetterState
from schemas.reasons import FindingCode
from store.clock import SetClock
from store.database import Store
from store.followups.actions import settle
from store.followups.calls import note_call, reopen
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.followups.missing_information import ask_office, asked_about, asked_offices
from store.followups.outbox import states_of
from store.intake.set_aside import bring_back
from store.referrals.referrals import UNDO_S
from store.review.corrections import Corrections
from store.review.duplicates import SAME_REASONS, keep_instead, make_second, set_aside
from store.review.just_done import just_done
from store.review.queue import waiting_list
from store.review.settle import accept, reject
from store.review.withdraw import withdraw
from store.studio_rules import StudioRules
from store.verify import verify
from tests.audit import audit_lines
from tests.letter_life import accepted, in_doubt
from tests.store.helpers import in_review

WHO = "kim"


@pytest.fixture
def rules(store: Store, tmp_path: Path) -> StudioRules:
    """One referral on record, and slip s2 in doubt."""
    settings = Settings(folder=tmp_path)
    accepted(store, settings, serial=7)
    in_doubt(store, settings, serial=8)
    return rules_of(settings)


def told(store: Store, who: str = WHO) -> tuple[str, str | int] | None:
    done = just_done(store, who)
    return (done.what, done.item or done.number) if done else None


def test_a_rejected_slip_can_be_brought_back_for_some_seconds(
    store: Store, clock: SetClock, rules: StudioRules
) -> None:
    """X and Enter on the wrong slip; whoever else is at the desk is offered nothing."""
    reject(store, "s2", WHO, "not for us")
    assert (told(store), told(store, "lee")) == (("rejected", "s2"), None)
    clock.move(timedelta(seconds=UNDO_S))
    assert told(store) is None


def test_what_was_undone_is_not_offered_again(store: Store, rules: StudioRules) -> None:
    """The second click would undo what nobody did."""
    reject(store, "s2", WHO, "not for us")
    bring_back(store, "s2", WHO)
    assert told(store) is None
    [call] = list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.CONTACT_PATIENT)).follow_ups
    note_call(store, rules, call.id, CallOutcome.NO_ANSWER, WHO)
    assert told(store) == ("called", call.id)
    reopen(store, rules, call.id, WHO)
    assert told(store) is None


def test_of_several_acts_the_last_one_is_undone(store: Store, rules: StudioRules, tmp_path: Path) -> None:
    """Whoever accepts a slip and rejects the next means the rejected one with U, not the one before."""
    accept(store, rules, "s2", WHO, Corrections(values={"signature": "present"}))
    assert told(store) == ("accepted", "s2")
    in_doubt(store, Settings(folder=tmp_path), serial=9)
    reject(store, "s3", WHO, "not for us")
    assert told(store) == ("rejected", "s3")
    bring_back(store, "s3", WHO)
    assert told(store) == ("accepted", "s2")


@pytest.mark.parametrize(("put_away", "settled"), [(set_aside, "s2"), (keep_instead, "s1")])
def test_a_slip_set_aside_as_a_duplicate_can_be_brought_back(
    put_away: Callable[..., int], settled: str, store: Store, inbox: Path
) -> None:
    """Both wait again, and the later is in doubt as before, whichever was set aside; the audit has both acts."""
    in_review(store, inbox, serial=None)
    in_review(store, inbox, b"again", serial=None)
    put_away(store, "s2", WHO, SAME_REASONS[0])
    assert told(store) == ("set_aside", settled)
    bring_back(store, settled, WHO)
    assert told(store) is None
    assert [item.item for item in waiting_list(store)] == ["s1", "s2"]
    assert [item.item for item in waiting_list(store, FindingCode.POSSIBLE_DUPLICATE)] == ["s2"]
    assert [(line["what"], line["subject"]) for line in audit_lines(store)[-2:]] == [
        ("duplicate", f"slip {settled[1:]}"),
        ("bring_back", f"slip {settled[1:]}"),
    ]
    assert verify(store) == []


def test_a_slip_called_a_new_referral_offers_nothing(store: Store, inbox: Path) -> None:
    """It waits on, and was not set aside."""
    in_review(store, inbox, serial=None)
    in_review(store, inbox, b"again", serial=None)
    make_second(store, "s2", WHO, "another complaint")
    assert told(store) is None


def test_a_call_that_reached_somebody_is_reopened_on_its_page(store: Store, rules: StudioRules) -> None:
    """More than a try hangs on it."""
    [call] = list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.CONTACT_PATIENT)).follow_ups
    note_call(store, rules, call.id, CallOutcome.REACHED, WHO)
    assert told(store) is None


def test_what_the_office_was_asked_stands_again_when_the_slip_is_settled_no_more(
    store: Store, rules: StudioRules
) -> None:
    """Its letter, of which nothing had left, is made anew; one that is out has asked, and no second one is written."""
    ask_office(store, rules, 2, ["signature"], WHO)
    reject(store, "s2", WHO, "not for us")
    assert asked_about(store, 2) is None
    bring_back(store, "s2", WHO)
    asked = asked_about(store, 2)
    assert asked is not None
    assert (asked.fields, asked.is_sent) == (("signature",), False)
    assert letter_states(store, asked.follow_up_id) == [LetterState.WAITING]
    accept(store, rules, "s2", WHO, Corrections(values={"signature": "present"}))
    withdraw(store, 2, WHO)
    assert asked_about(store, 2) == asked
    [question] = list_follow_ups(store, FollowUpQuery(kind=FollowUpKind.MISSING_INFORMATION)).follow_ups
    settle(store, rules, question.id, FollowUpState.DONE, WHO, "asked by telephone")
    reject(store, "s2", WHO, "not for us")
    bring_back(store, "s2", WHO)
    out = asked_about(store, 2)
    assert out is not None
    assert out.is_sent
    assert LetterState.WAITING not in letter_states(store, out.follow_up_id)
    assert verify(store) == []


def letter_states(store: Store, follow_up_id: int) -> list[LetterState]:
    with store.read() as connection:
        return sorted(states_of(connection, follow_up_id))


def test_what_offices_were_asked_is_found_without_going_through_all_follow_ups(
    store: Store, rules: StudioRules
) -> None:
    """Each slip asks twice, and its page took four times as long with 100,000 referrals as with 5,000."""
    ask_office(store, rules, 2, ["signature"], WHO)
    asked: list[str] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert asked_about(store, 2) is not None
    assert list(asked_offices(store)) == [2]
    if store.engine.dialect.name == "sqlite":
        questions = [said for said in asked if "follow_up.asked" in said]
        with store.read() as connection:
            for said in questions:
                values = tuple([1] * said.count("?"))
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values).all()
                assert not any("SCAN follow_up" in row.detail for row in plan), plan
        assert len(questions) == 2
