"""A running `refpad up` that is killed, loses its database, or is asked for passwords all at once; what it comes to.

python -m tests.tools.check_faults kills 60
python -m tests.tools.check_faults restarts 26
python -m tests.tools.check_faults logins 80
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import httpx
import psutil
import sqlalchemy as sa
from rich.console import Console

from refpad.services.intake.watcher import prepare_inbox
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.users import Role
from store.files import sha256_of
from store.intake.ledger.files import ledger
from store.tables import file, slip
from store.users import users
from store.verify import verify
from tests import databases
from tests.processes import kill_all
from tests.tools.check_up import drain, running, values_of
from web.security import SESSION_COOKIE
from web.services.passwords import Passwords

SCAN = Path(__file__).parents[2] / "samples" / "neat-slip.png"
SAY = Console(width=160, soft_wrap=True)
MOST_MB = 400.0  # of the front desk, whatever knocks: it shares a small machine with the readers
START_S, WORK_S = 12.0, 8.0  # one kill in four comes at the start, the others while the reader is at work
START_MOST_S = 600.0  # on a machine that many share
TOO_MANY, AGAIN_S = 429, 30.0
PASSWORD = "a long right password"  # noqa: S105 - of a user that lives as long as this check


def drop(inbox: Path, number: int) -> str:
    """One more scan, unlike any other by a few bytes behind its end; its SHA-256."""
    part = inbox / f"{number}.png.part"
    part.write_bytes(SCAN.read_bytes() + b"\n%d" % number)
    name = sha256_of(part)
    part.rename(inbox / f"{number}.png")
    return name


def came_out(settings: Settings, dropped: set[str]) -> int:
    """Wait until all is read, then print what is wrong; how much that is."""
    with closing(open_record(settings)) as store:
        drain(store, settings)
        with store.read() as connection:
            kept = connection.execute(sa.select(file.c.sha256)).scalars().all()
            numbers = connection.execute(sa.select(file.c.id)).scalars().all()
            slips = connection.execute(sa.select(slip.c.file_id)).scalars().all()
        wrong = [f"{problem.subject}: {problem.message}" for problem in verify(store)]
        wrong += ["a scan is lost"] * len(dropped - set(kept)) + ["a scan is twice"] * (len(kept) - len(set(kept)))
        wrong += ["a slip is lost or twice"] * (sorted(slips) != sorted(numbers))
        SAY.print(f"{len(dropped)} scans dropped; {ledger(store)}; {len(slips)} slips; {len(wrong)} wrong: {wrong[:5]}")
    return len(wrong)


def kills(count: int) -> int:
    """The whole tree of `refpad up`, with SIGKILL, at any moment of its start and its work, while scans come in."""
    chance, dropped = random.Random(11), set[str]()  # noqa: S311 - the same moments each time, on an idle machine
    with tempfile.TemporaryDirectory(prefix="check-faults-") as made:
        settings = values_of(Path(made))
        prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
        for number in range(count):
            command = [sys.executable, "-c", "from refpad.cli import main; main()", "up"]
            began_s = time.monotonic()
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as up:
                dropped.add(drop(settings.inbox, number))
                if number % 4 == 0:
                    time.sleep(chance.uniform(0, START_S))
                else:
                    wait_for_reader(up.pid)
                    time.sleep(chance.uniform(0, WORK_S))
                tree = tree_of(up.pid)
                kill_all(tree)
                psutil.wait_procs(tree[1:], timeout=30)
            SAY.print(f"kill {number + 1}: {len(tree)} processes, {time.monotonic() - began_s:.0f} s")
        with running(Path(made)):
            return came_out(settings, dropped)


def tree_of(pid: int) -> list[psutil.Process]:
    """A process and all that descend from it."""
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def wait_for_reader(pid: int) -> None:
    """Until the watcher has begun with its first scan: it reads with children of its own."""
    until = time.monotonic() + START_MOST_S
    while time.monotonic() < until:
        for process in tree_of(pid):
            with suppress(psutil.Error):
                if "ocr.sandbox.child_main" in process.cmdline():
                    return
        time.sleep(0.1)


def restarts(count: int) -> int:
    """PostgreSQL, ended at once and started again, while `refpad up` reads."""
    dropped = set[str]()
    with tempfile.TemporaryDirectory(prefix="check-faults-") as made, databases.cluster() as server:
        os.environ["REFPAD_DATABASE_URL"] = server.new_database()
        with running(Path(made)) as settings:
            for number in range(count):
                dropped.add(drop(settings.inbox, number))
                time.sleep(4.0)
                server.restart()
                SAY.print(f"restart {number + 1}")
            wrong = came_out(settings, dropped)
        said = (Path(made) / "said").read_text(errors="replace")
        logs = {path.name: path.read_text(errors="replace") for path in Path(made).glob("data/logs/*")}
    tracebacks = {name: text.count("Traceback") for name, text in {**logs, "said": said}.items() if "Traceback" in text}
    SAY.print(f"tracebacks: {tracebacks}")
    for name in tracebacks:
        SAY.print(name, {**logs, "said": said}[name].partition("Traceback")[2][:4000], markup=False)
    return wrong


def logins(count: int) -> int:
    """So many wrong log-ins at once; the front desk's memory at its peak, and when a right password gets in."""
    os.environ["REFPAD_PREFECT_URL"] = f"http://127.0.0.1:{databases.free_port()}"  # nobody signs in there
    with tempfile.TemporaryDirectory(prefix="check-faults-") as made, running(Path(made)) as settings:
        with closing(open_record(settings)) as store:
            for name in ("kim", "sam"):
                token = users.add(store, name, Role.REVIEWER, "check")
                users.redeem(store, token, name, Passwords().hash(PASSWORD))
        [desk] = [process for process in psutil.process_iter(["cmdline"]) if is_desk_of(process, settings)]
        peak = Peak(desk)
        figures = asyncio.run(tried(settings.front_desk.url, count))
        figures |= {"idle_mb": peak.idle_mb, "peak_mb": peak.stop()}
    SAY.print(json.dumps(figures))
    return int(figures["peak_mb"] > MOST_MB) + int(figures["unanswered"] > 0)


