"""Whether scans are being read, as a container and a monitor ask it."""

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from refpad.cli import app
from refpad.ops.health import BEGIN_S, does_prefect_answer, health_of_parts
from refpad.ops.supervisor import only_one
from refpad.services.intake.inbox_entries import MARKER
from refpad.services.intake.process_file import claim_s
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.wiring import open_record
from refpad.settings import SAVED_FILE, Settings
from store.intake import claims
from store.intake.taking_in.take_in import take_in
from store.tables import file
from store.workers.workers import OTHER, READER, WATCHER, is_judged_here, this_machine
from tests.databases import free_port

WORK = """
import sys
from refpad.settings import Settings
from refpad.services.wiring import open_record
from store.workers.workers import register_worker
with register_worker(open_record(Settings()), sys.argv[1]):
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("REFPAD_PREFECT_PORT", str(free_port()))
    settings = Settings()
    open_record(settings).close()
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    return settings


@contextmanager
def at_work(kind: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has signed in as a worker."""
    argv = [sys.executable, "-c", WORK, kind]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        try:
            yield process
        finally:
            process.kill()


def health() -> tuple[int, dict[str, str]]:
    """The exit code, and what is found of each part."""
    ran = CliRunner().invoke(app, ["health", "--json"])
    return ran.exit_code, {sign["part"]: sign["found"] for sign in json.loads(ran.stdout)}


def test_before_the_first_start_no_disk_is_missed(settings: Settings) -> None:
    """Also where a backup was put back on a new computer: what makes the inbox is `refpad up`."""
    for path in (settings.store_folder / "inbox-made", *settings.inbox.iterdir()):
        path.unlink()
    assert health()[1]["Inbox"] == "not made yet; `refpad up` makes it"


@pytest.mark.usefixtures("settings")
def test_a_container_is_healthy_as_long_as_its_watcher_runs() -> None:
    """A watcher that was killed leaves its lock file behind; only who holds the lock is alive. Prefect may be away."""
    assert health()[0] == 3
    with at_work(WATCHER) as watcher:
        code, found = health()
        assert (code, found["Watcher"]) == (0, "at work")
        assert "goes on without it" in found["Prefect"]
        watcher.kill()
        watcher.wait()
        code, found = health()
    assert code == 3
    assert "refpad up" in found["Watcher"]


@pytest.mark.usefixtures("settings")
def test_other_workers_are_no_watcher() -> None:
    """The round of letters runs each hour, and reads no scan."""
    with at_work(OTHER):
        assert health()[0] == 3


def test_readers_are_counted_and_one_that_is_missing_is_told(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """With fewer readers than asked for, everything goes on, only slower, and nobody would know why."""
    monkeypatch.setenv("REFPAD_READERS", "2")
    with at_work(WATCHER):
        assert "1 of 2 at work" in health()[1]["Readers"]
        with at_work(READER):
            assert health()[1]["Readers"] == "2 at work"
            told = CliRunner().invoke(app, ["status", "--json"]).stdout
            assert json.loads(told)["readers"] == "2 at work"
    assert health()[1]["Readers"] == "0 at work"


def test_what_waits_is_told_with_its_age_and_a_slow_reader_with_its_minutes(settings: Settings) -> None:
    """Before it is late: whoever wonders where a scan is sees that it waits, and behind what."""
    with closing(open_record(settings)) as store:
        for number in range(2):
            scan = settings.inbox / f"{number}.jpg"
            scan.write_bytes(f"scan {number}".encode())
            take_in(store, scan, settings.limits)
        assert "2 to be read, 0 still coming in" in health()[1]["Backlog"]
        claims.next_claim(store, "reader-here-1", claim_s(settings.limits))
        now = store.clock.now()
        began = now - timedelta(minutes=6.5)
        with store.write() as connection:
            connection.execute(file.update().values(waiting_since=now - timedelta(minutes=7.5)))
            ends = began + timedelta(seconds=claim_s(settings.limits))
            connection.execute(file.update().where(file.c.worker.is_not(None)).values(lease_until=ends))
        found = health()[1]
        assert re.fullmatch(r"2 to be read, 0 still coming in, the oldest for \d+ minutes", found["Backlog"])
        assert re.fullmatch(r"0 at work, one of them at the same file for \d+ minutes", found["Readers"])
        shown = [part.part for part in health_of_parts(settings, store) if part.shown]
        assert shown == ["Readers", "Backlog"]


def test_where_machines_share_files_each_calls_only_its_own_workers_dead() -> None:
    """A network's file system may hide a lock from other machines: a worker that lives must not lose its file."""
    ours, theirs = f"reader-{this_machine()}-0f", "reader-elsewhere-0f"
    assert [is_judged_here(name, is_shared=True) for name in (ours, theirs)] == [True, False]
    assert [is_judged_here(name, is_shared=False) for name in (ours, theirs)] == [True, True]


def test_a_watcher_that_begins_is_not_said_to_be_away(settings: Settings) -> None:
    """Right after the start, and after each setting that was saved: nobody has to do anything about it."""
    lock, saved = settings.folder / "refpad.lock", settings.folder / SAVED_FILE
    with only_one(lock):
        assert (health()[0], health()[1]["Watcher"]) == (0, "begins; at work within a minute")
        before = lock.stat().st_mtime - BEGIN_S
        os.utime(lock, (before, before))
        assert health()[0] == 3
        saved.write_text("{}")
        assert health()[0] == 0
    assert health()[0] == 3


def test_a_watcher_whose_inbox_is_lost_does_not_work(settings: Settings) -> None:
    """Its process runs and sees nothing: the disk of the inbox is not mounted."""
    (settings.inbox / MARKER).unlink()
    with at_work(WATCHER):
        code, found = health()
    assert code == 3
    assert "mount its disk" in found["Inbox"]


def test_the_table_for_people_ends_as_the_json_for_programs(settings: Settings) -> None:
    """One verdict, printed in two ways."""
    ran = CliRunner().invoke(app, ["health"])
    assert ran.exit_code == 3
    assert settings.folder.name not in ran.stdout
    assert "not at work" in ran.stdout


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "https://127.0.0.1:{port}"])
def test_a_prefect_that_does_not_answer_is_said_not_to(url: str) -> None:
    """Refused, or no Prefect at all: never an exception."""
    assert not does_prefect_answer(Settings(prefect_url=url.format(port=free_port())), 1.0)


class _Guarded(BaseHTTPRequestHandler):
    """As Prefect's server: its health for anybody, all else for who knows the word."""

    def do_GET(self) -> None:
        word = f"Basic {b64encode(b'refpad:right').decode()}"
        is_open = self.path == "/api/health" or self.headers["authorization"] == word
        self.send_response(200 if is_open else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.usefixtures("settings")
def test_a_prefect_that_does_not_take_the_password_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that it is well all the same, and nothing of the work would ever be seen there."""
    with HTTPServer(("127.0.0.1", 0), _Guarded) as server:
        Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}).start()
        monkeypatch.setenv("REFPAD_PREFECT_URL", f"http://127.0.0.1:{server.server_port}")
        found = []
        for word in ("right", "wrong", "pässwörter"):
            monkeypatch.setenv("REFPAD_PREFECT_AUTH", f"refpad:{word}")
            found.append(health()[1]["Prefect"])
        server.shutdown()
    refused = (
        "does not take the password of REFPAD_PREFECT_AUTH; reading goes on, and is not shown until that is mended"
    )
    assert found == ["shows the work", refused, refused]
