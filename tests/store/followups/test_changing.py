"""Whoever changes a follow-up's days or state changes its hash with it, and nothing else in refpad does."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.followup import FollowUpKind
from store.database import Store
from store.followups.actions import postpone
from store.followups.changing import change_follow_up
from store.tables import follow_up
from store.tables.followups import HASHED
from store.verify import verify
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken

ROOT = Path(__file__).parents[3]
ROOMS = ("store", "refpad", "flows", "web", "followup", "bench")


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path) -> None:
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading())


def number_of(store: Store, kind: FollowUpKind) -> int:
    with store.read() as connection:
        return connection.execute(sa.select(follow_up.c.id).where(follow_up.c.kind == kind)).scalar_one()


def test_a_change_keeps_what_verify_looks_for(store: Store) -> None:
    """A false alarm each day is soon not heard."""
    number = number_of(store, FollowUpKind.CONTACT_PATIENT)
    postpone(store, number, store.clock.today() + timedelta(days=9), "kim")
    with store.write() as connection:
        assert change_follow_up(connection, number, {"state": "failed", "note": "no paper"}, standing=True)
        over = {"state": "done", "ended_on": store.clock.today(), "generation": follow_up.c.generation + 1}
        assert change_follow_up(connection, number, over)
        assert not change_follow_up(connection, number, {"state": "open"}, standing=True)
        assert not change_follow_up(connection, number + 100, {"state": "open"})
    assert verify(store) == []


def test_a_day_that_was_moved_behind_refpad_is_named_by_its_number(store: Store) -> None:
    """A call that is never due is a patient who is never called."""
    number = number_of(store, FollowUpKind.CONTACT_PATIENT)
    with store.write() as connection:
        connection.execute(follow_up.update().where(follow_up.c.id == number).values(due=sa.text("'2036-03-04'")))
    assert [problem.subject for problem in verify(store)] == [f"follow-up {number}"]


def test_no_other_module_changes_what_is_hashed() -> None:
    """A change beside this one would be taken for damage, on each day from then on."""
    others = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in others
        if path.name != "changing.py"
        for line in changes_of_hashed(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


def changes_of_hashed(tree: ast.Module) -> Iterator[int]:
    """The lines with `follow_up.update()…values(…)` that name a hashed column, or values that cannot be seen here."""
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and ast.unparse(call.func).startswith("follow_up.update()")):
            continue
        if not ast.unparse(call.func).endswith(".values"):
            continue
        named = {keyword.arg for keyword in call.keywords}
        if call.args or named & set(HASHED):
            yield call.lineno
