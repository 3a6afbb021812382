"""The command line, the real reader and its child processes, killed in the middle."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from refpad.services.intake.watcher import prepare_inbox
from store.crashpoints import CRASH_VARIABLE
from tests.crash.crash_harness import ROOT

SCAN = ROOT / "samples" / "three-pages.pdf"
KILLED = -9
GONE_S = 60.0


@pytest.fixture
def studio(tmp_path: Path) -> Path:
    """A data folder with one scan in its inbox."""
    prepare_inbox(tmp_path / "inbox", tmp_path / "store" / "inbox-made")
    shutil.copy(SCAN, tmp_path / "inbox")
    return tmp_path


def refpad(studio: Path, *words: str, crash_at: str = "nowhere") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"REFPAD_FOLDER": str(studio), "REFPAD_QUIET_SECONDS": "0.1", CRASH_VARIABLE: crash_at}
    command = [sys.executable, "-c", "from refpad.cli import main; main()", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def status(studio: Path) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = json.loads(refpad(studio, "status", "--json").stdout)
    return told


def orphans() -> set[int]:
    """Readers whose worker is dead: the system's first process is their parent."""
    found = psutil.process_iter(["pid", "cmdline", "ppid"])
    readers = [each.info for each in found if "ocr.sandbox.child_main" in (each.info["cmdline"] or ())]
    return {reader["pid"] for reader in readers if reader["ppid"] == 1}


@pytest.mark.parametrize("point", ["work.read", "record.before_commit"])
def test_killed_with_the_real_reader_at_work_it_goes_on_where_it_was(point: str, studio: Path) -> None:
    """Nothing is lost or doubled, nobody waits for a lease, and no reader outlives its worker."""
    before = orphans()
    assert refpad(studio, "intake", crash_at=point).returncode == KILLED
    until = time.monotonic() + GONE_S
    while orphans() - before:
        assert time.monotonic() < until, "a reader outlived its worker"
        time.sleep(0.1)
    assert status(studio)["files"]["waiting"] == 1
    assert refpad(studio, "intake").returncode in (0, 1)
    now = status(studio)
    assert now["balances"]
    assert (now["files"]["seen"], now["files"]["waiting"], now["files"]["set_aside"]) == (1, 0, 0)
    assert now["slips"]["accepted"] + now["slips"]["review"] == 3
    assert refpad(studio, "verify").returncode == 0
