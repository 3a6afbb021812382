"""Backing up and restoring as a person does it: to a disk, and from it onto a new computer."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from refpad.cli import app
from refpad.ops.doctor import CHECKS
from refpad.ops.supervisor import only_one
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError
from store.workers.workers import OTHER, READER, register_worker, this_machine

ROOT = Path(__file__).parents[4]
SCAN = ROOT / "samples" / "not-signed.tif"


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A studio with one slip in review, and the state beside it."""
    folder = tmp_path_factory.mktemp("read")
    with pytest.MonkeyPatch.context() as patch:
        in_studio(patch, folder)
        assert refpad("intake", str(SCAN)).exit_code == 1
        yield folder


def in_studio(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.chdir(folder)
    patch.setenv("REFPAD_TODAY", "2026-11-20")
    patch.setenv("REFPAD_FOLDER", str(folder / "data"))
    patch.setenv("REFPAD_STATE_FOLDER", str(folder / "state"))


@pytest.fixture(autouse=True)
def data(read_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that studio of one's own."""
    shutil.copytree(read_once, tmp_path, dirs_exist_ok=True)
    in_studio(monkeypatch, tmp_path)
    return tmp_path / "data"


def refpad(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


def waiting() -> list[str]:
    return [item["id"] for item in json.loads(refpad("review", "list", "--json").stdout)]


def test_a_new_computer_goes_on_from_the_backup(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old one burnt, with its state; what waited for a person waits again, and the record is whole."""
    before = waiting()
    refpad("studio", "add", "north", "--name", "North")
    made = json.loads(refpad("backup", "disk", "--json").stdout)
    assert made["files"] == 2
    assert "is whole: 2 files" in refpad("backup", "disk", "--check").stderr
    shutil.rmtree(data)
    shutil.rmtree(tmp_path / "state")
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "new"))
    done = refpad("restore", "disk")
    assert f"The backup {made['backup']} is in place: 0 referrals, 2 files." in done.stderr
    assert "Put back north's record too before refpad up: refpad --studio north restore disk" in done.stderr
    assert json.loads(refpad("studio", "list", "--json").stdout)[1]["key"] == "north"
    assert waiting() == before
    assert refpad("verify").exit_code == 0
    listed = json.loads(refpad("backup", "disk", "--list", "--json").stdout)
    assert [(backup["backup"], backup["studio"]) for backup in listed] == [(made["backup"], "main")]
    assert made["backup"] in refpad("backup", "disk", "--list").stdout
    whole = {"backup": made["backup"], "is_whole": True, "problems": []}
    assert json.loads(refpad("backup", "disk", "--check", "--json").stdout) == whole
    with pytest.raises(UsageError, match="There is no backup in dsik"):
        refpad("backup", "dsik", "--list")


def test_a_backup_whose_studio_is_not_known_here_is_listed_as_such(tmp_path: Path) -> None:
    """On a new computer, before anything is put back, or on a disk that several installations share."""
    refpad("backup", "disk")
    shutil.rmtree(tmp_path / "state")
    assert "not known here" in refpad("backup", "disk", "--list").stdout
    assert json.loads(refpad("backup", "disk", "--list", "--json").stdout)[0]["studio"] is None


def test_a_folder_that_was_put_back_by_hand_is_told_until_it_is_acknowledged(data: Path, tmp_path: Path) -> None:
    """By `verify`, with what to type."""
    shutil.copytree(data, tmp_path / "copy")
    assert refpad("set-aside", "list").exit_code == 0
    assert refpad("intake", str(ROOT / "samples" / "neat-slip.png")).exit_code in (0, 1)
    subprocess.run(["cp", "-a", f"{tmp_path / 'copy'}/.", data], check=True)
    told = refpad("verify")
    assert told.exit_code == 3
    assert "refpad restore --acknowledge" in told.stdout
    assert "Noted" in refpad("restore", "--acknowledge").stderr
    assert refpad("verify").exit_code == 0
    assert "Nothing to note" in refpad("restore", "--acknowledge").stderr


def test_a_data_folder_that_is_gone_is_told_by_every_command_and_restored_in_its_place(data: Path) -> None:
    """A list without follow-ups would look like a day without work, and the next backup would keep it."""
    before = waiting()
    refpad("backup", "disk")
    shutil.rmtree(data)
    for words in (("status",), ("intake",), ("up", "--once"), ("backup", "disk"), ("users", "list")):
        with pytest.raises(MachineError, match="There was a record in"):
            refpad(*words)
    with pytest.raises(MachineError, match="There was a record in"):
        CHECKS["database"](Settings())
    refpad("restore", "disk")
    assert waiting() == before


def test_nothing_is_restored_while_refpad_or_a_reader_is_at_work(data: Path) -> None:
    """Its processes would go on writing into what was moved aside; a reader that joined holds no lock of the folder."""
    before = waiting()
    refpad("backup", "disk")
    with only_one(data / "refpad.lock"), pytest.raises(MachineError, match="already up"):
        refpad("restore", "disk", "--replace")
    for kind in (READER, OTHER):
        with closing(open_record(Settings())) as store, register_worker(store, kind):
            with pytest.raises(MachineError, match=rf"1 process is still at work .* on {this_machine()}: stop `refpad"):
                refpad("restore", "disk", "--replace")
            assert not data.with_name("data.restoring").exists()
    refpad("restore", "disk", "--replace")  # a lock file whose process is gone holds nobody up
    assert waiting() == before
