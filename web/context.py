"""What a page's function gets: one request, and the services that every page works with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import Environment
from starlette.responses import HTMLResponse, RedirectResponse, Response

from refpad.services.backups import BackupProblem
from refpad.services.debounced_job import DebouncedJob
from refpad.services.designs import DesignBook
from refpad.services.reading.vocabulary import WordBook
from refpad.services.studios.registry import FIRST
from refpad.settings import Settings
from schemas.errors import RefpadError, UsageError
from schemas.office import OfficeActivity
from schemas.pad import PadDesign
from schemas.referral import Referral
from schemas.users import Role, Session
from store.database import Store
from store.review.just_done import JustDone, just_done
from store.review.queue import count_waiting
from store.search.everything import RecordSearcher
from store.studio_rules import StudioRules
from web.errors import NotFoundError
from web.services.health import Health
from web.services.timed_cache import TimedCache
from web.services.tools import Tools

OWN_MENU = (("me", "/me", "Your account"), ("exports", "/exports", "Downloads and calendar"))
ADMIN_MENU = (
    ("people", "/people", "Users"),
    ("activity", "/activity", "Activity"),
    ("programs", "/programs", "Other programs"),
    ("backups", "/backups", "Backups"),
    ("retention", "/retention", "Retention"),
    ("settings", "/settings", "Settings"),
)
_NUMBER = re.compile(r"[0-9]{1,9}")  # fits the databases' 32-bit keys


@dataclass(frozen=True)
class Services:
    """What every page works with; made once."""

    settings: Settings
    store: Store
    rules: StudioRules
    book: DesignBook
    tools: Tools
    searcher: RecordSearcher
    health: Health
    activity: TimedCache[list[OfficeActivity]]
    due: TimedCache[int]
    backup: TimedCache[BackupProblem | None]
    export_job: DebouncedJob
    chase_job: DebouncedJob
    templates: Environment

    @property
    def designs(self) -> Sequence[PadDesign]:
        """The pad designs as they are now."""
        return self.book.designs()

    def learn_words(self, confirmed: Referral) -> None:
        """Add the words of a referral that a person has confirmed to those that the reader expects."""
        WordBook(self.settings.words).learn(confirmed)

    def close(self) -> None:
        """Finish the jobs that were requested, and end the child processes."""
        self.export_job.close()
        self.chase_job.close()
        self.tools.pages.close()


@dataclass(frozen=True)
class RequestContext:
    """`path` has the address's variable parts; `fields` the form's, in order, cleaned to one line each.

    `session` is None only on the pages that anybody may open; `token` is its cookie's value. `raw` has the fields as
    they were typed, for passwords. `query` is what follows the address's question mark: never a patient's data.
    `address` is the browser's, `device` the token by which it is known, `bearer` a program's token. `is_encrypted` says
    that it asked by https, of us or of a proxy in front.
    """

    services: Services
    session: Session | None
    path: Mapping[str, str]
    fields: Sequence[tuple[str, str]] = ()
    raw: Mapping[str, str] = field(default_factory=dict, repr=False)
    token: str = field(default="", repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    device: str = field(default="", repr=False)
    bearer: str = field(default="", repr=False)
    is_encrypted: bool = False

    @property
    def store(self) -> Store:
        return self.services.store

    @property
    def user(self) -> str:
        """The user's name, for the audit; raises UsageError when nobody is signed in."""
        if self.session is None:
            raise UsageError("Sign in first.")
        return self.session.user

    @property
    def is_admin(self) -> bool:
        return self.session is not None and self.session.role is Role.ADMIN

    @property
    def badges(self) -> Mapping[str, int]:
        """What the menu counts: for whom something is due, and what waits in review.

        What waits is counted for each page, by an index (8 ms for 100,000 that wait): intake adds to it while people
        look at the list, and the two would differ. Nothing on the page that says why the record does not answer.
        """
        try:
            return {"today": self.services.due.get(), "review": count_waiting(self.store)}
        except RefpadError:
            return {}

    @property
    def menu(self) -> Sequence[tuple[str, str, str]]:
        """The pages of the user's own menu, each with its name, address and label."""
        others = tuple((f"studio {key}", f"/studios/{key}", f"Go to {name}") for key, name in self.elsewhere.items())
        return OWN_MENU + (ADMIN_MENU if self.is_admin else ()) + others

    @property
    def elsewhere(self) -> Mapping[str, str]:
        """The names, by key, of the other studios that the user enters; none where the record does not answer."""
        try:
            return self.services.tools.switchboard.elsewhere(self.studio_key, self.store, self.user)
        except RefpadError:
            return {}

    @property
    def studio_key(self) -> str:
        """Of several studios, the one whose front desk this is."""
        return self.services.settings.front_desk.subdomain or FIRST

    def just_done(self) -> JustDone | None:
        """What the user accepted, rejected, set aside, asked or called in vain a moment ago and may still undo."""
        return just_done(self.store, self.user)

    def form(self, name: str, default: str = "") -> str:
        """The last value of a field of the form."""
        return next((value for key, value in reversed(self.fields) if key == name), default)

    def form_values(self, name: str) -> list[str]:
        """Every value of a field that may come several times."""
        return [value for key, value in self.fields if key == name]

    def form_number(self, name: str, default: int = 0) -> int:
        """A number in the form; `default` when the field is missing; raises UsageError."""
        text = self.form(name)
        if not text:
            return default
        if not _NUMBER.fullmatch(text):
            raise UsageError(f'"{name}" is a number of at most 9 digits.')
        return int(text)

    def path_number(self, name: str) -> int:
        """A number in the address; raises NotFoundError."""
        if not _NUMBER.fullmatch(self.path[name]):
            raise NotFoundError
        return int(self.path[name])

    def query_number(self, name: str) -> int | None:
        """A number after the address's question mark, if there is one."""
        text = self.query.get(name, "")
        return int(text) if _NUMBER.fullmatch(text) else None

    def render(self, template: str, status: int = 200, /, **values: object) -> Response:
        """A page made from a template."""
        text = self.services.templates.get_template(template).render(context=self, **values)
        return HTMLResponse(text, status)

    def redirect(self, address: str) -> Response:
        """Send the browser on, after something was done."""
        return RedirectResponse(address, 303)
