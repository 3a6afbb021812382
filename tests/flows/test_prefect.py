"""A real Prefect server: it answers nobody without the password, learns of no patient, and delays no scan."""

import base64
import fcntl
import json
import logging
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from PIL import Image
from pydantic import SecretStr

from flows.intake import RETRIES
from flows.prefect_pages import NOTE
from flows.prefect_server import (
    DATABASE,
    LOGS_IN_LINES,
    auth_file,
    prepare_home,
    server_part,
    shorten_tracebacks,
    wait_healthy,
)
from refpad.ops.health import prefect_url
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.wiring import open_record
from refpad.settings import Settings
from store.intake.ledger.files import ledger
from store.verify import verify
from tests.flows.canary_life import SCANS
from tests.flows.pool_life import asked, make_pool, take_pictures
from tests.flows.prefect_server import PROCESS_MOST_S, ROOT, Server, prefect_server
from tests.processes import kill_all

WORD = "Quillfeather"
UNSIGNED_ANSWERS = {"/api/health", "/api/ready"}
CATCH_UP_S = 300
HELD_MOST_S = 60  # ends the test; Prefect answers only after it


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with prefect_server(tmp_path_factory.mktemp("prefect") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def lived(server: Server) -> list[str]:
    """Run the canary at this server, from beginning to end; returns the command lines that were seen."""
    command_lines: list[str] = []
    process = server.start_process("tests.flows.canary_life", CANARY=WORD)
    while process.poll() is None:
        for child in server.children():
            with suppress(psutil.Error):  # gone meanwhile
                command_lines.append(" ".join(child.cmdline()))
        time.sleep(0.2)
    assert process.returncode == 0, (server.logs / "tests.flows.canary_life.log").read_text()
    return command_lines


def wait_for(condition: Callable[[], bool], most_s: float) -> None:
    """Until it holds."""
    until = time.monotonic() + most_s
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.05)


def test_without_the_password_the_server_answers_only_its_health_check(server: Server) -> None:
    """Any program on the machine, and any web page open on it, can reach a port on loopback."""
    status, _, body = server.ask("/openapi.json", signed=True)
    assert status == 200
    paths = json.loads(body)["paths"]
    routes = [(f"/api{_filled(path)}", method.upper()) for path, each in paths.items() for method in each]
    assert len(routes) > 150
    answered = {path for path, method in routes if server.ask(path, method, signed=False)[0] not in (401, 403)}
    assert answered <= UNSIGNED_ANSWERS


def test_the_password_is_random_and_private(server: Server) -> None:
    """A password that comes with the program is none; one per data folder, readable by its owner."""
    secret = auth_file(server.settings)
    assert len(secret.read_text()) > 30
    assert secret.stat().st_mode & 0o077 == 0
    assert server.home.stat().st_mode & 0o077 == 0


def test_another_sites_page_may_not_call(server: Server) -> None:
    """Prefect's default lets every web page that is open on the machine drive it."""
    origin = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    _, headers, _ = server.ask("/api/flows/filter", "OPTIONS", signed=True, **origin)
    assert "elsewhere" not in str(headers).lower()
    assert headers.get("access-control-allow-origin", "") != "*"


def test_a_change_without_a_csrf_token_is_refused(server: Server) -> None:
    """The browser sends the password along with forged requests, too."""
    assert server.ask("/api/flows/filter", "POST", signed=True)[0] == 403


def test_the_running_server_has_our_settings(server: Server) -> None:
    """What the environment asks for and what the server does have differed before, between versions."""
    _, _, body = server.ask("/api/admin/settings", signed=True)
    settings = json.loads(body)["server"]
    assert settings["analytics_enabled"] is False
    assert settings["ephemeral"]["enabled"] is False
    assert settings["ui"]["v2_enabled"] is False
    assert settings["ui"]["show_promotional_content"] is False
    assert set(settings["services"]["db_vacuum"]["enabled"]) == {"events", "flow_runs"}
    assert settings["api"]["host"] == "127.0.0.1"


@pytest.mark.parametrize("left", ["", " "])
def test_a_password_that_was_never_written_is_made_anew(left: str, tmp_path: Path) -> None:
    """A full disk left an empty file at the first start, and with an empty password Prefect asks for none."""
    settings = Settings(folder=tmp_path)
    auth_file(settings).parent.mkdir()
    auth_file(settings).write_text(left)
    prepare_home(settings)
    made = auth_file(settings).read_text("utf-8")
    assert made.startswith("refpad:")
    assert stat.S_IMODE(auth_file(settings).stat().st_mode) == 0o600
    prepare_home(settings)
    assert auth_file(settings).read_text("utf-8") == made


