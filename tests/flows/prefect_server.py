"""A real Prefect server of our own, set up as `refpad up` sets it up."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.prefect_server import auth_file, client_environment, prepare_home, server_part, wait_healthy
from refpad.ops.health import prefect_url
from refpad.ops.supervisor import Supervisor
from refpad.settings import Settings
from tests.processes import Offspring

ROOT = Path(__file__).parents[2]
PROCESS_MOST_S = 300


@dataclass
class Server:
    """A running server; `supervisor` may be used to restart it."""

    settings: Settings
    supervisor: Supervisor
    messages: list[str] = field(default_factory=list)
    children: Offspring = field(default_factory=Offspring)

    @property
    def home(self) -> Path:
        return self.settings.prefect_home

    @property
    def password(self) -> str:
        """User and password of its UI and API."""
        return auth_file(self.settings).read_text()

    @property
    def logs(self) -> Path:
        return self.settings.folder / "logs"

    def ask(self, path: str, method: str = "GET", *, signed: bool, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one request, with or without the password."""
        if signed:
            secret = self.password
            headers["Authorization"] = f"Basic {b64encode(secret.encode()).decode()}"
        body = b"{}" if method in ("POST", "PUT", "PATCH") else None
        url = f"{prefect_url(self.settings)}{path}"
        request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers}, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """From Prefect's own database."""
        with closing(sqlite3.connect(f"file:{self.home / 'prefect.db'}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def tables(self, key: str) -> list[dict[str, Any]]:
        """All rows of the table artifacts of that key, oldest first."""
        rows = self.rows(f"SELECT data FROM artifact WHERE key = '{key}' ORDER BY created")  # noqa: S608
        return [row for (data,) in rows for row in json.loads(json.loads(data))]

    def start_process(self, module: str, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        """A process of ours that talks to this server; what it prints is kept with the logs."""
        environment = {**client_environment(self.settings, os.environ), **more}
        environment["REFPAD_FOLDER"] = str(self.settings.folder)
        environment["REFPAD_PREFECT_PORT"] = str(self.settings.prefect_port)
        with (self.logs / f"{module}.log").open("ab") as log:
            argv = [sys.executable, "-m", module, *arguments]
            return subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=log, stderr=log)


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def prefect_server(folder: Path) -> Iterator[Server]:
    """The server, healthy, for as long as the block lasts."""
    settings = Settings(folder=folder, prefect_port=free_port(), quiet_seconds=0.1)
    prepare_home(settings)
    messages: list[str] = []
    server = Server(settings, Supervisor(folder / "logs", messages.append), messages)
    server.supervisor.start(server_part(settings, client_environment(settings, os.environ)))
    try:
        assert wait_healthy(settings, PROCESS_MOST_S)
        yield server
    finally:
        server.supervisor.stop()
