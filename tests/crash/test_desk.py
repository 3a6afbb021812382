"""Killed at any step of what people say at the front desk, each word counts, and none twice."""

import shutil
from pathlib import Path

import sqlalchemy as sa

from store.tables import amendment, appointment, follow_up, occurrence, outbox, outreach, provider, referral
from store.verify import verify
from tests.crash.chase_life import prepare
from tests.crash.crash_harness import Server, points_passed
from tests.crash.crash_life import opened

KILLED = [-9]
OWN = (
    "addresses.",
    "amend.",
    "call.",
    "edit_provider.",
    "number.",
    "office_of_",
    "outreach.",
    "reopen.",
    "session.",
    "take_moved.",
)


def facts(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the record says, without numbers and times that differ from life to life."""
    queries = {
        "referrals": sa.select(*referral.c["record", "office_id"]),
        "providers": sa.select(*provider.c["name", "email", "office_id"]),
        "corrections": sa.select(*amendment.c["reason", "changes"]),
        "follow-ups": sa.select(*follow_up.c["kind", "cycle", "state", "ended_on"]),
        "visits": sa.select(*outreach.c["office_id", "on", "state", "about"]),
        "sessions": sa.select(*appointment.c["on", "state"]),
        "drops": sa.select(*occurrence.c["name_shown", "state"]),
        "letters": sa.select(*outbox.c["kind", "cycle", "state"]),
    }
    store = opened(folder)
    assert verify(store) == []
    with store.read() as connection:
        told = {name: sorted(map(tuple, connection.execute(query)), key=repr) for name, query in queries.items()}
    store.close()
    return told


def test_killed_at_any_step_each_word_of_a_person_counts_once(server: Server, room: Path) -> None:
    """Offices, providers, corrections, calls, and the letters that are made anew for them."""
    prepare(room / "prepared")
    shutil.copytree(room / "prepared", room / "undisturbed")
    assert server.live(room / "undisturbed", life="desk") == [0]
    expected = facts(room / "undisturbed")
    assert len(expected["corrections"]) == 1
    for point in (point for point in points_passed(room / "undisturbed") if point.startswith(OWN)):
        folder = room / point
        shutil.copytree(room / "prepared", folder)
        assert server.live(folder, point, "desk") == KILLED, point
        assert server.live(folder, life="desk") == [0], point
        assert facts(folder) == expected, point
        shutil.rmtree(folder)
