"""A decoder that a hostile file has taken over reaches neither the network nor other people's scans."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr.sandbox import cage
from ocr.sandbox.framing import Frame
from ocr.sandbox.process import PACKAGES, Child

MEMORY_BYTES = 1 << 30


@pytest.fixture
def port() -> Iterator[int]:
    """Of a server on this machine, as the front desk and Prefect are."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A file that is no business of a decoder's."""
    path = tmp_path / "refpad.sqlite"
    path.write_bytes(b"Ana Testcase")
    return path


def held(port: int, record: Path, readable: tuple[Path, ...] | None) -> list[str]:
    scratch = record.parent / "scratch"
    scratch.mkdir()
    with Child(cage.TRIED, memory_bytes=MEMORY_BYTES, scratch=scratch, readable=readable) as child:
        [answer] = child.ask(Frame({"port": port, "file": str(record)}), 60.0)
    told: list[str] = answer.head["held"]
    return told


def can(wall: str) -> bool:
    """Whether the kernel lets an ordinary user have it, asked without refpad's own code."""
    if wall == cage.NETWORK:
        return subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
    asked = "import ctypes, sys; sys.exit(0 if ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) > 0 else 1)"
    return subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False).returncode == 0


def test_a_decoder_reaches_neither_network_nor_files(port: int, record: Path) -> None:
    """As far as the machine allows; where it does not, `refpad doctor` says so."""
    assert held(port, record, ()) == [wall for wall in (cage.NETWORK, cage.FILES) if can(wall)]


def test_what_a_child_needs_it_is_given(port: int, record: Path) -> None:
    """The one folder named, besides its own room for temporary files."""
    assert cage.FILES not in held(port, record, (record.parent,))


def test_without_a_list_files_stay_and_the_network_goes(port: int, record: Path) -> None:
    """The reader must open originals and words; it needs no network either."""
    assert held(port, record, None) == [wall for wall in (cage.NETWORK,) if can(wall)]


def test_programs_that_the_child_starts_are_behind_the_same_walls(record: Path, tmp_path: Path) -> None:
    """pdftoppm is where holes in PDF readers are; the file stays readable for everybody else."""
    script = (
        "import subprocess, sys; from pathlib import Path; from ocr.sandbox.cage import FILES, raise_walls;"
        f"walls = raise_walls(Path({str(tmp_path / 'room')!r}), [Path({str(PACKAGES / 'ocr')!r})]);"
        f"done = subprocess.run(['cat', {str(record)!r}], capture_output=True);"
        "sys.exit(0 if FILES not in walls or done.returncode else 1)"
    )
    (tmp_path / "room").mkdir()
    ran = subprocess.run([sys.executable, "-c", script], cwd=PACKAGES, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert record.read_bytes() == b"Ana Testcase"