def is_desk_of(process: psutil.Process, settings: Settings) -> bool:
    """Whether it is the front desk of this `refpad up`, not of another on this machine."""
    try:
        is_desk = "web.server" in process.cmdline()
        return is_desk and process.environ().get("REFPAD_FOLDER") == str(settings.folder)
    except psutil.Error:
        return False


class Peak:
    """The resident memory of a process, looked at often."""

    def __init__(self, process: psutil.Process) -> None:
        self._process, self._most, self._stop = process, 0, threading.Event()
        self.idle_mb = round(process.memory_info().rss / 1e6, 1)
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._stop.wait(0.02) and self._process.is_running():
            self._most = max(self._most, self._process.memory_info().rss)

    def stop(self) -> float:
        """The most, in MB."""
        self._stop.set()
        self._thread.join()
        return round(self._most / 1e6, 1)


async def tried(url: str, count: int) -> dict[str, float]:
    """Seconds until each is answered; a known browser and a new one come with the right password in the middle."""
    async with httpx.AsyncClient(base_url=url, timeout=300, trust_env=False) as known:
        began_s = time.monotonic()
        await signed_in(known, "kim", PASSWORD)
        alone_s = time.monotonic() - began_s
        for name in [name for name in known.cookies if name.startswith(SESSION_COOKIE)]:
            known.cookies.delete(name)  # signed out; the browser is known by its other cookie
        wrong = [asyncio.create_task(one_try(url, f"nobody{number % 8}", "wrong")) for number in range(count // 2)]
        wrong += [asyncio.create_task(one_try(url, "kim", "wrong password")) for _ in range(count - count // 2)]
        await asyncio.sleep(1.0)
        right = [signed_in(known, "kim", PASSWORD), one_try(url, "sam", PASSWORD), one_try(url, "kim", PASSWORD)]
        known_s, other_s, new_s = await asyncio.gather(*right)
        answered = await asyncio.gather(*wrong)
    return {
        "tries": count,
        "unanswered": sum(seconds is None for seconds in answered),
        "slowest_wrong_s": max(seconds or 0 for seconds in answered),
        "right_alone_s": round(alone_s, 1),
        "right_known_browser_s": known_s or -1,
        "right_of_another_user_s": other_s or -1,
        "right_new_browser_s": new_s or -1,
    }


async def one_try(url: str, name: str, password: str) -> float | None:
    """From a browser of its own; the seconds, or None when it was not answered."""
    async with httpx.AsyncClient(base_url=url, timeout=300, trust_env=False) as browser:
        return await signed_in(browser, name, password)


async def signed_in(browser: httpx.AsyncClient, name: str, password: str) -> float | None:
    began_s = time.monotonic()
    form = {"name": name, "password": password}
    try:
        answer = await browser.post("/login", data=form, headers={"Origin": str(browser.base_url).rstrip("/")})
    except httpx.HTTPError:
        return None
    if answer.status_code == TOO_MANY and password == PASSWORD:  # as the page says, and as a person would
        await asyncio.sleep(AGAIN_S)
        again_s = await signed_in(browser, name, password)
        return None if again_s is None else round(time.monotonic() - began_s, 1)
    asked_for = (303,) if password == PASSWORD else (401, TOO_MANY)
    assert answer.status_code in asked_for, answer.status_code
    return round(time.monotonic() - began_s, 1)


CHECKS: dict[str, Callable[[int], int]] = {"kills": kills, "restarts": restarts, "logins": logins}

if __name__ == "__main__":
    sys.exit(CHECKS[sys.argv[1]](int(sys.argv[2])) > 0)
