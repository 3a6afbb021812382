"""What people do with letters: counted in full, released by name, and never more of them than were named."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.errors import UsageError
from schemas.letter import LetterState, Recipient
from store import audit
from store.database import Store
from store.followups.missing_information import ask_office
from store.history import referral_history
from store.intake.set_aside import count_aside, unsettled_files
from store.letters import actions
from store.letters.leases import next_lease
from store.letters.sending import Made, keep_made
from store.tables import file, occurrence, outbox
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import LEASE_S, in_review, recorded, slip_number, taken

HELD, FAILED, READY = LetterState.HELD, LetterState.FAILED, LetterState.READY


def write_letters(store: Store, **numbers: int) -> None:
    """So many more letters of follow-up 1 in each state."""
    with store.write() as connection:
        after = connection.execute(sa.select(sa.func.max(outbox.c.cycle))).scalar() or 0
        states = [state for state, number in numbers.items() for _ in range(number)]
        rows = [
            {"follow_up_id": 1, "kind": "thank_you", "cycle": cycle, "state": state, "written_at": store.clock.now()}
            for cycle, state in enumerate(states, after + 1)
        ]
        connection.execute(outbox.insert(), rows)


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path) -> None:
    """One referral, without its first letter."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading())
    with store.write() as connection:
        connection.execute(outbox.delete())


def test_all_letters_are_counted_however_many_a_page_shows(store: Store) -> None:
    """120 that wait to be read and 30 that failed are not 100 and none."""
    write_letters(store, held=120, failed=30, sent=7)
    counts = actions.letter_counts(store)
    assert (counts[HELD], counts[FAILED], counts[LetterState.SENT], counts[READY]) == (120, 30, 7, 0)
    assert set(counts) == set(LetterState)
    assert len(actions.letters(store)) == actions.PAGE


def test_files_set_aside_are_counted_however_many_the_list_shows(store: Store) -> None:
    """Whoever sees 100 believes that the next hundred is no more than that."""
    when = store.clock.now()
    with store.write() as connection:
        for number in range(2, 132):
            told = {"sha256": str(number), "size_bytes": 1, "received_on": when.date(), "state": "set_aside"}
            connection.execute(file.insert().values(id=number, reason="empty", message="It is empty.", **told))
            seen = {"fingerprint": str(number), "name": b"scan.pdf", "name_shown": "scan.pdf", "seen_at": when}
            connection.execute(occurrence.insert().values(file_id=number, state="taken", **seen))
    assert (count_aside(store).files, count_aside(store).rejected) == (130, 0)
    assert len(unsettled_files(store)) == 100


def nothing_released(store: Store) -> object:
    return actions.release(store, [], "kim")


def nothing_listed(store: Store) -> object:
    return len(actions.letters(store, []))


def nothing_told(store: Store) -> object:
    return len(audit.lines_about(store, []))


@pytest.mark.parametrize("act", [nothing_released, nothing_listed, nothing_told])
def test_an_empty_selection_selects_nothing(act: Callable[[Store], object], store: Store) -> None:
    """A form with no box ticked must not act on everything."""
    write_letters(store, held=3)
    assert act(store) == 0
    assert actions.letter_counts(store)[HELD] == 3


def test_an_office_is_asked_for_nothing_only_when_nothing_is_named(store: Store, inbox: Path) -> None:
    """No field ticked is a mistake; to ask for all that is in doubt has to be said."""
    number = slip_number(in_review(store, inbox, b"another scan", serial=9))
    with pytest.raises(UsageError, match="Name 1 to"):
        ask_office(store, example_rules(), number, [], "kim")
    assert ask_office(store, example_rules(), number, None, "kim") > 0


def test_all_held_letters_go_when_somebody_says_all(store: Store) -> None:
    """Each with its line in the audit; what is not held stays where it is."""
    write_letters(store, held=120, failed=2)
    assert actions.release_all(store, "kim") == 120
    counts = actions.letter_counts(store)
    assert (counts[HELD], counts[READY], counts[FAILED]) == (0, 120, 2)
    assert [line["what"] for line in audit_lines(store)].count("release") == 120