def test_its_server_is_given_another_database_in_the_words_of_its_driver(tmp_path: Path) -> None:
    """The address is written as for the record; without one its database is a file of its own."""
    settings = Settings(folder=tmp_path)
    prepare_home(settings)
    assert DATABASE not in server_part(settings, {}).env
    given = settings.model_copy(update={"prefect_database_url": SecretStr("postgresql://prefect:x@host/prefect")})
    assert server_part(given, {}).env[DATABASE] == "postgresql+asyncpg://prefect:x@host/prefect"


def test_its_pages_say_what_to_type_and_none_of_them_calls_an_outside_host(server: Server) -> None:
    """Its own page for the password says "admin:pass", and offers an account at Prefect's; the new ones phone home."""
    assert NOTE in server.ask("/login", signed=False, Accept="text/html")[2].decode()
    assert json.loads(server.ask("/ui-settings", signed=False)[2])["available_uis"] == ["v1"]


def test_a_batch_shows_as_tasks_and_tables_of_numbers_and_codes(server: Server, lived: list[str]) -> None:
    """The Prefect UI is for whoever runs the machine, who may not be allowed to see patients."""
    rows = server.tables("intake-scans")
    assert {frozenset(row) for row in rows} == {
        frozenset(("scan", "outcome", "accepted", "review", "reason", "seconds"))
    }
    assert {row["outcome"] for row in rows} == {"Done", "Review"}
    names = {name for (name,) in server.rows("SELECT name FROM task_run")}
    assert {f"scan-{number}" for number in range(1, SCANS + 1)} <= names
    assert server.rows("SELECT count(*) FROM flow_run WHERE parameters != '{}'") == [(0,)]
    states = {(name, kind) for name, kind in server.rows("SELECT state_name, state_type FROM flow_run")}
    assert states == {("Completed", "COMPLETED"), ("Failed", "FAILED")}
    named = {name for (name,) in server.rows("SELECT name FROM flow_run")}
    assert [name for name in named if re.fullmatch(r"\d+ scans?(, \d+ to review)?(, \d+ set aside)?", name)]
    assert [name for name in named if re.fullmatch(r"(\d+ letters?, )?(\d+ follow-ups? due|nothing due)", name)]
    [(said,)] = server.rows("SELECT data FROM artifact WHERE key = 'intake-summary' ORDER BY created LIMIT 1")
    assert f"({server.settings.front_desk.url}/review)" in said
    assert {row["kind"] for row in server.tables("due-follow-ups")} == {"thank provider", "contact patient"}


def test_no_patient_is_found_anywhere_near_prefect(server: Server, lived: list[str]) -> None:
    """The canary: after success and after failures whose texts quoted the name, it is nowhere but in the record."""
    with closing(sqlite3.connect(server.settings.store_folder / "refpad.sqlite")) as record:
        referrals = record.execute("SELECT record FROM referral").fetchall()
    assert WORD in str(referrals), "the canary was never planted"
    assert _hits(server.home, b"scan-1"), "the search does not see what Prefect keeps"
    assert _hits(server.home, WORD.encode()) == []
    assert _hits(server.logs, WORD.encode()) == []
    assert len(lived) > 5
    assert [line for line in lived if WORD in line] == []


def test_the_search_sees_through_base64(tmp_path: Path) -> None:
    """Prefect stores results as base64 pickles inside JSON: a plain search finds nothing in them."""
    hidden = json.dumps({"result": base64.b64encode(f"\x80\x05 {WORD}".encode()).decode()})
    (tmp_path / "result").write_text(hidden)
    assert WORD.encode() not in (tmp_path / "result").read_bytes()
    assert _hits(tmp_path, WORD.encode()) == ["result"]


