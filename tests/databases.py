"""A private PostgreSQL for the tests: Debian's own, on a free loopback port, never run as root."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

START_S = 60.0
MEMORY = "/dev/shm"  # noqa: S108 - what is made in it gets a random name and is private
OWNERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root


@dataclass
class PostgreSQL:
    """A running cluster."""

    port: int
    password: str
    made: int = 0
    process: subprocess.Popen[bytes] | None = None
    start: Callable[[], None] = lambda: None

    def restart(self) -> None:
        """End it without a word to anybody, and start it again."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """ "Immediate shutdown": nobody is waited for, and nothing is written that is not written yet."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=START_S)

    def url(self, database: str) -> str:
        return f"postgresql://refpad:{self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, like: str = "template1") -> str:
        """The URL of a new database, a copy of the one called `like`."""
        self.made += 1
        name = f"refpad_{self.made}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Have it gone; each takes 7 MB."""
        self._run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One cluster for the whole run."""
    with cluster() as server:
        yield server


@contextmanager
def cluster() -> Iterator[PostgreSQL]:
    """A cluster in a folder of its own that goes with it."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="refpad-postgresql-", dir=in_memory()) as made:
        folder, owner = Path(made), _owner()
        server = PostgreSQL(free_port(), secrets.token_hex(16))
        (folder / "password").write_text(server.password)
        if owner is not None:
            for each in (folder, folder / "password"):
                shutil.chown(each, owner)
        with _running(programs, folder, server, owner):
            yield server


@contextmanager
def _running(programs: Path, folder: Path, server: PostgreSQL, owner: str | None) -> Iterator[None]:
    data, log = folder / "data", folder / "log"
    who = {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []} if owner else {}
    initdb = [programs / "initdb", "-D", data, "-U", "refpad", "--auth=scram-sha-256", "-E", "UTF8", "--no-sync"]
    subprocess.run([*initdb, f"--pwfile={folder / 'password'}"], check=True, capture_output=True, cwd=folder, **who)
    options = {"port": server.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
    options["dynamic_shared_memory_type"] = "mmap"  # lies in the folder, and so goes with it
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as out:
        command = [programs / "postgres", "-D", data, *flags]

        def start() -> None:
            server.process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, **who)
            _wait_until_up(server, server.process, log)

        server.start = start
        try:
            start()
            yield
        finally:
            server.stop()


def _wait_until_up(server: PostgreSQL, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text()[-500:]}")


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.fail("The store is tested on PostgreSQL too: install Debian's package postgresql, or run: make test")
    return found[-1].parent if found else Path(str(on_path)).parent


def _owner() -> str | None:
    """Whom the server runs as when the tests run as root."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in OWNERS if name in known)


def in_memory() -> str | None:
    """A folder in memory for what need not survive, where there is one: syncing to a disk would only cost time."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
