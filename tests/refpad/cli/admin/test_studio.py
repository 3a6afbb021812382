"""`refpad studio`: one more studio, made and used by commands alone."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from refpad.cli import app
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.studios.registry import all_settings, read_registry
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.users import Role
from store.serials import serials_of
from store.users import guests, users
from tests.audit import audit_lines
from tests.databases import in_memory


def refpad(*words: str) -> Result:
    """A command that ends well, in an environment of its own; what it cannot do is raised."""
    before = dict(os.environ)
    try:
        return CliRunner().invoke(app, list(words), catch_exceptions=False)
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory: a record is made in forty synced steps."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as made:
        yield Path(made)


def let_kim_in(first: Settings, north: Settings) -> None:
    """From the first studio into the second."""
    with closing(open_record(first)) as store:
        users.redeem(store, users.add(store, "kim", Role.REVIEWER, "root"), "kim", "a hash")
    refpad("studio", "let-in", "kim", "--from", "main", "--to", "north", "--role", "admin")
    with closing(open_record(north)) as store:
        assert guests.is_guest(store, "kim")
    assert read_registry(first).elsewhere("main", "kim", is_guest=False) == {"north": "kim"}
    assert read_registry(first).elsewhere("north", "kim", is_guest=True) == {"main": "kim"}


def what_cannot_be_is_refused() -> None:
    """A key that is taken or means something else, a name that is none, and what is for all studios or for none."""
    with pytest.raises(UsageError, match='There is a studio "north" already'):
        refpad("studio", "add", "north", "--name", "Again")
    for key in ("main", "www", "1st", "süd"):
        with pytest.raises(UsageError, match="cannot be a studio's key"):
            refpad("studio", "add", key, "--name", "Again")
    for name in ("", " \n", "a" * 61):
        with pytest.raises(UsageError, match="A studio's name has 1 to 60 characters, and this one"):
            refpad("studio", "add", "south", "--name", name)
    for words in (("studio", "list"), ("up",), ("practice",)):  # of all studios, or of none
        with pytest.raises(UsageError, match="leave --studio out"):
            refpad("--studio", "north", *words)


def all_are_looked_at(first: Settings, north: Settings) -> None:
    """By one command."""
    prepare_inbox(first.inbox, first.store_folder / "inbox-made")
    prepare_inbox(north.inbox, north.store_folder / "inbox-made")
    parts = [part["part"] for part in json.loads(refpad("health", "--json").stdout)]
    assert {"Watcher", "north: Watcher"} <= set(parts)
    assert [part for part in parts if "Disk" in part] == ["Disk"]


def backups_are_each_ones_own(disk: Path) -> None:
    """In a folder for both, where each is told with its own studio."""
    disk.mkdir()
    refpad("backup", str(disk))
    with pytest.raises(UsageError, match="is of the studio main"):
        refpad("--studio", "north", "restore", str(disk), "--replace")
    refpad("--studio", "north", "backup", str(disk))
    for key in ("main", "north"):
        listed = json.loads(refpad("--studio", key, "backup", str(disk), "--list", "--json").stdout)
        assert sorted(one["studio"] for one in listed) == ["main", "north"]
    assert "north" in refpad("backup", str(disk), "--list").stdout


def a_new_computer_knows_whose_each_is(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the serials of its record, where no studio is known yet: two studios' patients would change places."""
    with monkeypatch.context() as elsewhere:
        for name, folder in (("REFPAD_FOLDER", "data"), ("REFPAD_STATE_FOLDER", "state")):
            elsewhere.setenv(name, str(disk.parent / "new" / folder))
        listed = json.loads(refpad("backup", str(disk), "--list", "--json").stdout)
        whose = {one["studio"]: one["backup"] for one in listed}
        assert set(whose) == {"main", "north"}
        told = refpad("restore", str(disk)).output
        assert f"The backup {whose['main']} is in place" in told
        assert f"refpad --studio north restore '{disk}'" in told
        with pytest.raises(UsageError, match="is of the studio north"):
            refpad("restore", str(disk), "--backup", whose["north"], "--replace")
        assert "refpad --studio north letters list" in refpad("--studio", "north", "restore", str(disk)).output
        assert "Canary of the north" in refpad("--studio", "north", "offices", "list").output
        elsewhere.setenv("REFPAD_FOLDER", str(disk.parent / "alone" / "data"))
        assert "is in place" in refpad("restore", str(disk), "--backup", whose["north"]).output  # it goes on alone


def test_a_studio_is_added_used_renamed_closed_and_reopened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it without the first studio's offices, users or serials being seen in the other."""
    monkeypatch.setenv("REFPAD_FOLDER", str(folder / "data"))
    monkeypatch.setenv("REFPAD_STATE_FOLDER", str(folder / "state"))
    refpad("offices", "add", "riverside", "--name", "Canary of the first")
    assert "There is one studio" in refpad("studio", "list").output
    added = refpad("studio", "add", "north", "--name", "North Side")
    assert "http://north.localhost:4180" in added.output
    assert "100000 to 199999" in added.output
    refpad("--studio", "north", "offices", "add", "riverside", "--name", "Canary of the north")
    for own, other, key in (("first", "north", "main"), ("north", "first", "north")):
        told = refpad("--studio", key, "offices", "list").output
        assert f"Canary of the {own}" in told
        assert f"Canary of the {other}" not in told
    first, north = all_settings(Settings())
    with closing(open_record(first)) as store, store.read() as connection:
        block = serials_of(connection)
        assert block is not None
        assert (block.first, block.last) == (1, 99_999)
        assert [line["subject"] for line in audit_lines(store) if line["what"] == "add"][-1] == "studio north"
    let_kim_in(first, north)
    what_cannot_be_is_refused()
    all_are_looked_at(first, north)
    backups_are_each_ones_own(folder / "a disk")
    a_new_computer_knows_whose_each_is(folder / "a disk", monkeypatch)
    assert (
        "north is called North Übung Shore."
        in refpad("studio", "rename", "north", "--name", " North\n\x1b\u200bÜbung Shore").output
    )
    with pytest.raises(UsageError, match="The studio north is not closed"):
        refpad("studio", "reopen", "north")
    assert "waits until it is reopened" in refpad("studio", "close", "north").output
    with pytest.raises(UsageError, match="The studio north is closed since"):
        refpad("studio", "close", "north")
    assert "until you type refpad studio reopen north" in refpad("--studio", "north", "offices", "list").output
    assert [(studio.name, studio.closed_at is None) for studio in read_registry(first).studios] == [
        ("Lakeside Medical Exercise", True),
        ("North Übung Shore", False),
    ]
    assert all_settings(Settings()) == [first]
    with pytest.raises(UsageError, match="installation's own"):
        refpad("studio", "close", "main")
    refpad("studio", "reopen", "north")
    assert all_settings(Settings()) == [first, north]