def test_letters_that_are_named_go_together_or_not_at_all(store: Store) -> None:
    """One of them is not held any more: somebody else was at them, so look again."""
    write_letters(store, held=2, failed=1)
    first, second, failed = (letter.id for letter in actions.letters(store))
    with pytest.raises(UsageError, match="Not all of these letters are held"):
        actions.release(store, [first, failed], "kim")
    assert actions.release(store, [first], "kim") == 1
    assert [letter.id for letter in actions.letters(store, [HELD])] == [second]


def rewritten(store: Store, *letters: int) -> None:
    """Held again: PostgreSQL keeps what was changed behind all others, and gives it so unless an order is asked for."""
    with store.write() as connection:
        for letter, state in itertools.product(letters, (FAILED, HELD)):
            connection.execute(outbox.update().where(outbox.c.id == letter).values(state=state))


def test_several_letters_are_acted_on_in_their_own_order(store: Store) -> None:
    """In the audit, and in the story of what came of them, as the list on the page has them: whoever compares finds."""
    write_letters(store, held=3)
    first, second, third = (letter.id for letter in actions.letters(store))
    rewritten(store, second, first)
    actions.release_all(store, "kim")
    told = [line["subject"] for line in audit_lines(store) if line["what"] == "release"]
    assert told == [f"letter {letter}" for letter in (first, second, third)]


def test_of_several_letters_that_cannot_go_the_first_is_named(store: Store) -> None:
    """With the next press it is the next one, and not one of any."""
    write_letters(store, held=3)
    first, second, _ = (letter.id for letter in actions.letters(store))
    with store.write() as connection:
        connection.execute(outbox.update().values(channel="print", recipient={"office": "Northside"}))
    rewritten(store, second, first)
    with pytest.raises(UsageError, match=f"where letter {first} goes"):
        actions.release(store, [first, second], "kim")


def test_what_was_done_with_letters_is_in_the_referrals_story(store: Store) -> None:
    """Whoever asks in a year who released a letter, or what became of it, finds it with everything else."""
    rules = example_rules()
    write_letters(store, waiting=1, held=4)
    with store.write() as connection:
        connection.execute(outbox.update().values(channel="print"))
    lease = next_lease(store, "worker", LEASE_S)
    assert lease is not None
    made = Made(b"%PDF", Recipient(person="", office=""), "print", "studio.example", held_why="Read it first.")
    waiting, released, settled, dropped, again = (letter.id for letter in actions.letters(store))
    keep_made(store, lease, waiting, made)
    actions.release(store, [released, again, settled], "kim")
    assert actions.print_ready(store, "kim") == 1
    actions.settle_letter(store, rules, again, "again", "lee")
    actions.settle_letter(store, rules, dropped, "drop", "lee")
    actions.settle_letter(store, rules, settled, "sent", "lee")
    actions.mark_posted(store, rules, 1, "kim")
    acts = {(act["who"], act["what"], act["subject"]) for act in referral_history(store, 1, "kim").acts}
    assert acts >= {
        ("machine", "hold", f"letter {waiting}"),
        ("kim", "release", f"letter {released}"),
        ("kim", "print", "batch 1"),
        ("kim", "posted", "batch 1"),
        ("lee", "letter_sent", f"letter {settled}"),
        ("lee", "letter_drop", f"letter {dropped}"),
        ("lee", "letter_again", f"letter {again}"),
    }


def test_a_batch_stays_in_the_story_of_a_letter_that_left_it(store: Store) -> None:
    """It lay in that pile of paper, whatever was decided afterwards."""
    write_letters(store, ready=1)
    with store.write() as connection:
        connection.execute(outbox.update().values(channel="print"))
    actions.print_ready(store, "kim")
    [letter] = actions.letters(store)
    actions.settle_letter(store, example_rules(), letter.id, "again", "kim")
    assert ("print", "batch 1") in {(act["what"], act["subject"]) for act in referral_history(store, 1, "kim").acts}
