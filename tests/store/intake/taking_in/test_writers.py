"""Who holds a file open for writing is found out by the kernel, or by a look at what processes have open."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.intake.taking_in import writers
from tests.nobody import nobody

HOLD = "import sys; held = open(sys.argv[1], sys.argv[2]); print('open', flush=True); sys.stdin.read()"


@contextmanager
def held(path: Path, mode: str) -> Iterator[None]:
    """Another process holds the file open."""
    argv = [sys.executable, "-c", HOLD, str(path), mode]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield
        process.communicate()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.tif"
    path.write_bytes(b"page 1")
    return path


@pytest.mark.parametrize("mode", ["wb", "ab", "r+b", "w+b"])
def test_a_writer_is_seen_until_it_ends(mode: str, scan: Path) -> None:
    """Whatever way it was opened: for the first page, for one more, or to mend the directory of a TIFF."""
    with held(scan, mode):
        assert writers.is_held(scan)
        scan.rename(scan.with_name("aside"))
        assert writers.is_held(scan.with_name("aside"))
    assert not writers.is_held(scan.with_name("aside"))


def test_a_reader_is_no_writer(scan: Path) -> None:
    """A viewer or a backup does not keep a scan out of the record."""
    with held(scan, "rb"):
        assert not writers.is_held(scan)


@pytest.mark.parametrize("name", ["gone", "folder", "link"])
def test_what_is_no_file_is_held_by_nobody(name: str, tmp_path: Path) -> None:
    """Gone in between, a folder, a link to nowhere: what becomes of it is said elsewhere."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("/dev/zero")
    assert not writers.is_held(tmp_path / name)


def test_where_nothing_can_tell_nobody_is_known_to_write() -> None:
    """Neither a lease on somebody else's file nor a look into his processes: the quiet time has to do."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.tif"
        path.write_bytes(b"page 1")
        for place, mode in ((Path(folder), 0o755), (path, 0o644)):
            place.chmod(mode)
        is_ours = os.geteuid() != 0
        with held(path, "ab"), nobody():
            assert writers.is_held(path) is is_ours


@pytest.mark.parametrize(("mode", "expected"), [("ab", True), ("r+b", True), ("rb", False)])
def test_without_a_lease_the_open_files_tell(
    mode: str, expected: bool, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a share of the network the kernel refuses leases for reasons of its own."""
    monkeypatch.setattr(writers, "COUNTED", frozenset())
    with held(scan, mode):
        assert writers.is_held(scan) is expected
