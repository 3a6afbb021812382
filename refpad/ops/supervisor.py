"""A supervisor of processes: it starts them, restarts those that stop, and leaves none behind."""

import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO

import psutil

from ocr.sandbox.process import hold_lifeline
from schemas.errors import MachineError
from schemas.front_desk import LOOPBACK

BACK_OFF_FIRST_S, BACK_OFF_MOST_S = 1.0, 30.0
SETTLED_S = 60.0  # a part that ran this long is stable: when it stops, the back-off begins anew
GRACE_S = 5.0  # the watcher gives the file that is being read 3 s; Prefect's server ends in 1 to 2 s
PORT_MOST = 65_535
OF_THE_SYSTEM = "for programs of the system alone"  # ip(7): below ip_unprivileged_port_start
LOG_BYTES_MOST = 5_000_000


@dataclass(frozen=True)
class Part:
    """One process to run. Secrets go into `env`, never into `argv`, which every user of the machine can read.

    It runs in the `folder`, where it looks for its settings; without one, where the supervisor does.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    folder: Path | None = None


@dataclass
class _Running:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    lifeline: int | None = None
    started_at_s: float = 0.0
    failures: int = 0
    restart_at_s: float = 0.0


class Supervisor:
    """Runs the parts until `stop`. No part, nor what it starts in its process group, outlives the supervisor.

    Each holds a lifeline (`ocr.sandbox.process.hold_lifeline`) that the kernel closes even after kill -9. The process
    that uses a supervisor must have one thread only.
    """

    def __init__(self, logs: Path, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._logs, self._tell, self._clock = logs, tell, clock
        self._running: dict[str, _Running] = {}
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)

    def start(self, part: Part) -> None:
        """Start one more part."""
        self._running[part.name] = running = _Running(part)
        self._launch(running)

    def restart_stopped(self) -> None:
        """Notice which parts stopped, and start those again whose back-off is over; to be called again and again."""
        for running in self._running.values():
            if running.process is not None and running.process.poll() is not None:
                self._plan_restart(running)
            if running.process is None and self._clock() >= running.restart_at_s:
                self._launch(running)

    def restart(self, names: Collection[str], grace_s: float = GRACE_S) -> None:
        """End these parts, as `stop` does, and start them at once: they read their settings anew."""
        for running in self._running.values():
            if running.part.name in names and running.process is not None:
                _end([running.process.pid], grace_s)
                _reap(running)
                self._launch(running)

    def end(self, names: Collection[str], grace_s: float = GRACE_S) -> None:
        """End these parts, as `stop` does, for good."""
        for name in names:
            if (running := self._running.pop(name, None)) is not None:
                _end([running.process.pid] if running.process is not None else [], grace_s)
                _reap(running)

    def stop(self, grace_s: float = GRACE_S) -> None:
        """SIGTERM to all but the first, then to the first, which the others use; each SIGKILL after `grace_s`."""
        running = list(self._running.values())
        for parts in (running[1:], running[:1]):
            _end([part.process.pid for part in parts if part.process is not None], grace_s)
            for part in parts:
                _reap(part)
        self._running.clear()

    def _launch(self, running: _Running) -> None:
        pulse, running.lifeline = os.pipe()
        with _open_log(self._log_of(running.part)) as log:
            running.process = subprocess.Popen(
                running.part.argv,
                env=dict(running.part.env),
                cwd=running.part.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C on the terminal reaches the supervisor alone
                pass_fds=(pulse,),
                preexec_fn=partial(hold_lifeline, pulse),  # safe: the supervisor has no other thread
            )
        os.close(pulse)
        running.started_at_s = self._clock()

    def _log_of(self, part: Part) -> Path:
        return self._logs / f"{part.name.lower().replace(' ', '-')}.log"

    def _plan_restart(self, running: _Running) -> None:
        assert running.process is not None  # noqa: S101 - asked by the caller
        now = self._clock()
        running.failures = 1 if now - running.started_at_s > SETTLED_S else running.failures + 1
        wait_s = min(BACK_OFF_MOST_S, BACK_OFF_FIRST_S * 2 ** (running.failures - 1))
        running.restart_at_s = now + wait_s
        code = running.process.returncode
        how = f"stopped (exit {code})" if code else "ended to begin anew"  # as the front desk does for another studio
        self._tell(
            f"The {running.part.name} {how}; "
            f"starting it again in {wait_s:.0f} s. Its log is {self._log_of(running.part)}."
        )
        _signal_group(running.process.pid, signal.SIGKILL)
        _reap(running)


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold the lock of a data folder. The kernel frees it when the holder ends, so that no lock outlives its holder."""
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock.open("a+") as file:
        if not _locked(file):
            holder = lock_holder(lock) or "unknown"
            raise MachineError(
                f"refpad is already up in {lock.parent} (process {holder}): use that one, stop it with "
                f"`kill {holder}`, or set REFPAD_FOLDER to another folder."
            )
        _write_pid(lock, file)
        yield
        file.truncate(0)


