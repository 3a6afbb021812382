"""Temporary pictures outlive neither their use nor a kill."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import pytest

from refpad.services.reading.scratch import scratch_folder
from schemas.errors import MachineError

HOLDER = """
import sys
from refpad.services.reading.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "line.png").write_bytes(b"somebody's handwriting")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def private_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own, for this process and those it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


def _holder() -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_scratch_folder_is_private_and_goes_with_its_use(private_tmp: Path) -> None:
    """Line crops are patients' handwriting."""
    with scratch_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert private_tmp in folder.parents
    assert not folder.exists()


def test_what_a_killed_process_left_is_removed_by_the_next(private_tmp: Path) -> None:
    """kill -9 runs no clean-up."""
    process, left = _holder()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (left / "line.png").exists()
    with scratch_folder():
        assert not left.exists()


def test_the_folder_of_a_running_process_is_left_alone(private_tmp: Path) -> None:
    """`refpad read` may run beside `refpad up`."""
    process, held = _holder()
    with scratch_folder():
        assert (held / "line.png").exists()
    process.communicate("")
    assert not held.exists()


def test_a_folder_that_another_process_took_for_a_leftover_is_made_anew(
    private_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two readers that start at once: the second looks for leftovers before the first has its lock."""
    lock, others = fcntl.flock, list[Path]()

    def lock_late(file: TextIO, how: int) -> None:
        if not others:
            process, other = _holder()
            others.append(other)
            process.communicate("")
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", lock_late)
    with scratch_folder() as folder:
        (folder / "line.png").write_bytes(b"somebody's handwriting")
        process, _ = _holder()
        process.communicate("")
        assert (folder / "line.png").exists()
    assert list(folder.parent.iterdir()) == []


def test_a_place_that_others_can_read_is_refused(private_tmp: Path) -> None:
    """Somebody else may have made it first, to look into it."""
    root = private_tmp / f"refpad-{os.getuid()}"
    root.mkdir()
    root.chmod(0o755)  # whatever umask an earlier test's command has set
    with pytest.raises(MachineError, match="755"), scratch_folder():
        pass
