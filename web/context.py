"""One request as the pages see it: who asks, what for, and what they work with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import Environment
from starlette.responses import HTMLResponse, RedirectResponse, Response

from refpad.services.designs import DesignBook
from refpad.services.reading.vocabulary import WordBook
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.office import OfficeActivity
from schemas.pad import PadDesign
from schemas.referral import Referral
from schemas.text import clean
from schemas.users import Role, Session
from store.database import Store
from store.search.search import Searcher
from store.studio_rules import Terms
from web.errors import NotFoundError
from web.services.debounced_job import Errand
from web.services.health import Health
from web.services.services import Tools
from web.services.timed_cache import Recent

_NUMBER = re.compile(r"[0-9]{1,9}")  # fits the databases' 32-bit keys


@dataclass(frozen=True)
class Desk:
    """What every page works with; made once."""

    settings: Settings
    store: Store
    terms: Terms
    book: DesignBook
    tools: Tools
    searcher: Searcher
    health: Health
    activity: Recent[list[OfficeActivity]]
    exporting: Errand
    chasing: Errand
    templates: Environment

    @property
    def designs(self) -> Sequence[PadDesign]:
        """The pad designs as they are now."""
        return self.book.designs()

    def learn(self, confirmed: Referral) -> None:
        """The words of a referral that a person has confirmed: the reader expects them from now on."""
        with self.tools.turn:
            WordBook(self.settings.words).learn(confirmed)

    def close(self) -> None:
        """Do what is owed, and end what was started."""
        self.exporting.close()
        self.chasing.close()
        self.tools.pages.close()


@dataclass(frozen=True)
class Visit:
    """`path` holds the address's variable parts; `fields` the form's, in order, cleaned to one line each.

    `session` is None only on the pages that anybody may see, `token` its secret word. `raw` has the fields as they
    were typed, for passwords. `asked` is what follows the address's question mark: never a patient's data.
    """

    desk: Desk
    session: Session | None
    path: Mapping[str, str]
    fields: Sequence[tuple[str, str]] = ()
    raw: Mapping[str, str] = field(default_factory=dict, repr=False)
    token: str = field(default="", repr=False)
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def who(self) -> str:
        """The user's name, for the audit."""
        if self.session is None:
            raise UsageError("Sign in first.")
        return self.session.user

    @property
    def is_admin(self) -> bool:
        return self.session is not None and self.session.role is Role.ADMIN

    def said(self, name: str, default: str = "") -> str:
        """The last value of a field of the form."""
        return next((value for key, value in reversed(self.fields) if key == name), default)

    def all_said(self, name: str) -> list[str]:
        """Every value of a field that may come several times."""
        return [value for key, value in self.fields if key == name]

    def number(self, name: str) -> int:
        """A number in the address; raises NotFoundError."""
        if not _NUMBER.fullmatch(self.path[name]):
            raise NotFoundError
        return int(self.path[name])

    def number_said(self, name: str, default: int = 0) -> int:
        """A number in the form; `default` when the field is missing; raises UsageError."""
        said = self.said(name)
        if not said:
            return default
        if not _NUMBER.fullmatch(said):
            raise UsageError(f'"{name}" is a number of at most 9 digits.')
        return int(said)

    def number_asked(self, name: str) -> int | None:
        """A number after the address's question mark, if there is one."""
        asked = self.asked.get(name, "")
        return int(asked) if _NUMBER.fullmatch(asked) else None

    def page(self, template: str, status: int = 200, /, **values: object) -> Response:
        """A page made from a template."""
        text = self.desk.templates.get_template(template).render(visit=self, **values)
        return HTMLResponse(text, status)

    def to(self, address: str) -> Response:
        """Send the browser on, after something was done."""
        return RedirectResponse(address, 303)


def typed(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Form fields without what no field of ours may hold: line breaks, control characters, lone surrogates."""
    return [(str(clean(name)), str(clean(value))) for name, value in pairs]
