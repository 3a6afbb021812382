"""A reader that joins finds the very record, files and key of those at work, or says what is missing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from refpad.ops.health import readers_health
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.limits import Limits
from store.clock import SystemClock
from store.database import Store
from store.database_errors import StoreError
from store.intake.ledger.files import ledger
from store.intake.taking_in.take_in import take_in
from store.workers.joining import require_record
from tests.flows.prefect_server import ROOT, free_port

START_S = 300.0


def joins(store: Store, *, files: Path | None = None, state: Path | None = None) -> None:
    assert store.anchor is not None
    url = store.engine.url.render_as_string(hide_password=False)
    require_record(url, files or store.folder, state or store.anchor.folder, SystemClock("America/New_York"))


def test_a_reader_joins_where_it_finds_the_record_with_its_files_and_key(
    store: Store, inbox: Path, tmp_path: Path
) -> None:
    """A folder that is not mounted would make it set scans aside, another key would break the audit."""
    (inbox / "scan.pdf").write_bytes(b"a scan")
    take_in(store, inbox / "scan.pdf", Limits())
    joins(store)
    for name in ("nothing", "another/originals"):
        (tmp_path / name).mkdir(parents=True)
    for files in ("nothing", "another"):
        with pytest.raises(StoreError, match="mount the data folder"):
            joins(store, files=tmp_path / files)
    with pytest.raises(StoreError, match="mount the state folder"):
        joins(store, state=tmp_path / "nothing")


def test_no_reader_begins_a_record(tmp_path: Path) -> None:
    """A second computer without the folder would otherwise read for an empty record of its own, for ever."""
    url = f"sqlite:///{tmp_path / 'store' / 'refpad.sqlite'}"
    with pytest.raises(StoreError, match="PostgreSQL"):
        require_record(url, tmp_path / "store", tmp_path, SystemClock("America/New_York"))
    assert list(tmp_path.iterdir()) == []


def test_a_reader_of_its_own_reads_what_waits_is_counted_and_stops_when_told(tmp_path: Path) -> None:
    """Beside `refpad up` or without it: what reads is no more than a process at the record."""
    settings = Settings(folder=tmp_path / "data", prefect_port=free_port())
    scan = shutil.copy(ROOT / "samples" / "neat-slip.png", tmp_path)
    environment = os.environ | {
        "REFPAD_FOLDER": str(settings.folder),
        "REFPAD_PREFECT_PORT": str(settings.prefect_port),
    }
    command = [sys.executable, "-c", "from refpad.cli import main; main()", "reader"]
    with closing(open_record(settings)) as store:
        take_in(store, Path(scan), settings.limits)
        with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as reader:
            until = time.monotonic() + START_S
            while ledger(store).waiting:
                assert reader.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
            assert readers_health(settings, store).found == "1 at work"
            reader.send_signal(signal.SIGTERM)
            told = reader.communicate(timeout=START_S)[1]
        assert (reader.returncode, "Stopped" in told) == (0, True)
        assert readers_health(settings, store).found == "0 at work"
