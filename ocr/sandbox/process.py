"""Killable child processes for work on files that nobody can trust.

A child lives in its own session, under a memory limit, and without the parent's secrets in its environment.
Parent and child talk over a socket in frames of JSON and raw bytes, never pickle: a decoder that a hostile
file has taken over can send wrong pixels, but cannot run code in the parent.

No child outlives its parent. Each holds the reading end of a pipe whose writing end only the parent has;
when that closes, for whatever reason, the kernel signals the child's whole process group (fcntl(2),
F_SETOWN with O_ASYNC). PR_SET_PDEATHSIG would not do: it fires when the *thread* ends that started the
child, and it spares grandchildren such as pdftoppm.
"""

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ocr.sandbox.framing import Frame, read_frame, write_frame
from schemas.errors import MachineError, SetAsideError
from schemas.exit_codes import ExitCode
from schemas.reasons import SetAsideReason as Reason

START_S = 60.0  # a cold start on a busy machine imports for up to 10 s
# What a child may know of its surroundings; settings with passwords are not among it.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"), "1")
# glibc (mallopt(3)): keep up to 128 MB of freed memory, so that the next page's buffers, some of 34 MB, need not be
# mapped and cleared by the kernel again; a fifth of the time of opening a page.
KEPT_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(128 << 20)}
PACKAGES = Path(__file__).resolve().parents[2]


class ChildLostError(SetAsideError):
    """A child died or was stopped: reason timeout, memory or engine_crashed; the next request starts another."""


class Child:
    """A process that serves `service` ("module:function", a `child_main.Service`), started when first needed.

    `memory_bytes` limits the address space of it and of each program it starts. It works, and keeps temporary
    files, in a folder of its own inside `scratch`, which goes with it. `answer_bytes` is the largest answer taken
    from it. It has no network; with `readable` it reads only those files and folders besides the machine's own and
    refpad's code (`ocr.sandbox.cage`). Not for use by several threads at once.
    """

    def __init__(
        self,
        service: str,
        *,
        memory_bytes: int,
        scratch: Path,
        answer_bytes: int = 1 << 28,
        readable: Sequence[Path] | None = None,
    ) -> None:
        self._service = service
        self._readable = readable
        self._memory_bytes = memory_bytes
        self._scratch = scratch.absolute()
        self._answer_bytes = answer_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._lifeline: int | None = None
        self._room: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    @property
    def pid(self) -> int | None:
        """The running child's process id (and group id), None while there is none."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the child unless it runs; raises MachineError when it cannot load its service."""
        if self._process is not None:
            if self._process.poll() is None:
                return
            self.kill()
        self._spawn()
        ready = self.receive(START_S)
        if ready is not None and "cannot" in ready.head:
            self.kill()
            raise MachineError(
                f"The helper process for {self._service} cannot start: {ready.head['cannot']}; run: refpad doctor"
            )

    def send(self, request: Frame, fd: int | None = None) -> None:
        """Hand over a request, and an open file to read when `fd` is given (it stays open here)."""
        self.start()
        if self._socket is None:
            raise ChildLostError(Reason.ENGINE_CRASHED, "The helper process is gone; try the file again.")
        try:
            write_frame(self._socket, request, fd)
        except OSError:
            raise self._lost() from None

    def receive(self, timeout_s: float) -> Frame | None:
        """The next answer, or None when the request is done.

        Raises the SetAsideError that the service raised, or ChildLostError when no answer comes: the child died,
        or `timeout_s` passed and it was killed with all it had started.
        """
        if self._socket is None:
            raise ChildLostError(Reason.ENGINE_CRASHED, "The helper process is gone; try the file again.")
        try:
            return _open_frame(read_frame(self._socket, timeout_s, self._answer_bytes))
        except TimeoutError:
            self.kill()
            raise ChildLostError(
                Reason.TIMEOUT, f"The work took longer than {timeout_s:.0f} s and was stopped; look at the file."
            ) from None
        except (EOFError, OSError, ValueError, KeyError):
            raise self._lost() from None

    def ask(self, request: Frame, timeout_s: float, fd: int | None = None) -> Iterator[Frame]:
        """Send `request` and yield its answers, each awaited for at most `timeout_s`; leaving early kills the child."""
        self.send(request, fd)
        done = False
        try:
            while (answer := self.receive(timeout_s)) is not None:
                yield answer
            done = True
        except SetAsideError as error:
            done = not isinstance(error, ChildLostError)
            raise
        finally:
            if not done:
                self.kill()

    def kill(self) -> None:
        """End the child and everything it started, now; harmless when there is none."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self._room is not None:
            shutil.rmtree(self._room, ignore_errors=True)
            self._room = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def _spawn(self) -> None:
        self._room = Path(tempfile.mkdtemp(prefix="child-", dir=self._scratch))
        ours, theirs = socket.socketpair()
        pulse, self._lifeline = os.pipe()
        self._socket = ours
        talk, memory = str(theirs.fileno()), str(self._memory_bytes)
        readable = None if self._readable is None else [str(path) for path in (*_rooms(), *self._readable)]
        try:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "ocr.sandbox.child_main",
                    self._service,
                    talk,
                    str(pulse),
                    memory,
                    json.dumps(readable),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self._room,
                env=_environment(self._room),
                pass_fds=(theirs.fileno(), pulse),
                start_new_session=True,
            )
        finally:
            theirs.close()
            os.close(pulse)

    def _lost(self) -> ChildLostError:
        """Bury the dead child and say what it died of."""
        process = self._process
        if process is None:
            return ChildLostError(Reason.ENGINE_CRASHED, "The helper process is gone; try the file again.")
        try:
            status = process.wait(timeout=1.0)  # its end of the socket closes a moment before it can be reaped
        except subprocess.TimeoutExpired:
            status = 0
        self.kill()
        if status == -signal.SIGKILL:
            return ChildLostError(Reason.MEMORY, "The work used up the machine's memory and was stopped; try it alone.")
        how = f"signal {-status}" if status < 0 else f"exit code {status}"
        return ChildLostError(Reason.ENGINE_CRASHED, f"The helper process crashed ({how}); look at the file.")


def hold_lifeline(pulse: int) -> None:
    """Have the kernel end this process group as soon as the writing end of the pipe `pulse` is closed."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(pulse, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(pulse, fcntl.F_SETFL, fcntl.fcntl(pulse, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    already = select.poll()
    already.register(pulse)
    if already.poll(0):
        sys.exit(ExitCode.BROKEN)


def _open_frame(frame: Frame) -> Frame | None:
    """Undo what `ocr.sandbox.child_main` wrapped around an answer."""
    if "done" in frame.head:
        return None
    if "set_aside" in frame.head:
        raise SetAsideError(Reason(frame.head["set_aside"]), frame.head["message"], frame.head["page"])
    return frame


def _rooms() -> list[Path]:
    """refpad's own packages: the folder that they lie in may hold a studio's data as well."""
    return [path.parent for path in PACKAGES.glob("*/__init__.py")]


def _environment(room: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**kept, **ONE_THREAD, **KEPT_MEMORY, "PYTHONPATH": str(PACKAGES), "TMPDIR": str(room)}
