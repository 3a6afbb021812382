"""Killed at every step, refpad sends no letter twice and loses none."""

import shutil
from pathlib import Path

import pytest

from tests.crash.chase_harness import Facts, facts, wrongs
from tests.crash.chase_life import arrived, prepare
from tests.crash.crash_harness import Server, first_and_last, points_passed
from tests.crash.crash_life import URL, opened
from tests.crash.planted_letter_bugs import PLANTED_LETTER_BUGS
from tests.databases import PostgreSQL, postgresql

__all__ = ["postgresql"]

KILLED = [-9]
POINTS_OF_THE_DATABASE = (
    "letter.committed",
    "send.begun",
    "send.handed_over",
    "sent.before_commit",
    "posted.committed",
)


def undisturbed(server: Server, prepared: Path, life: str = "letters") -> tuple[Facts, list[str]]:
    """What an undisturbed life leaves, and the steps that it took."""
    folder = copied(prepared, "undisturbed")
    assert server.live(folder, life=life) == [0]
    store = opened(folder)
    told = facts(store)
    store.close()
    return told, points_passed(folder)


def copied(prepared: Path, name: str) -> Path:
    folder = prepared.parent / name
    shutil.copytree(prepared, folder)
    return folder


def test_an_undisturbed_life_sends_each_letter_once(server: Server, prepared: Path) -> None:
    """Thanks and summary by mail, the missing information on paper: three letters, two mails, all done."""
    expected, _ = undisturbed(server, prepared)
    assert {(kind, state, channel) for kind, _, state, channel in expected["letters"]} == {
        ("thank_you", "sent", "email"),
        ("assessment_summary", "sent", "email"),
        ("missing_information", "sent", "print"),
    }
    assert len(arrived(prepared.parent / "undisturbed")) == 2
    assert wrongs(prepared.parent / "undisturbed", expected) == []


def test_killed_at_any_step_no_letter_is_doubled_or_lost(server: Server, prepared: Path) -> None:
    """Each named step, at its first and its last pass; of what is uncertain a person asks, and then it is as ever."""
    expected, points = undisturbed(server, prepared)
    for point in first_and_last(points):
        folder = copied(prepared, point)
        assert server.live(folder, point, "letters") == KILLED, point
        assert server.live(folder, life="letters") == [0], point
        assert wrongs(folder, expected) == [], point
        shutil.rmtree(folder)


def test_killed_at_any_step_of_sending_on_postgresql_it_is_the_same(
    server: Server, room: Path, postgresql: PostgreSQL
) -> None:
    """The other database has other locks, and its record does not lie in the folder."""
    made = room / "prepared"
    made.mkdir()
    template = postgresql.new_database()
    (made / URL).write_text(template)
    prepare(made)
    like = template.rpartition("/")[2]
    expected: Facts = {}
    for point in (
        "nowhere",
        "letter.committed",
        "send.begun",
        "send.handed_over",
        "sent.before_commit",
        "posted.committed",
    ):
        folder = copied(made, point)
        (folder / URL).write_text(postgresql.new_database(like))
        status = server.live(folder, point, "letters")
        if point == "nowhere":
            assert status == [0]
            store = opened(folder)
            expected = facts(store)
            store.close()
            continue
        assert status == KILLED, point
        assert server.live(folder, life="letters") == [0], point
        assert wrongs(folder, expected) == [], point


@pytest.mark.parametrize("bug", PLANTED_LETTER_BUGS)
def test_the_harness_sees_a_planted_bug(bug: str, server: Server, prepared: Path) -> None:
    """A test that finds nothing proves nothing unless it would have found something."""
    expected, points = undisturbed(server, prepared, bug)
    assert wrongs(prepared.parent / "undisturbed", expected) == []

    def is_seen_at(point: str) -> bool:
        folder = copied(prepared, point)
        server.live(folder, point, bug)
        return server.live(folder, life=bug) != [0] or wrongs(folder, expected) != []

    assert any(is_seen_at(point) for point in sorted(points, key=lambda point: not point.startswith("planted")))
