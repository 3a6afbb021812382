"""Which files and folders of the inbox are looked at: scanners' folders, and nobody's else."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from refpad.services.intake.inbox_entries import MARKER, entries, folders, unopened_folders
from tests.nobody import nobody

SCAN = b"a scan"


@pytest.fixture
def inbox() -> Iterator[Path]:
    """An inbox that everybody may read."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "inbox"
        for path in (folder.parent, folder):
            path.mkdir(exist_ok=True)
            path.chmod(0o755)
        (folder / MARKER).touch()
        yield folder


def put(inbox: Path, name: str) -> Path:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(SCAN)
    return path


def listed(inbox: Path, depth: int) -> list[str]:
    return sorted(str(path.relative_to(inbox)) for path, _ in entries(inbox, depth))


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (0, ["a", "scan.pdf"]),
        (1, ["a/b", "a/scan.pdf", "scan.pdf"]),
        (2, ["a/b/c", "a/b/scan.pdf", "a/scan.pdf", "scan.pdf"]),
        (3, ["a/b/c/scan.pdf", "a/b/scan.pdf", "a/scan.pdf", "scan.pdf"]),
    ],
)
def test_folders_are_looked_into_as_deep_as_the_setting_says(depth: int, expected: list[str], inbox: Path) -> None:
    """Each file is listed, or the folder that hides it is: none is passed over without a word."""
    for name in ("scan.pdf", "a/scan.pdf", "a/b/scan.pdf", "a/b/c/scan.pdf"):
        put(inbox, name)
    assert listed(inbox, depth) == expected
    assert unopened_folders(inbox, depth) == [name for name in expected if not name.endswith(".pdf")]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden",
        ".Trash-1000",
        "@eaDir",
        "#recycle",
        "$RECYCLE.BIN",
        "System Volume Information",
        "lost+found",
        "x.tmp",
    ],
)
def test_what_machines_keep_for_themselves_is_left_alone(name: str, inbox: Path) -> None:
    """Thumbnails of a scan would be read as scans, and deleted ones as new."""
    put(inbox, f"{name}/scan.pdf")
    put(inbox, f"HP_M428/{name}/scan.pdf")
    assert listed(inbox, 2) == unopened_folders(inbox, 2) == []
    assert folders(inbox, 2) == {inbox, inbox / "HP_M428"}


def test_links_are_listed_and_never_followed(inbox: Path, tmp_path: Path) -> None:
    """A link to the whole disk, or to the inbox itself, must not bring in what nobody dropped."""
    put(tmp_path / "elsewhere", "private.pdf")
    (inbox / "out").symlink_to(tmp_path / "elsewhere")
    (inbox / "round").symlink_to(inbox)
    assert listed(inbox, 2) == ["out", "round"]
    assert folders(inbox, 2) == {inbox}


def test_a_folder_that_may_not_be_read_is_told_of(inbox: Path) -> None:
    """A scanner that writes as another user: its scans are there, and refpad cannot see them."""
    path = put(inbox, "locked/scan.pdf").parent
    path.chmod(0)
    with nobody():
        assert (listed(inbox, 2), unopened_folders(inbox, 2)) == (["locked"], ["locked"])
    path.chmod(0o700)
    assert listed(inbox, 2) == ["locked/scan.pdf"]


def test_names_that_are_not_text_are_listed(inbox: Path) -> None:
    """A name is bytes; a scanner set to another language makes such ones."""
    put(inbox, os.fsdecode(b"\xff\xfe") + "/scan.pdf")
    assert len(listed(inbox, 1)) == 1
