"""The anchor tells a record whose audit was cut, emptied, rewritten or edited from one that was not."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from store import audit
from store.anchor.anchor import Anchor, Head, key_path, read_key
from store.anchor.installation import last_line
from store.clock import SetClock
from store.database import AUDIT_ANCHOR, Store, open_store
from store.letters.restore_guard import acknowledge, check_restored
from store.tables import audit as lines
from store.verify import verify
from tests.audit import without_triggers

DEEDS = ("view", "edit", "accept", "export", "view")


@pytest.fixture
def state_folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def store(url: str, tmp_path: Path, clock: SetClock, state_folder: Path) -> Store:
    opened = open_store(url, tmp_path / "store", clock, state_folder)
    for number, deed in enumerate(DEEDS, start=1):
        audit.write(opened, "kim", deed, f"slip {number}")
    return opened


def cut(store: Store, _: Path) -> None:
    """The last two lines."""
    with without_triggers(store) as connection:
        connection.execute(lines.delete().where(lines.c.id > len(DEEDS) - 2))


def cut_the_last(store: Store, _: Path) -> None:
    with without_triggers(store) as connection:
        connection.execute(lines.delete().where(lines.c.id == len(DEEDS)))


def emptied(store: Store, _: Path) -> None:
    with without_triggers(store) as connection:
        connection.execute(lines.delete())


def edited(store: Store, _: Path) -> None:
    with without_triggers(store) as connection:
        connection.execute(lines.update().where(lines.c.id == 2).values(who="sam"))


def removed_within(store: Store, _: Path) -> None:
    with without_triggers(store) as connection:
        connection.execute(lines.delete().where(lines.c.id == 3))


def rewritten(store: Store, _: Path) -> None:
    """From the first line to the last, by one who knows the method but not the key: a chain without keys."""
    _write_anew(store, None)


def rewritten_with_another_key(store: Store, state_folder: Path) -> None:
    """With a key of one's own, which `key_id` names."""
    assert store.anchor is not None
    _write_anew(store, replace(store.anchor, folder=state_folder, key=b"x" * 32))


def _write_anew(store: Store, anchor: Anchor | None) -> None:
    with without_triggers(store) as connection:
        connection.execute(lines.delete())
        connection.execution_options(**{AUDIT_ANCHOR: anchor})
        for number, deed in enumerate(DEEDS, start=1):
            audit.append(connection, store.clock.now(), "sam", deed, f"slip {number}")


ATTACKS: tuple[Callable[[Store, Path], None], ...] = (
    cut,
    cut_the_last,
    emptied,
    edited,
    removed_within,
    rewritten,
    rewritten_with_another_key,
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_done_to_the_audit_behind_the_key_is_found(
    store: Store, state_folder: Path, attack: Callable[[Store, Path], None]
) -> None:
    """By somebody who may write to the whole database, and knows how the chain is made."""
    assert verify(store) == []
    attack(store, state_folder)
    assert [problem for problem in verify(store) if problem.subject.startswith("audit")]
    store.close()


def test_the_head_moves_with_each_line_and_stays_behind_what_was_undone(store: Store) -> None:
    """An anchor that led the record would take every power cut for a restore."""
    assert store.anchor is not None
    head = store.anchor.read()
    assert head is not None
    assert head.line == len(DEEDS)
    with pytest.raises(RuntimeError):
        undone(store)
    assert store.anchor.read() == head
    with store.write() as connection:
        connection.execute(lines.select())
    assert store.anchor.read() == head


def undone(store: Store) -> None:
    with store.write() as connection:
        audit.append(connection, store.clock.now(), "kim", "view", "slip 9")
        raise RuntimeError


def test_a_head_that_was_not_written_with_the_key_is_none(store: Store) -> None:
    """Whoever reaches the anchor, but not the key, cannot move it either."""
    assert store.anchor is not None
    content = json.loads(store.anchor.path.read_bytes())
    store.anchor.path.write_text(json.dumps({**content, "line": 2}))
    assert store.anchor.read() is None
    assert "anchor is gone" in " ".join(problem.message for problem in verify(store))


def test_the_head_never_moves_back(store: Store) -> None:
    """Two processes may commit one after the other, and write the anchor in the other order."""
    assert store.anchor is not None
    head = store.anchor.read()
    store.anchor.advance(2, "0" * 64)
    assert store.anchor.read() == head


def test_a_disk_that_takes_nothing_stops_no_work(store: Store) -> None:
    """The line is committed by then: an error would say that it was not."""
    assert store.anchor is not None
    store.anchor.path.unlink()
    store.anchor.path.mkdir()
    audit.write(store, "kim", "view", "slip 9")
    with store.read() as connection:
        assert last_line(connection)[0] == len(DEEDS) + 1


def test_another_head_may_be_begun_and_the_key_stays(store: Store) -> None:
    """After a restore the record goes on from an older line."""
    assert store.anchor is not None
    store.anchor.begin(Head(1, "f" * 64, 1))
    assert store.anchor.read() == Head(1, "f" * 64, 1)
    assert read_key(key_path(store.anchor.folder, store.anchor.installation)) == store.anchor.key


def test_key_and_anchor_are_for_their_owner_alone(store: Store, state_folder: Path) -> None:
    """Who has the key can write an audit that holds together."""
    assert {path.stat().st_mode & 0o777 for path in state_folder.iterdir()} == {0o600}
    assert state_folder.stat().st_mode & 0o777 == 0o700


def test_lines_of_a_lost_key_are_named_and_hold_together_all_the_same(
    store: Store, url: str, tmp_path: Path, state_folder: Path, clock: SetClock
) -> None:
    """A new computer without the old key goes on with a new one, and says which lines it cannot vouch for."""
    store.close()
    shutil.rmtree(state_folder)
    again = open_store(url, tmp_path / "store", clock, state_folder)
    audit.write(again, "kim", "view", "slip 1")
    assert f"{len(DEEDS)} lines were made with a key that is not here" in " ".join(
        problem.message for problem in verify(again)
    )
    check_restored(again)
    assert acknowledge(again, "kim")
    assert verify(again) == []
    again.close()
