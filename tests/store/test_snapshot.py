"""What is read together is of one moment: files that come in between two statements are no false alarm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.database import Store
from store.intake.ledger.files import Ledger, ledger, totals
from store.review import settle
from store.verify import verify
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken


class Intake:
    """Takes in a file a call: a slip that is accepted, one that waits, and the one that waited before is settled."""

    def __init__(self, store: Store, inbox: Path) -> None:
        self.store, self.inbox, self.files = store, inbox, 0

    def __call__(self) -> None:
        self.files += 1
        first = self.files * 10
        claim = taken(self.store, self.inbox / "scan.pdf", f"scan {self.files}".encode())
        recorded(self.store, claim, slip_reading(serial=first), slip_reading(slip=2, serial=first + 1, sure=False))
        settle.reject(self.store, settle.waiting_items(self.store)[0].id, "kim", "a copy")


@contextmanager
def happening(store: Store, after: int, act: Callable[[], None]) -> Iterator[list[str]]:
    """Do `act` once, right after the statement with that number, from 0; the statements themselves are listed."""
    statements: list[str] = []
    acting = False

    def executed(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal acting
        if acting:
            return
        statements.append(statement)
        if len(statements) == after + 1:
            acting = True
            act()
            acting = False

    sa.event.listen(store.engine, "after_cursor_execute", executed)
    try:
        yield statements
    finally:
        sa.event.remove(store.engine, "after_cursor_execute", executed)


@pytest.fixture
def intake(store: Store, inbox: Path) -> Intake:
    made = Intake(store, inbox)
    made()
    return made


def statements_of(store: Store, act: Callable[[Store], object]) -> int:
    with happening(store, -1, lambda: None) as statements:
        act(store)
    return len(statements)


def test_verify_gives_no_false_alarm_while_files_come_in(store: Store, intake: Intake) -> None:
    """After each of its statements in turn a file is taken in, read and settled: daily alarms are not heard."""
    assert verify(store) == []
    number = statements_of(store, verify)
    assert number >= 10
    for after in range(number):
        with happening(store, after, intake):
            assert verify(store) == []
    assert intake.files == 1 + number


@pytest.mark.parametrize("count", [ledger, totals])
def test_figures_are_all_of_one_moment(count: Callable[[Store], object], store: Store, intake: Intake) -> None:
    """A file that comes in between two of the counts is in all of them or in none."""
    for after in range(statements_of(store, count)):
        before = count(store)
        with happening(store, after, intake):
            seen = count(store)
        assert seen in (before, count(store))
        assert not isinstance(seen, Ledger) or seen.balances


def test_reading_never_waits_for_a_writer(store: Store, intake: Intake) -> None:
    """The snapshot is the database's own: whoever reads neither locks nor is locked out."""
    with store.write() as connection:
        connection.execute(sa.text("UPDATE slip SET version = version"))
        assert ledger(store).seen == 1