def _write_pid(lock: Path, file: TextIO) -> None:
    try:
        file.truncate(0)
        os.write(file.fileno(), str(os.getpid()).encode())  # past the buffer, which would try again when it is closed
    except OSError as error:
        raise MachineError(f"{lock} cannot be written ({error.strerror}): make room on its disk.") from None


def lock_holder(lock: Path) -> int | None:
    """The process that holds the lock, or None."""
    if not lock.exists():
        return None
    with lock.open("a+") as file:
        if _locked(file):
            return None
        file.seek(0)
        return int(file.read() or 0)


def require_free_port(port: int, setting: str, patience_s: float = 3.0, address: str = LOOPBACK) -> None:
    """Raise MachineError when nobody can listen on `port`; its last owner gets `patience_s` to close it."""
    until = time.monotonic() + patience_s
    while (number := port_problem(port, address)) is not None:
        if number == errno.EADDRNOTAVAIL:
            at = setting.replace("PORT", "ADDRESS")
            raise MachineError(f"This computer has no address {address}: set {at} to one that it has, or leave it out.")
        if number == errno.EACCES:
            raise MachineError(f"Port {port} is {OF_THE_SYSTEM}: choose one from 1024 on with {setting}.")
        if time.monotonic() > until:
            raise MachineError(
                f"Port {port} on {address} is taken{_by_whom(port)}: stop that program, or choose another port "
                f"with {setting}, for example {setting}={another(port)}."
            )
        time.sleep(0.1)


def another(port: int) -> int:
    """A port to try in its place."""
    return port + 1 if port < PORT_MOST else port - 1


def port_problem(port: int, address: str = LOOPBACK) -> int | None:
    """The number of the error with which nobody can listen on `port`, as when another does; None when it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno
    return None


def command(module: str) -> tuple[str, ...]:
    """How a module of refpad is started as a process of its own."""
    return (sys.executable, "-m", module)


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _open_log(path: Path) -> BinaryIO:
    """The end of a part's log, private; a long one makes room for a new one, and one old one is kept."""
    if path.exists() and path.stat().st_size > LOG_BYTES_MOST:
        path.replace(path.with_suffix(".old.log"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb")


def _by_whom(port: int) -> str:
    try:
        for net_connection in psutil.net_connections("tcp"):
            if (
                net_connection.status == psutil.CONN_LISTEN
                and net_connection.laddr
                and net_connection.laddr.port == port
                and net_connection.pid
            ):
                return f" by {psutil.Process(net_connection.pid).name()} (process {net_connection.pid})"
    except psutil.Error:
        return ""
    return ""


def _family(pid: int) -> list[psutil.Process]:
    try:
        head = psutil.Process(pid)
        return [*head.children(recursive=True), head]
    except psutil.NoSuchProcess:
        return []


def _end(leaders: list[int], grace_s: float) -> None:
    """End these processes with their groups and all that they started."""
    family = [member for leader in leaders for member in _family(leader)]
    for leader in leaders:
        _signal_group(leader, signal.SIGTERM)
    _, alive = psutil.wait_procs(family, timeout=grace_s)
    for leader in leaders:
        _signal_group(leader, signal.SIGKILL)
    for member in alive:
        with suppress(psutil.NoSuchProcess):
            member.kill()


def _reap(running: _Running) -> None:
    """Wait for the ended process, and close its lifeline, which ends whatever is left of its group."""
    if running.process is not None:
        running.process.wait()
        running.process = None
    if running.lifeline is not None:
        os.close(running.lifeline)
        running.lifeline = None


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
