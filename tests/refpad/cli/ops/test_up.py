"""`refpad up`, as people start, stop and lose it."""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from refpad.cli import app
from refpad.cli.console import results, talk
from refpad.cli.ops.up_display import SavedChanges, ScanReports, show_front_desk, show_places
from refpad.ops.health import readers_health
from refpad.services.intake.inbox_entries import MARKER
from refpad.services.studios import changes
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import DesignError, UsageError
from schemas.reasons import SetAsideReason
from store.intake import claims
from store.intake.taking_in.take_in import take_in
from tests.databases import cluster
from tests.flows.prefect_server import ROOT, free_port

READY_S = 300.0  # for a machine that does much else; where all is well it takes ten
SAMPLE = ROOT / "samples" / "neat-slip.png"
LAN_ADDRESS = "127.0.0.2"  # loopback stands for the local network


@dataclass
class Up:
    """A running `refpad up` and all that it has printed."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def says(self, words: str, most_s: float = READY_S) -> str:
        """Wait for a line with these words."""
        until = time.monotonic() + most_s
        while time.monotonic() < until:
            if found := [line for line in self.lines if words in line]:
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"never said {words!r}, but: {self.lines}")

    def family(self) -> list[psutil.Process]:
        head = psutil.Process(self.process.pid)
        return [head, *head.children(recursive=True)]


class Machine:
    """A data folder and a port of our own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "data", free_port()
        self.env = {**os.environ, "REFPAD_FOLDER": str(self.folder), "REFPAD_PREFECT_PORT": str(self.port)}
        self.desk_port = free_port()
        self.env["REFPAD_FRONT_DESK__PORT"] = str(self.desk_port)
        self.lan_port = free_port()
        self.env["REFPAD_FRONT_DESK__LAN_ADDRESS"] = LAN_ADDRESS
        self.env["REFPAD_FRONT_DESK__LAN_PORT"] = str(self.lan_port)

    @property
    def argv(self) -> list[str]:
        return [sys.executable, "-u", "-c", "from refpad.cli import main; main()", "up"]

    @property
    def marker(self) -> Path:
        return self.folder / "inbox" / MARKER

    @contextmanager
    def up(self, *options: str) -> Iterator[Up]:
        """Start it; whatever happens, nothing of it is left after the block."""
        process = subprocess.Popen(
            [*self.argv, *options],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started = Up(process)
        ear = threading.Thread(target=started.listen)
        ear.start()
        try:
            yield started
        finally:
            process.kill()
            process.wait()
            ear.join()

    def refused(self) -> subprocess.CompletedProcess[str]:
        """A start that cannot succeed."""
        return subprocess.run(
            self.argv, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=READY_S, check=False
        )

    def drop(self, name: str) -> None:
        part = self.folder / "inbox" / f"{name}.part"
        shutil.copyfile(SAMPLE, part)
        part.rename(self.folder / "inbox" / name)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("up"))


COMPLAINT = re.compile(r"never awaited|Traceback|RuntimeWarning|Exception ignored")


def complaints(logs: Path) -> list[str]:
    """What programs say of themselves when they end in another way than was meant."""
    lines = (f"{log.name}: {line}" for log in logs.glob("*.log") for line in log.read_text().splitlines())
    return [line for line in lines if COMPLAINT.search(line)]


def first_line(up: Up, words: str) -> int:
    return next(number for number, line in enumerate(up.lines) if words in line)


