"""A studio whose front desk is open: its record, its users, and a browser's way to its pages without a browser."""

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from argon2 import PasswordHasher
from httpx2 import Response
from starlette.testclient import TestClient

from refpad.services.intake.watcher import prepare_inbox
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.backup import BackupSettings
from schemas.front_desk import FrontDeskSettings
from schemas.limits import Limits
from schemas.studio import Studio as Letterhead
from schemas.users import Role
from store.clock import SetClock
from store.database import Store, open_store
from store.studio_rules import StudioRules
from store.tables import installation
from store.users import users
from tests.databases import in_memory
from web.app import make_app
from web.services.login_throttle import LoginThrottle
from web.services.passwords import Passwords
from web.services.request_rates import RequestRates
from web.services.switchboard import Switchboard
from web.services.tools import Tools

NOBODY_PORT = 9  # nothing answers there, whatever else runs on the machine
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # the day on which samples/ are to be judged
PASSWORD = "four words make one"  # noqa: S105 - invented
ORIGIN = "http://127.0.0.1:4180"
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))  # what is tested is not Argon2
_KEPT = QUICK.hash(PASSWORD)


async def _do_not_wait(_seconds: float) -> None:
    """What is tested is not the clock; the throttle has tests of its own."""


@dataclass
class Person:
    """Somebody at a browser; `get` and `post` do what a browser does, the page's own token included."""

    client: TestClient
    token: str = ""
    origin: str = ORIGIN

    def get(self, address: str, **headers: str) -> Response:
        return self.client.get(address, headers=headers)

    def post(self, address: str, fields: dict[str, object] | None = None, **headers: str) -> Response:
        data = {"token": self.token, **(fields or {})}
        return self.client.post(address, data=data, headers={"Origin": self.origin, **headers})

    def sign_in(self, name: str, password: str = PASSWORD) -> Response:
        answer = self.post("/login", {"name": name, "password": password})
        if answer.status_code == 303:
            match = re.search(r'data-token="([\w-]+)"', self.get("/me").text)
            assert match
            self.token = match[1]
        return answer


@dataclass
class Studio:
    """One record with its front desk, at a clock that stands still until it is moved."""

    settings: Settings
    store: Store
    clock: SetClock
    app: object
    rules: StudioRules
    people: list[str] = field(default_factory=list)

    def stranger(self) -> Person:
        """Somebody who has not signed in."""
        return Person(TestClient(self.app, base_url=ORIGIN, follow_redirects=False))  # type: ignore[arg-type]

    def add_user(self, name: str, role: Role = Role.REVIEWER) -> None:
        users.redeem(self.store, users.add(self.store, name, role, "root"), name, _KEPT)

    def person(self, name: str = "kim", role: Role = Role.REVIEWER) -> Person:
        """Somebody signed in, entered as a user the first time."""
        if name not in self.people:
            self.add_user(name, role)
            self.people.append(name)
        someone = self.stranger()
        assert someone.sign_in(name).status_code == 303
        return someone


@contextmanager
def open_studio(
    folder: Path,
    url: str | None = None,
    port: int = 4180,
    limits: Limits | None = None,
    letterhead: Letterhead | None = None,
    backup_folder: Path | None = None,
    switchboard: Switchboard | None = None,
    **desk: object,
) -> Iterator[Studio]:
    """A studio with an empty record in `folder`, set up as the tests' is, or with that letterhead.

    `desk` are settings of the front desk.
    """
    values = {"port": port, "sample_share": 0.0, **desk}  # chance is for the tests of chance
    read = partial(
        Settings,
        folder=folder / "data",
        limits=limits or Limits(),
        front_desk=FrontDeskSettings.model_validate(values),
        prefect_port=NOBODY_PORT,
        **({"studio": letterhead} if letterhead else {}),
        backup=BackupSettings(folder=backup_folder),
    )
    settings = read()
    clock = SetClock(NOW, settings.time_zone)
    shutil.copytree(empty_store(), settings.store_folder)
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    with closing(open_store(url or settings.url, settings.store_folder, clock)) as store:
        rules = rules_of(settings)
        rates = RequestRates(lambda: clock.now().timestamp())
        logins = LoginThrottle(sleep=_do_not_wait)
        tools = Tools(QUICK, logins, rates=rates, switchboard=switchboard or Switchboard())
        app = make_app(settings, store, tools, read)
        try:
            yield Studio(settings, store, clock, app, rules)
        finally:
            app.state.services.close()


@cache
def empty_store() -> Path:
    """A store with its tables and nothing in them, to be copied: making the tables takes longer than most tests."""
    made = tempfile.TemporaryDirectory(prefix="refpad-desk-", dir=in_memory())
    folder = Path(made.name) / "store"
    made_once = open_store(f"sqlite:///{folder / 'refpad.sqlite'}", folder, SetClock(NOW))
    with closing(made_once), made_once.write() as connection:
        connection.execute(installation.delete())  # each copy is a record with a name of its own
    atexit.register(made.cleanup)
    return folder


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory: every view is a synced audit line, and would wait for the disk."""
    made = Path(tempfile.mkdtemp(prefix="refpad-desk-", dir=in_memory()))
    try:
        yield made
    finally:
        shutil.rmtree(made)