def test_runs_whose_process_was_killed_are_closed_and_one_under_way_is_not(server: Server, lived: list[str]) -> None:
    """Prefect would show them as running for ever; every flow of ours, whoever started it, on whatever server."""
    before = _runs(server)
    with _folder_held(server.settings.exports):  # all four write there at their end
        processes: list[subprocess.Popen[bytes]] = []
        for name in ("intake", "chase", "export", "export"):  # one after the other, for a busy machine
            processes.append(server.start_process("tests.flows.one_run", name))
            wait_for(lambda: len(_locks(server)) == len(processes), PROCESS_MOST_S)
        *killed, running = processes
        for process in killed[:2]:
            _kill(process)
        shared = {"REFPAD_PREFECT_URL": prefect_url(server.settings), "REFPAD_PREFECT_AUTH": server.password}
        _tidy(server, **shared)
        assert _others(server, before) == [("chase", "CRASHED"), *[("export", "RUNNING")] * 2, ("intake", "CRASHED")]
        _kill(killed[2])
        _tidy(server)
        closed = [("chase", "CRASHED"), ("export", "CRASHED"), ("export", "RUNNING"), ("intake", "CRASHED")]
        assert _others(server, before) == closed
    assert running.wait(PROCESS_MOST_S) == 0
    wait_for(lambda: "RUNNING" not in {state for _, state in _runs(server).values()}, CATCH_UP_S)
    assert server.rows("SELECT name FROM task_run WHERE state_type = 'RUNNING'") == []
    for lock in _locks(server):
        lock.unlink()


def test_a_run_is_closed_where_it_began_and_nowhere_else(server: Server, lived: list[str]) -> None:
    """One that was killed before it began left no trace but its tag; another machine's looks just as dead from here.

    A reading that no worker of our pool came to start keeps its place no longer than it may take to begin. And what
    fails with the machine is tried again, what cannot be is not.
    """
    assert server.start_process("tests.flows.one_run", "begin", "wait", "retry").wait(PROCESS_MOST_S) == 0
    said = (server.logs / "tests.flows.one_run.log").read_text().splitlines()
    states = [line.removeprefix("state ") for line in said if line.startswith("state ")]
    untouched = "Pending Pending Running"
    begun, waited = [untouched, untouched, "Crashed Pending Running"], ["Pending", "Pending", "Crashed"]
    assert states == [*begun, *waited, "Failed 1", f"Failed {1 + RETRIES}"]


@pytest.fixture(scope="module")
def inbox(server: Server, lived: list[str]) -> Iterator[Path]:
    """An inbox that is watched by the real watcher, with a reader without eyes."""
    settings = server.settings
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    process = server.start_process("tests.flows.watch_life", "0.15")
    yield settings.inbox
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PROCESS_MOST_S) == 0


def test_while_prefect_answers_each_scan_is_one_task_run_named_by_its_outcome(server: Server, inbox: Path) -> None:
    """Whoever looks at Prefect sees what was read and how it ended, and nothing twice."""
    before, scans = _finished(server), 12
    for number in range(100, 100 + scans):
        drop_picture(inbox, number)
    wait_for(lambda: _finished(server) == before + scans, PROCESS_MOST_S)
    query = "SELECT 'scan-' || id, state FROM file ORDER BY id DESC LIMIT ?"
    with closing(sqlite3.connect(server.settings.store_folder / "refpad.sqlite", timeout=30)) as record:
        recorded = {name: state.replace("_", " ").capitalize() for name, state in record.execute(query, [scans])}

    def shown() -> list[tuple[str, str]]:
        rows = server.rows("SELECT name, state_name FROM task_run WHERE state_type = 'COMPLETED'")
        return sorted((name, state) for name, state in rows if name in recorded)

    wait_for(lambda: len(shown()) >= scans, CATCH_UP_S)
    wait_for(lambda: "RUNNING" not in {state for _, state in _runs(server).values()}, CATCH_UP_S)
    assert shown() == sorted(recorded.items())


def test_intake_goes_on_when_prefect_is_killed_and_prefect_learns_of_it_later(server: Server, inbox: Path) -> None:
    """Prefect is the monitor: killing it may cost a view, never a scan, and hardly time."""
    before, reported, scans = _finished(server), len(server.tables("intake-scans")), 12
    for number in range(scans):
        drop_picture(inbox, number)
    wait_for(lambda: _finished(server) > before + 2, PROCESS_MOST_S)
    _server_process(server).kill()
    wait_for(lambda: _finished(server) == before + scans, PROCESS_MOST_S)
    assert not _is_server_up(server)
    _restart_server(server)
    wait_for(lambda: len(server.tables("intake-scans")) >= reported + scans, CATCH_UP_S)
    wait_for(lambda: server.rows("SELECT count(*) FROM flow_run WHERE state_type = 'RUNNING'") == [(0,)], CATCH_UP_S)
    numbers = [row["scan"] for row in server.tables("intake-scans")[reported:]]
    assert len(numbers) == len(set(numbers)) == scans