def test_it_says_where_everything_is_reads_a_dropped_scan_and_stops_with_nobody_left(machine: Machine) -> None:
    """The first minutes of everybody who tries it; a scan's name may be a patient's and is not printed.

    With a second reader, which is ended with the others, and a second studio that is added and closed meanwhile.
    """
    with machine.up("--readers", "2") as up:
        link = up.says("begin here, once").split()[-1]
        assert link.startswith(f"http://127.0.0.1:{machine.desk_port}/first/")
        with urllib.request.urlopen(link, timeout=READY_S) as page:  # noqa: S310 - our own address
            assert "you are an admin" in page.read().decode()
        up.says("Watching;")
        with pytest.raises(ConnectionRefusedError):  # nobody asked for --lan
            socket.create_connection((LAN_ADDRESS, machine.lan_port), timeout=30)
        assert [line for line in up.lines if "/first/" in line] == [up.says("/first/")]  # each ends the one before
        assert first_line(up, "/first/") < first_line(up, "refpad review list")
        for words in (
            "inbox",
            "referrals.csv",
            f"http://127.0.0.1:{machine.port}",
            "auth-string",
            "refpad review list",
        ):
            up.says(words, 0.1)
        machine.drop("Ada Quill.png")
        up.says("Scan 1: 1 ")
        machine.drop("again.png")
        up.says("a duplicate of scan 1")
        machine.marker.unlink()
        up.says("mount its disk")
        machine.marker.touch()
        up.says("The inbox is back.")
        second = machine.refused()
        assert (second.returncode, "already up" in second.stderr) == (3, True)
        with closing(open_record(Settings(folder=machine.folder))) as store:
            while readers_health(Settings(readers=2), store).found != "2 at work":
                time.sleep(0.1)
            changes.add_studio(store, Settings(folder=machine.folder), "north", "North", "root")
            up.says("Studio north: drop scans into")
            up.says("http://north.localhost:")
            changes.close_studio(store, Settings(folder=machine.folder), "north", "root")
            up.says("Studio north is closed")
        family = up.family()
        assert len(family) >= 5
        up.process.send_signal(signal.SIGTERM)
        assert up.process.wait(timeout=READY_S) == 0
        assert psutil.wait_procs(family, timeout=READY_S)[1] == []
    assert "Quill" not in "\n".join(up.lines)
    assert complaints(machine.folder / "logs") == []
    assert (machine.folder / "exports" / "referrals.csv").is_file()


def test_after_kill_9_nobody_is_left_and_the_next_start_goes_on(machine: Machine) -> None:
    """Power cuts and the memory killer say no good-bye; what waited is worked at the next start.

    That one is on the local network too: its link, and the fingerprint of what is served there, are printed.
    """
    with machine.up() as up:
        up.says("Starting")
        while len(family := up.family()) < 4:
            time.sleep(0.1)
        up.process.kill()
        assert psutil.wait_procs(family, timeout=READY_S)[1] == []
    part = machine.folder / "inbox" / "late.png"
    part.write_bytes(SAMPLE.read_bytes() + b"\0")
    with machine.up("--once", "--lan") as up:
        assert up.says("The front desk  ").endswith(f"https://{LAN_ADDRESS}:{machine.lan_port}")
        shown = up.says("its fingerprint").split()[-2]
        served = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((LAN_ADDRESS, machine.lan_port), timeout=30))
        assert hashlib.sha256(served).digest().hex(":").upper().startswith(shown)
        assert f"http://127.0.0.1:{machine.desk_port}" in up.says("at this computer")
        up.says("Scan ")  # its number depends on what other tests of this machine have dropped
        assert up.process.wait(timeout=READY_S) == 0


def test_a_taken_port_is_said_with_the_way_out(machine: Machine) -> None:
    """Before anything is started, in one sentence, with exit code 3."""
    with socket.create_server(("127.0.0.1", machine.port)):
        ran = machine.refused()
    assert ran.returncode == 3
    assert f"REFPAD_PREFECT_PORT={machine.port + 1}" in ran.stderr


def test_one_port_for_both_is_refused_with_both_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is taken before the start, and the second would be restarted for ever."""
    for name, value in {"FOLDER": str(tmp_path), "PREFECT_PORT": "4777", "FRONT_DESK__PORT": "4777"}.items():
        monkeypatch.setenv(f"REFPAD_{name}", value)
    with pytest.raises(UsageError, match="REFPAD_FRONT_DESK__PORT and REFPAD_PREFECT_PORT are both 4777"):
        CliRunner().invoke(app, ["up"], catch_exceptions=False)


def test_what_is_printed_is_printed_letter_by_letter(capsys: pytest.CaptureFixture[str]) -> None:
    """A fingerprint with AB between two colons showed a picture there, and was no longer what the browser shows."""
    for console in (results, talk):
        console.print("34:AB:8E:ON:OK", markup=False)
    shown = capsys.readouterr()
    assert shown.out == shown.err == "34:AB:8E:ON:OK\n"


def test_links_and_paths_are_whole_on_a_narrow_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The link to begin with is of use to nobody when its end is cut off."""
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / ("deep" * 20)))
    monkeypatch.setattr(results, "width", 60)
    settings = Settings()
    with closing(open_record(settings)) as store:
        show_front_desk(settings, store)
        show_places(settings, store)
    shown = capsys.readouterr().out.splitlines()
    assert any(re.search(r"/first/[\w-]{30,}$", line) for line in shown)
    for whole in (str(settings.inbox), str(settings.exports / "referrals.csv"), "refpad follow-ups list --due"):
        assert any(line.endswith(whole) for line in shown)


