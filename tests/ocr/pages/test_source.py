"""What may be opened: files, and nothing that only looks like one."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr.pages.source import Source, open_regular, read_source
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason as Reason
from tests.nobody import nobody


def reason_of(path: Path) -> Reason:
    with pytest.raises(SetAsideError) as caught, open_regular(path):
        pass
    return caught.value.reason


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    """The normal case, with the way that its name ends for comparison with what it is."""
    (tmp_path / "Scan.PDF").write_bytes(b"ink")
    with open_regular(tmp_path / "Scan.PDF") as fd:
        source = read_source(fd, ".PDF", Limits())
        assert (source.data, source.suffix) == (b"ink", ".pdf")
        with source.path() as path:
            assert Path(path).read_bytes() == b"ink"
            assert "Scan" not in path


def test_a_document_inside_a_file_has_a_path_too() -> None:
    """Poppler opens a path; the bytes of a part of a file are never written to a disk for it."""
    with Source(b"ink").path() as path:
        assert Path(path).read_bytes() == b"ink"
    assert not Path(path).exists()


def _bound(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


@pytest.mark.parametrize(
    "make",
    [lambda path: path.symlink_to("/etc/hostname"), lambda path: path.symlink_to(path), os.mkfifo, _bound],
    ids=["link", "link to itself", "pipe", "socket"],
)
def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A link could show any file of the machine, and opening a pipe would wait for ever."""
    make(tmp_path / "scan.pdf")
    assert reason_of(tmp_path / "scan.pdf") is Reason.NOT_REGULAR_FILE


def test_a_device_is_refused() -> None:
    """/dev/zero never ends."""
    assert reason_of(Path("/dev/zero")) is Reason.NOT_REGULAR_FILE


def test_a_folder_is_told_apart(tmp_path: Path) -> None:
    """It is left where it is; the scans in it are another matter."""
    assert reason_of(tmp_path) is Reason.DIRECTORY


def test_a_file_that_may_not_be_read_is_unreadable(tmp_path: Path) -> None:
    """It is tried again once somebody gives the right to read it."""
    (tmp_path / "scan.pdf").write_bytes(b"ink")
    (tmp_path / "scan.pdf").chmod(0)
    with nobody():
        assert reason_of(tmp_path / "scan.pdf") is Reason.UNREADABLE


def test_a_file_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    """Somebody may take it away between the look into the folder and the opening."""
    assert reason_of(tmp_path / "gone.pdf") is Reason.UNREADABLE


@pytest.mark.parametrize(("times", "reason"), [(2, None), (3, Reason.UNSTABLE)])
def test_a_file_that_is_replaced_while_it_is_opened_is_opened_again(
    times: int, reason: Reason | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who saves a scan anew meant the new one; what never rests is refused, and the person told what to do."""
    scan, look, left = tmp_path / "scan.pdf", os.lstat, [b"saved"] * times
    scan.write_bytes(b"first")

    def look_and_replace(path: Path) -> os.stat_result:
        seen = look(path)
        if left:
            (tmp_path / "new").write_bytes(left.pop())
            (tmp_path / "new").replace(scan)
        return seen

    monkeypatch.setattr("ocr.pages.source.os.lstat", look_and_replace)
    if reason is None:
        with open_regular(scan) as fd:
            assert read_source(fd, "", Limits()).data == b"saved"
    else:
        with pytest.raises(SetAsideError, match=r"replaced 3 times .* try it again when no program") as caught:
            open_regular(scan).__enter__()
        assert caught.value.reason is reason


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    """The most frequent broken file of all."""
    (tmp_path / "scan").touch()
    with open_regular(tmp_path / "scan") as fd, pytest.raises(SetAsideError, match="0 bytes"):
        read_source(fd, "", Limits())


def test_a_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    """Three sparse gigabytes cost a few bytes of disk and all of the memory."""
    with (tmp_path / "scan").open("wb") as file:
        file.truncate(3 << 30)
    with open_regular(tmp_path / "scan") as fd, pytest.raises(SetAsideError, match=r"limits\.file_bytes") as caught:
        read_source(fd, "", Limits())
    assert caught.value.reason is Reason.TOO_LARGE