def test_a_prefect_that_hangs_delays_no_scan(server: Server, inbox: Path) -> None:
    """A server that accepts and never answers is worse than none: nothing fails, and everything waits for it."""
    before = _finished(server)
    _server_process(server).suspend()
    for number in (40, 41):
        drop_picture(inbox, number)
    wait_for(lambda: _finished(server) == before + 2, HELD_MOST_S)
    _server_process(server).resume()


def _filled(path: str) -> str:
    """A route with something in the place of its parameters."""
    return "/".join(
        "00000000-0000-4000-8000-000000000000" if part.startswith("{") else part for part in path.split("/")
    )


def _hits(folder: Path, word: bytes) -> list[str]:
    """The files below `folder` that hold the word, as it is or in base64."""
    encoded = [base64.b64encode(b" " * pad + word)[(pad * 8 + 5) // 6 + 1 : -4] for pad in range(3)]
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(form in path.read_bytes() for form in (word, *encoded))
    ]


def _runs(server: Server) -> dict[str, tuple[str, str]]:
    """Flow and state of each flow run, by its id."""
    query = "SELECT run.id, flow.name, run.state_type FROM flow_run run JOIN flow ON flow.id = run.flow_id"
    return {run: (flow, state) for run, flow, state in server.rows(query)}


def _others(server: Server, before: Collection[str]) -> list[tuple[str, str]]:
    """Flow and state of the runs that were not there before."""
    return sorted(found for run, found in _runs(server).items() if run not in before)


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _tidy(server: Server, **sharing: str) -> None:
    assert server.start_process("tests.flows.one_run", "tidy", **sharing).wait(PROCESS_MOST_S) == 0


def _locks(server: Server) -> list[Path]:
    """Of runs that have begun and of whose end Prefect does not know."""
    return list((server.home / "runs").iterdir())


@contextmanager
def _folder_held(folder: Path) -> Iterator[None]:
    """Whoever writes a file into it waits."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _finished(server: Server) -> int:
    with closing(sqlite3.connect(server.settings.store_folder / "refpad.sqlite", timeout=30)) as record:
        query = "SELECT count(*) FROM file WHERE finished_at IS NOT NULL"
        return int(record.execute(query).fetchone()[0])


def drop_picture(inbox: Path, number: int) -> None:
    """A picture that no other is like."""
    out = BytesIO()
    Image.new("L", (40, 50), 40 + number).save(out, "JPEG")
    part = inbox / f"{number}.jpg.part"
    part.write_bytes(out.getvalue())
    part.rename(inbox / f"{number}.jpg")


def _server_process(server: Server) -> psutil.Process:
    return next(child for child in server.children() if "prefect" in child.cmdline())


def _is_server_up(server: Server) -> bool:
    with suppress(psutil.Error, StopIteration):  # dead, or not there
        return _server_process(server).status() != psutil.STATUS_ZOMBIE
    return False


def _restart_server(server: Server) -> None:
    until = time.monotonic() + CATCH_UP_S
    while not _is_server_up(server):
        assert time.monotonic() < until
        server.supervisor.restart_stopped()
        time.sleep(0.1)
    assert wait_healthy(server.settings, PROCESS_MOST_S)


def test_what_a_killed_worker_of_the_pool_had_begun_is_read_by_another(server: Server, tmp_path: Path) -> None:
    """Prefect distributes, the record knows who reads what: readings of two machines share the files, none twice."""
    settings = _another_machine(server, tmp_path / "data")
    with closing(open_record(settings)) as store:
        take_pictures(store, settings, 40)
        with asked(settings, make_pool):
            first = _start_worker(server, settings)
            wait_for(lambda: ledger(store).waiting < 36, PROCESS_MOST_S)
            _kill_with_all(first)
            assert ledger(store).waiting
            second = _start_worker(server, settings)
            wait_for(lambda: not ledger(store).waiting, PROCESS_MOST_S)
            wait_for(lambda: bool(_readings(server, "Late")), CATCH_UP_S)
            wait_for(lambda: _are_told(_readings(server, "Completed", "Late")), CATCH_UP_S)
        _kill_with_all(second)
        assert verify(store) == []
    assert server.rows("SELECT concurrency_limit FROM work_pool") == [(settings.pool_readers,)]


def _are_told(readings: list[tuple[str, str]]) -> bool:
    """Whether one of them is named by what it did; on a busy machine the server may take it for silent, too."""
    return any(re.fullmatch(r"\d+ scans?(, \d+ to review)?", name) for name, _ in readings)


def _another_machine(server: Server, folder: Path) -> Settings:
    """A record of its own, whose readers reach the same Prefect."""
    known = Settings(folder=folder, prefect_url=prefect_url(server.settings), prefect_auth=SecretStr(server.password))
    return known.model_copy(update={"pool": "refpad", "pool_readers": 2})


def _start_worker(server: Server, settings: Settings) -> subprocess.Popen[bytes]:
    at = {"REFPAD_FOLDER": str(settings.folder), "REFPAD_POOL": str(settings.pool), "PYTHONPATH": str(ROOT)}
    known = {"REFPAD_PREFECT_URL": str(settings.prefect_url), "REFPAD_PREFECT_AUTH": server.password}
    with (server.logs / "worker.log").open("ab") as log:
        argv = [sys.executable, "-m", "refpad", "reader", "--pool"]
        return subprocess.Popen(argv, cwd=ROOT, env={**os.environ, **at, **known}, stdout=log, stderr=log)


def _kill_with_all(process: subprocess.Popen[bytes]) -> None:
    """As a machine that loses its power."""
    kill_all(psutil.Process(process.pid).children(recursive=True))
    _kill(process)


def _readings(server: Server, *states: str) -> list[tuple[str, str]]:
    """Name and state of the pool's readings that are in one of these states."""
    query = (
        "SELECT run.name, run.state_name FROM flow_run run JOIN deployment ON deployment.id = run.deployment_id "
        "WHERE deployment.name = 'on-the-pool'"
    )
    return [row for row in server.rows(query) if row[1] in states]


COMPLAINT = re.compile(r"never awaited|Warning|Traceback|Exception|Error\b|ERROR|CRITICAL")


def test_the_schedule_stops_without_a_complaint(server: Server) -> None:
    """A log is read when something is wrong; what is always there hides what is new."""
    schedule = _start_schedule(server)
    _ask_until_it_ends(schedule)
    assert schedule.returncode == 0
    assert [line for line in _schedule_log(server).splitlines() if COMPLAINT.search(line)] == []


def test_the_schedule_logs_no_traceback_when_prefect_was_away(server: Server) -> None:
    """Prefect's observer of canceled runs loses its connection: a sentence says so, and a page of code says no more."""
    schedule = _start_schedule(server)
    _server_process(server).kill()
    wait_for(lambda: "polling mode" in _schedule_log(server), CATCH_UP_S)
    _restart_server(server)
    schedule.terminate()
    assert schedule.wait(timeout=PROCESS_MOST_S) == 0
    assert re.findall("Traceback|never awaited|ERROR", _schedule_log(server)) == []


@pytest.mark.parametrize("name", LOGS_IN_LINES)
def test_a_lost_connection_or_a_failed_run_is_one_line_of_the_log(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Of watcher and schedule alike: a page for each outage hides what a person can do something about."""
    shorten_tracebacks()
    try:
        raise ConnectionRefusedError("no such port")
    except ConnectionRefusedError:
        logging.getLogger(name).exception("the connection is lost")
    assert caplog.messages == ["the connection is lost (ConnectionRefusedError)"]
    assert "Traceback" not in caplog.text


def _start_schedule(server: Server) -> subprocess.Popen[bytes]:
    """Once it asks Prefect for work."""
    its_own = "last_polled IS NOT NULL AND name != 'on-the-pool'"  # that one is polled by the workers of a pool
    query = f"SELECT count(*), max(last_polled) FROM deployment WHERE {its_own}"  # noqa: S608
    before = server.rows(query)
    schedule = server.start_process("flows.serve")
    wait_for(lambda: (rows := server.rows(query)) != before and rows[0][0] == 3, PROCESS_MOST_S)
    return schedule


def _ask_until_it_ends(process: subprocess.Popen[bytes]) -> None:
    """As when Ctrl-C and the supervisor both ask, at whatever point of its end the second one comes."""

    def ask() -> bool:
        process.terminate()
        return process.poll() is not None

    wait_for(ask, PROCESS_MOST_S)


def _schedule_log(server: Server) -> str:
    return (server.logs / "flows.serve.log").read_text()