def test_a_scan_that_grew_after_it_was_taken_in_is_said_to_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The terminal that says "rejected" says why; `refpad status` counts such files."""
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path))
    settings, path = Settings(), tmp_path / "scan.tif"
    with closing(open_record(settings)) as store:
        reports = ScanReports(store, settings)
        for content in (b"page 1", b"page 1 and 2"):
            path.write_bytes(content)
            take_in(store, path, settings.limits, keep_s=180)
            claim = claims.next_claim(store, "worker", 60)
            assert claim is not None
            claims.set_aside(store, claim, SetAsideReason.DAMAGED, "It is damaged.")
        reports.show_new()
    shown = " ".join(capsys.readouterr().err.split())
    assert "Scan 1: set aside. It is damaged." in shown
    assert (
        "Scan 2: set aside. It is scan 1, which changed after it was taken in: it was read again. It is damaged."
        in shown
    )
    status = CliRunner().invoke(app, ["status"])
    assert "Files that grew in the inbox after they were taken in, and were read again: 1." in status.stderr
    assert json.loads(CliRunner().invoke(app, ["status", "--json"]).stdout)["grown_files"] == 1


def test_a_database_that_is_away_for_a_while_is_told_once_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Watcher and front desk go on when it answers again: whoever supervises them must not have stopped them."""
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path))
    with cluster() as server:
        monkeypatch.setenv("REFPAD_DATABASE_URL", server.new_database())
        with closing(open_record(Settings())) as store:
            reports = ScanReports(store, Settings())
            server.stop()
            for _ in range(2):
                reports.show_new()
            server.start()
            (tmp_path / "scan.tif").write_bytes(b"page 1")
            take_in(store, tmp_path / "scan.tif", Settings().limits)
            claim = claims.next_claim(store, "worker", 60)
            assert claim is not None
            claims.set_aside(store, claim, SetAsideReason.DAMAGED, "It is damaged.")
            reports.show_new()
    shown = " ".join(capsys.readouterr().err.split())
    assert shown.count("PostgreSQL gives no connection") == 1
    assert "Scan 1: set aside. It is damaged. The database answers again." in shown


def test_settings_that_stand_still_are_taken_over_and_wrong_ones_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One restart for the steps of a set-up, and none for a file that nobody can read."""
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path))
    now_s, file = [0.0], tmp_path / "settings.json"
    saved = SavedChanges(Settings(), lambda: now_s[0])

    def says_so_after(seconds: float) -> bool:
        now_s[0] += seconds
        return saved.are_new()

    assert not says_so_after(60)
    for zone in ("America/Chicago", "America/Denver"):
        file.write_text(json.dumps({"time_zone": zone}))
        assert not says_so_after(2)
    assert says_so_after(4)
    assert not says_so_after(60)
    file.write_text("{")
    assert not says_so_after(1)
    assert not says_so_after(4)
    assert "The settings of before stay in use" in capsys.readouterr().err


def test_a_design_that_is_no_toml_is_said_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot go on must not promise to."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path))
    designs = tmp_path / "designs"
    designs.mkdir()
    (designs / "broken-1.toml").write_text('design = "a"\nedition 1\n')
    done = CliRunner().invoke(app, ["up", "--once"])
    assert isinstance(done.exception, DesignError)
    place = "cannot be understood at line 2; mend that line or take the file out of"
    assert str(done.exception) == f"broken-1.toml: {place} {designs}."
    assert "Stopped" not in done.output
    assert not (tmp_path / "store").exists()
