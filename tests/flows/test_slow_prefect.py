"""A Prefect that answers late, or accepts connections and never answers: intake goes on, and a sentence says so."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from typer.testing import CliRunner

from flows.prefect_server import prepare_home
from refpad.cli import app
from refpad.ops.supervisor import Supervisor
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.wiring import open_record
from refpad.settings import Settings
from store.intake.ledger.files import ledger
from tests.flows.prefect_server import PROCESS_MOST_S, Server
from tests.flows.test_prefect import drop_picture, wait_for

LATE_S = 60.0  # a person has given up by then, and so must have whoever asked


class Stalling(ThreadingHTTPServer):
    """Answers nothing in time, but for what asks whether it is well when it `is_well`."""

    daemon_threads = True

    def __init__(self, *, is_well: bool) -> None:
        super().__init__(("127.0.0.1", 0), Late)
        self.is_well, self.closing, self.asked = is_well, Event(), list[str]()


class Late(BaseHTTPRequestHandler):
    """One request."""

    server: Stalling

    def do_GET(self) -> None:
        """Late, unless it is the health check of a server that says that it is well."""
        self.server.asked.append(self.path)
        if not (self.server.is_well and self.path == "/api/health"):
            self.server.closing.wait(LATE_S)
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"true")

    do_POST = do_PATCH = do_GET  # noqa: N815 - as the library calls them

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def handle(self) -> None:
        """Whoever asked may have gone."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True


@contextmanager
def stalling(folder: Path, *, is_well: bool) -> Iterator[tuple[Server, Stalling]]:
    """In the place of our own server."""
    prefect = Stalling(is_well=is_well)
    Thread(target=prefect.serve_forever, daemon=True).start()
    settings = Settings(folder=folder, prefect_port=prefect.server_port, quiet_seconds=0.1)
    prepare_home(settings)
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    server = Server(settings, Supervisor(folder / "logs", print))
    server.logs.mkdir(exist_ok=True)
    try:
        yield server, prefect
    finally:
        prefect.closing.set()
        prefect.shutdown()
        prefect.server_close()


@pytest.mark.parametrize("is_well", [False, True], ids=["never answers", "answers late"])
def test_a_slow_prefect_delays_no_scan_and_fills_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_well: bool
) -> None:
    """The monitor is no part of the work; and whoever looks at the log must find what they can do something about."""
    with stalling(tmp_path / "data", is_well=is_well) as (server, prefect):
        watcher = server.start_process("tests.flows.watch_life", "0.05")
        for number in (1, 2):
            drop_picture(server.settings.inbox, number)
        with closing(open_record(server.settings)) as store:
            wait_for(lambda: ledger(store).seen == 2 and not ledger(store).waiting, PROCESS_MOST_S)
        wait_for(lambda: len(prefect.asked) > (1 if is_well else 0), PROCESS_MOST_S)
        monkeypatch.setenv("REFPAD_FOLDER", str(server.settings.folder))
        monkeypatch.setenv("REFPAD_PREFECT_PORT", str(server.settings.prefect_port))
        told = CliRunner().invoke(app, ["health"], catch_exceptions=False)
        assert ("does not answer" in told.stdout) != is_well
        watcher.terminate()
        assert watcher.wait(PROCESS_MOST_S) == 0
        assert "Traceback" not in (server.logs / "tests.flows.watch_life.log").read_text()
