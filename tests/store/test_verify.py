"""`refpad verify` finds what it promises to find, and complains of nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from store import audit
from store.database import Store
from store.review import settle
from store.tables.intake import file, follow_up, occurrence, outbox, referral, slip
from store.verify import verify
from tests.fake_reader import slip_reading
from tests.store.helpers import in_review, recorded, taken

Damage = Callable[[Store], None]


def kept(store: Store, kind: str) -> Path:
    return next(each for each in sorted((store.folder / kind).rglob("*")) if each.is_file())


def flip_a_bit(store: Store) -> None:
    path = kept(store, "originals")
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])


def another_picture(store: Store) -> None:
    kept(store, "pictures").write_bytes(b"\x89PNG")


def half_a_copy(store: Store) -> None:
    (store.incoming / "0123").write_bytes(b"half")


def run(*statements: sa.Executable) -> Damage:
    def damage(store: Store) -> None:
        with store.write() as connection:
            for each in statements:
                connection.execute(each)

    return damage


def tampered(statement: str) -> Damage:
    """What somebody with the database's password could do."""

    def damage(store: Store) -> None:
        with store.write() as connection:
            if connection.dialect.name == "sqlite":
                triggers = ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")
            else:
                triggers = ("DROP TRIGGER audit_append_only ON audit",)
            for each in (*triggers, statement):
                connection.execute(sa.text(each))

    return damage


DAMAGES: dict[str, Damage] = {
    "a flipped bit": flip_a_bit,
    "a lost original": lambda store: kept(store, "originals").unlink(),
    "a lost picture": lambda store: kept(store, "pictures").unlink(),
    "a picture that is another": another_picture,
    "an original open to others": lambda store: kept(store, "originals").chmod(0o644),
    "a file the record does not know": lambda store: kept(store, "originals").with_name("f" * 64).touch(),
    "a half-made copy": half_a_copy,
    "a file that was never seen": run(occurrence.delete()),
    "a referral that is gone": run(outbox.delete(), follow_up.delete(), referral.delete()),
    "a referral without promises": run(outbox.delete(), follow_up.delete()),
    "a slip changed behind the record": run(slip.update().where(slip.c.id == 2).values(state="rejected")),
    "a read file that waits again": run(file.update().where(file.c.id == 1).values(state="waiting")),
    "a changed line of the audit": tampered("UPDATE audit SET who = 'nobody' WHERE id = 2"),
    "a missing line of the audit": tampered("DELETE FROM audit WHERE id = 2"),
}


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path) -> None:
    """One referral, and one slip in review that was looked at."""
    recorded(store, taken(store, inbox / "scan.pdf", b"first"), slip_reading(serial=1))
    settle.show(store, in_review(store, inbox, b"second", serial=2), "kim")


def test_a_whole_record_has_no_problem(store: Store) -> None:
    """A false alarm each day is soon not heard."""
    assert verify(store) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_found_and_named(damage: str, store: Store) -> None:
    """One sentence each; a name or a number to look it up, never a patient's data."""
    DAMAGES[damage](store)
    found = verify(store)
    assert found
    assert "Quill" not in str(found)


def test_the_chain_says_where_it_broke(store: Store) -> None:
    """Everything before that line can still be trusted."""
    assert audit.broken_at(store) is None
    tampered("UPDATE audit SET subject = 'slip 9' WHERE id = 2")(store)
    assert audit.broken_at(store) == 2
