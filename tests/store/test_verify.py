"""`refpad verify` finds what it promises to find, and complains of nothing else."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.followup import FollowUpKind, PlannedFollowUp
from schemas.limits import Limits
from schemas.office import Office
from store import audit
from store.database import Store
from store.directory import offices
from store.followups.planning import Subject, add_follow_up
from store.intake.taking_in.take_in import take_in
from store.review import settle
from store.tables import file, follow_up, occurrence, outbox, referral, slip
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


def stray(kind: str) -> Damage:
    """A file that is older than any writer may be about to name it."""

    def damage(store: Store) -> None:
        path = kept(store, kind).with_name("f" * 64)
        path.touch()
        os.utime(path, (0, 0))

    return damage


def half_a_copy(store: Store) -> None:
    (store.incoming / "0123").write_bytes(b"half")


def run(*statements: sa.Executable) -> Damage:
    def damage(store: Store) -> None:
        with store.write() as connection:
            for statement in statements:
                connection.execute(statement)

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


_OF_REFERRALS = follow_up.c.referral_id.is_not(None)

DAMAGES: dict[str, tuple[Damage, str]] = {
    "a flipped bit": (flip_a_bit, "no longer has the bytes"),
    "a lost original": (lambda store: kept(store, "originals").unlink(), "cannot be read"),
    "a lost picture": (lambda store: kept(store, "pictures").unlink(), "cannot be read"),
    "a picture that is another": (another_picture, "no longer has the bytes"),
    "an original open to others": (lambda store: kept(store, "originals").chmod(0o644), "can be read by others"),
    "an original the record does not know": (stray("originals"), "does not know this file"),
    "a picture the record does not know": (stray("pictures"), "does not know this file"),
    "a half-made copy": (half_a_copy, "half-made copy"),
    "a file that was never seen": (run(occurrence.delete()), "never seen"),
    "a referral that is gone": (
        run(outbox.delete(), follow_up.delete().where(_OF_REFERRALS), referral.delete()),
        "do not match",
    ),
    "a referral without promises": (run(outbox.delete(), follow_up.delete().where(_OF_REFERRALS)), "no follow-ups"),
    "a changed referral": (
        run(referral.update().values(record={"patient_name": "Ada Quill"})),
        "changed after it was written",
    ),
    "a changed reading": (run(slip.update().where(slip.c.id == 2).values(reading={})), "changed after it was written"),
    "a moved due day": (run(follow_up.update().values(due=sa.text("'2036-03-04'"))), "changed after it was written"),
    "a planned day that was moved": (
        run(follow_up.update().values(planned_due=sa.text("'2036-03-04'"))),
        "changed after it was written",
    ),
    "a follow-up that was called settled": (
        run(follow_up.update().values(state="done", ended_on=sa.text("'2026-03-04'"))),
        "changed after it was written",
    ),
    "a letter that is gone": (run(outbox.delete()), "letter is gone"),
    "a slip changed behind the record": (
        run(slip.update().where(slip.c.id == 2).values(state="rejected")),
        "does not agree",
    ),
    "a read file that waits again": (run(file.update().where(file.c.id == 1).values(state="waiting")), "it was read"),
    "a changed line of the audit": (tampered("UPDATE audit SET who = 'nobody' WHERE id = 2"), "changed or removed"),
    "a missing line of the audit": (tampered("DELETE FROM audit WHERE id = 2"), "changed or removed"),
}


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path) -> None:
    """One referral, one slip in review that was looked at; and every column that may be NULL is so somewhere."""
    recorded(store, taken(store, inbox / "scan.pdf", b"first"), slip_reading(serial=1))
    settle.show(store, in_review(store, inbox, b"second", serial=2), "kim")
    (inbox / "scan.pdf.part").touch()
    take_in(store, inbox / "scan.pdf.part", Limits())
    offices.add(store, Office(id="riverside", name="Riverside Spine"), "kim")
    with store.write() as connection:
        for subject in (Subject("office_id", "riverside"), Subject("slip_id", 2)):
            planned = PlannedFollowUp(kind=FollowUpKind.KEEP_IN_TOUCH, cycle=1, due=store.clock.today())
            add_follow_up(connection, store, subject, planned)


def test_a_whole_record_has_no_problem(store: Store) -> None:
    """A false alarm each day is soon not heard."""
    assert verify(store) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_found_and_named(damage: str, store: Store) -> None:
    """One sentence each; a name or a number to look it up, never a patient's data.

    Each by its own check: what else is in the record must not switch one off.
    """
    damaged, sentence = DAMAGES[damage]
    damaged(store)
    found = verify(store)
    assert sentence in " ".join(each.message for each in found)
    assert "Quill" not in str(found)


def test_what_is_wrong_is_told_in_the_order_of_numbers(store: Store) -> None:
    """PostgreSQL gives what was changed last at the end: two reports of the same damage would differ in every line."""
    for original in (store.folder / "originals").rglob("*"):
        if original.is_file():
            original.unlink()
    run(file.update().where(file.c.id == 1).values(size_bytes=2))(store)
    assert [problem.subject for problem in verify(store)] == ["file 1", "file 2"]


def test_the_chain_says_where_it_broke(store: Store) -> None:
    """Everything before that line can still be trusted."""
    assert broken(store) is None
    tampered("UPDATE audit SET subject = 'slip 9' WHERE id = 2")(store)
    assert broken(store) == 2


def broken(store: Store) -> int | None:
    with store.read() as connection:
        assert store.anchor is not None
        return audit.first_broken_line(connection, store.anchor, 1)
