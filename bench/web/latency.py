"""Time the front desk's pages: the real server, over a real socket, with a large record."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import uvicorn

from bench.own_settings import own_settings
from bench.records.bulk_referrals import fill_record
from bench.speed.times import Times
from bench.web.invented_people import invented_slips
from pads.catalog import find, load_all
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.wiring import open_record, rules_of
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.front_desk import LOOPBACK, FrontDeskSettings
from schemas.office import Office
from schemas.users import Role
from store.database import Store
from store.directory import offices
from store.users import users
from web.app import make_app
from web.security import SESSION_COOKIE
from web.server import make_ready

NAME, PASSWORD = "bench", "only for measuring"
WARM = 3
OFFICES = 16  # as many as a studio leaves its pads in
SEARCHES = (
    "quintero",
    "qintero",
    "ada pember",
    "knee",
    "low back",
    "lbp radiculopathy",
    "5550142",
    "2125550142",
    "77777",
    "arthritis",
    "M17.11",
    "office 7",
    "3/3/2026 truncated",
)
Progress = Callable[[str, int], object]


@dataclass
class PageTimes(Times):
    """One kind of page: how long its answers took, and the largest answer in bytes."""

    most_bytes: int = 0


@dataclass(frozen=True)
class PageRequest:
    """A request: a page's name for the table, its address, and the form's fields for a POST."""

    page: str
    address: str
    fields: dict[str, str] | None = None


def measure(folder: Path, referrals: int, rounds: int, progress: Progress) -> list[PageTimes]:
    """Fill a record in `folder` with invented referrals, serve it, and time each page `rounds` times."""
    desk = FrontDeskSettings(port=_free_port(), sample_share=0.0)
    settings = own_settings(folder, front_desk=desk)
    waiting = min(500, referrals // 10)
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    with closing(open_record(settings)) as store:
        design, rules = find(load_all(settings.designs), "met-1"), rules_of(settings)
        ids = [f"office-{number}" for number in range(OFFICES)]
        for office_id in ids:
            offices.add(store, Office(id=office_id, name=office_id.replace("-", " ").capitalize()), NAME)
        for done in fill_record(store, rules, invented_slips(design, referrals, waiting, store.clock.today()), ids):
            progress("filling the record", done)
        with _serve(settings, store) as browser:
            return _time_pages(browser, _requests(referrals, waiting), rounds, progress)


def _requests(referrals: int, waiting: int) -> list[PageRequest]:
    first = referrals - waiting + 1
    pages = ("/", "/letters", "/review", "/review/next", "/groups", "/quality", "/set-aside", "/referrals", "/offices")
    return [
        *(PageRequest(address, address) for address in (*pages, "/inbox", "/people", "/me")),
        PageRequest("/offices/n", "/offices/office-1"),
        PageRequest("/tasks/n", f"/tasks/{referrals}"),
        PageRequest("/referrals/n/enter", f"/referrals/{referrals // 2}/enter/assessment"),
        PageRequest("/referrals?before=", f"/referrals?before={referrals // 2}"),
        PageRequest("/review/s", f"/review/s{first}"),
        PageRequest("/referrals/n", f"/referrals/{referrals // 2}"),
        PageRequest("/inbox/progress", "/inbox/progress"),
        *(PageRequest("search", "/search", {"query": query}) for query in SEARCHES),
    ]


def _time_pages(browser: "_Browser", asks: Sequence[PageRequest], rounds: int, progress: Progress) -> list[PageTimes]:
    found: dict[str, PageTimes] = {}
    for ask in asks:
        for number in range(WARM + rounds):
            ms, size = browser.ask(ask)
            if number >= WARM:
                timed = found.setdefault(ask.page, PageTimes(ask.page))
                timed.ms.append(ms)
                timed.most_bytes = max(timed.most_bytes, size)
        progress(ask.page, rounds)
    return list(found.values())


class _Browser:
    """A signed-in client on one connection that stays open."""

    def __init__(self, settings: Settings) -> None:
        self._connection = HTTPConnection(LOOPBACK, settings.front_desk.port)
        self._headers = {"Origin": settings.front_desk.url}
        self._token = self._led_to = ""
        self._send("POST", "/login", {"name": NAME, "password": PASSWORD})
        page = self._send("GET", "/me", None)
        self._token = page.partition('data-token="')[2].partition('"')[0]

    def ask(self, ask: PageRequest) -> tuple[float, int]:
        """How long the answer took, in milliseconds, and how many bytes it has."""
        begun = time.perf_counter()
        page = self._send("POST" if ask.fields else "GET", ask.address, ask.fields)
        if self._led_to:
            page = self._send("GET", self._led_to, None)
        return (time.perf_counter() - begun) * 1000, len(page)

    def _send(self, method: str, address: str, fields: dict[str, str] | None) -> str:
        body = urlencode({**fields, "token": self._token}) if fields is not None else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self._connection.request(method, address, body, {**self._headers, **kind})
        answer = self._connection.getresponse()
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise MachineError(f"{method} {address} answered {answer.status}: the front desk is broken.")
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        if cookie.startswith(SESSION_COOKIE):
            self._headers["Cookie"] = cookie
        self._led_to = answer.getheader("Location") or ""
        return answer.read().decode()


@contextmanager
def _serve(settings: Settings, store: Store) -> Iterator[_Browser]:
    app = make_app(settings, store)
    kept = app.state.services.now().tools.passwords.hash(PASSWORD)
    users.redeem(store, users.add(store, NAME, Role.ADMIN, NAME), NAME, kept)
    config = uvicorn.Config(app, host=LOOPBACK, port=settings.front_desk.port, log_level="error", timeout_keep_alive=60)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    make_ready([app.state.services.now()])
    try:
        yield _Browser(settings)
    finally:
        server.should_exit = True
        thread.join()


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as probe:
        return int(probe.getsockname()[1])
