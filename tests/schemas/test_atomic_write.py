"""A file is the old one or the new one, for its owner only, whoever writes it and however the writing ends."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from refpad.services.private_files import write_private
from schemas.atomic_write import copy_whole, create_private, replace_file, replace_text_file
from schemas.errors import UsageError


def _as_bytes(path: Path, words: str) -> None:
    with replace_file(path) as file:
        file.write(words.encode())


def _as_text(path: Path, words: str) -> None:
    with replace_text_file(path, "utf-8") as file:
        file.write(words)


def _for_people(path: Path, words: str) -> None:
    write_private(path, words.encode())


WRITERS = [_as_bytes, _as_text, _for_people]
Writer = Callable[[Path, str], None]


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_is_replaced_whole_and_private(write: Writer, tmp_path: Path) -> None:
    """Letters, exports and word lists hold what patients told; the rights of the file before do not count."""
    path = tmp_path / "out.txt"
    path.write_text("old")
    path.chmod(0o666)
    write(path, "new\r\nlines\n")
    assert path.read_bytes() == b"new\r\nlines\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", WRITERS)
def test_what_lies_at_the_temporary_name_is_not_written_to(write: Writer, tmp_path: Path) -> None:
    """A killed writer's half goes; a link that somebody laid there leads no word elsewhere."""
    path, elsewhere = tmp_path / "out.txt", tmp_path / "elsewhere"
    elsewhere.write_text("theirs")
    (tmp_path / ".out.txt.new").symlink_to(elsewhere)
    write(path, "ours")
    assert (path.read_text(), elsewhere.read_text()) == ("ours", "theirs")


@pytest.mark.parametrize("writing", [replace_file, lambda path: replace_text_file(path, "utf-8")])
def test_a_failure_half_way_leaves_the_old_file(writing: Callable, tmp_path: Path) -> None:
    """Whoever reads it goes on reading what was true before."""
    path = tmp_path / "out.txt"
    path.write_text("old")
    with pytest.raises(KeyError), writing(path):
        raise KeyError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    """People choose where letters go."""
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "nowhere" / "letter.pdf"):
        with pytest.raises(UsageError, match="choose another place"):
            write_private(path, b"letter")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_nothing_that_is_there_is_taken_for_a_new_file(tmp_path: Path) -> None:
    """Two writers never share one file."""
    create_private(tmp_path / "one").close()
    with pytest.raises(FileExistsError):
        create_private(tmp_path / "one")


@pytest.mark.parametrize("can_copy", [True, False])
def test_a_file_is_copied_before_more_is_written(
    can_copy: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the kernel, or by hand where the kernel cannot, as between two file systems."""
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_bytes(b"id\r\n" * 100_000)
    if not can_copy:
        monkeypatch.setattr(os, "copy_file_range", _refuse)
    with replace_file(new) as file:
        copy_whole(old, file)
        file.write(b"1\r\n")
    assert new.read_bytes() == old.read_bytes() + b"1\r\n"


def _refuse(*_: object) -> int:
    raise OSError(errno.EXDEV, "not between file systems")
