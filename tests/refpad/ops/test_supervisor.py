"""A supervisor of processes: it restarts what stops, ends what ignores SIGTERM, and leaves no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from refpad.ops.supervisor import Part, Supervisor, another, lock_holder, only_one, require_free_port
from schemas.errors import MachineError
from tests.processes import Offspring

PATH = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3])}
SLEEPER = "import time; time.sleep(60)"
GONE_S = 30.0  # half of how long the processes here would run
FAILING = "import time; time.sleep(0.5); raise SystemExit(7)"  # long enough to be seen running
IGNORING = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print(child.pid, flush=True); time.sleep(60)"
)
SUPERVISOR = (
    "import sys, time, pathlib; from refpad.ops.supervisor import Part, Supervisor; "
    "supervisor = Supervisor(pathlib.Path(sys.argv[1]), print); "
    "supervisor.start(Part('family', (sys.executable, '-c', sys.argv[2]), {})); print('up', flush=True); time.sleep(60)"
)


class Bench:
    """A supervisor with a clock of our own, and its messages."""

    def __init__(self, logs: Path) -> None:
        self.messages: list[str] = []
        self.now_s = 0.0
        self.logs = logs
        self.children = Offspring()
        self.supervisor = Supervisor(logs, self.messages.append, lambda: self.now_s)

    def start(self, name: str, script: str) -> psutil.Process:
        self.supervisor.start(part(name, script))
        return self.process()

    def process(self) -> psutil.Process:
        """The part that was started last."""
        return max(self.children(), key=psutil.Process.create_time)

    def log(self, name: str) -> str:
        """What the part has printed, once it has."""
        path = self.logs / f"{name}.log"
        wait_for(lambda: path.exists() and path.read_text() != "")
        return path.read_text()


def part(name: str, script: str) -> Part:
    return Part(name, (sys.executable, "-c", script), PATH)


def wait_for(condition: Callable[[], bool], most_s: float = GONE_S) -> None:
    """Until it holds."""
    until = time.monotonic() + most_s
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.01)


def has_ended(process: psutil.Process) -> bool:
    """Whether it ended, be its exit code collected already or not."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "logs")
    yield made
    made.supervisor.stop(grace_s=0.1)


def test_parts_are_started_anew_on_request_without_a_word_and_others_are_left(bench: Bench) -> None:
    """They read their settings at the start only."""
    kept, old = bench.start("kept", SLEEPER), bench.start("changed", SLEEPER)
    bench.supervisor.restart(["changed"])
    assert has_ended(old)
    assert not has_ended(kept)
    assert bench.process() not in (kept, old)
    bench.supervisor.restart_stopped()
    assert bench.messages == []


def test_a_part_that_stops_is_named_and_started_again_after_its_back_off(bench: Bench) -> None:
    """A part that stops at once must not keep the machine busy with starting it."""
    for wait_s in (1, 2, 4):
        process = bench.start("watcher", FAILING) if wait_s == 1 else bench.process()
        wait_for(partial(has_ended, process))
        bench.supervisor.restart_stopped()
        assert f"The watcher stopped (exit 7); starting it again in {wait_s} s." in bench.messages[-1]
        assert bench.children() == []
        bench.now_s += wait_s
        bench.supervisor.restart_stopped()
        assert bench.process().is_running()


def test_a_part_that_ran_long_has_a_short_back_off_again(bench: Bench) -> None:
    """One stop a day is no reason to wait half a minute."""
    bench.start("watcher", SLEEPER)
    for _ in range(3):
        bench.now_s += 100
        process = bench.process()
        process.kill()
        wait_for(partial(has_ended, process))
        bench.supervisor.restart_stopped()
        assert "starting it again in 1 s" in bench.messages[-1]
        bench.now_s += 1
        bench.supervisor.restart_stopped()


def test_stopping_ends_a_part_that_ignores_sigterm_and_its_children(bench: Bench) -> None:
    """A decoder or a tesseract left behind would go on for hours."""
    bench.start("server", SLEEPER)
    bench.start("deaf", IGNORING)
    bench.start("parent", PARENT)
    bench.log("deaf")
    bench.log("parent")
    family = bench.children()
    assert len(family) == 4
    bench.supervisor.stop(grace_s=0.3)
    assert psutil.wait_procs(family, timeout=GONE_S)[1] == []


def test_killing_the_supervisor_leaves_no_process(tmp_path: Path) -> None:
    """After kill -9 nothing may hold the port, the database or a patient's scan."""
    argv = [sys.executable, "-c", SUPERVISOR, str(tmp_path), PARENT]
    supervisor = subprocess.Popen(argv, env=PATH, stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    supervisor.stdout.readline()
    wait_for(lambda: (tmp_path / "family.log").read_text() != "")
    family = psutil.Process(supervisor.pid).children(recursive=True)
    assert len(family) == 2
    supervisor.kill()
    supervisor.communicate()
    assert psutil.wait_procs(family, timeout=GONE_S)[1] == []


def test_a_part_sees_only_the_environment_it_was_given(bench: Bench) -> None:
    """Secrets of the shell, and Prefect settings of another project, stay outside; logs are private."""
    bench.start("watcher", "import os; print(sorted(os.environ), flush=True)")
    assert "HOME" not in bench.log("watcher")
    assert (bench.logs / "watcher.log").stat().st_mode & 0o077 == 0


def test_a_data_folder_is_used_by_one_at_a_time_and_a_killed_owner_holds_no_lock(tmp_path: Path) -> None:
    """A lock that outlives its holder would need a person after every power cut."""
    lock = tmp_path / "refpad.lock"
    hold = (
        f"import pathlib, time; from refpad.ops.supervisor import only_one\nwith only_one(pathlib.Path({str(lock)!r})):"
    )
    holder = subprocess.Popen([sys.executable, "-c", f"{hold} time.sleep(60)"], env=PATH)
    wait_for(lambda: lock_holder(lock) == holder.pid)
    with pytest.raises(MachineError, match=f"process {holder.pid}"), only_one(lock):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with only_one(lock):
        assert lock_holder(lock) == os.getpid()
    assert lock_holder(lock) is None


def test_a_lock_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """On a full disk `refpad up` ended with an unexpected error."""
    (tmp_path / "refpad.lock").symlink_to("/dev/full")
    with pytest.raises(MachineError, match=r"refpad\.lock cannot be written"), only_one(tmp_path / "refpad.lock"):
        pass


def test_a_busy_port_is_named_with_its_owner_and_the_remedy() -> None:
    """The commonest reason for a failed start: something else on port 4200."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MachineError, match=rf"process {os.getpid()}\).*REFPAD_PREFECT_PORT={port + 1}"):
            require_free_port(port, "REFPAD_PREFECT_PORT", patience_s=0.0)
    require_free_port(port, "REFPAD_PREFECT_PORT")


def test_an_address_of_another_computer_is_named_at_the_start() -> None:
    """The front desk ended by itself again and again, and only its log said why."""
    with pytest.raises(MachineError, match=r"no address 192\.0\.2\.1: set REFPAD_FRONT_DESK__LAN_ADDRESS to one"):
        require_free_port(4443, "REFPAD_FRONT_DESK__LAN_PORT", address="192.0.2.1")


def test_there_is_always_another_port_to_try() -> None:
    """Of the last one it is the one before."""
    assert (another(4180), another(65_535)) == (4181, 65_534)
