"""The front desk as one ASGI application."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from refpad.services.designs import DesignBook
from refpad.services.exports import export_referrals
from refpad.services.letters.chase import chase_all
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.export import MACHINE, by_whom
from schemas.phones import show_phone
from schemas.text import without_noise
from store.database import Store
from store.directory.activity import activity
from store.search.search import Searcher
from web import static
from web.context import RequestContext, Services
from web.errors import NotFoundError
from web.http import handler_of
from web.routes import ENDPOINTS
from web.security import SecurityHeaders
from web.services.debounced_job import DebouncedJob
from web.services.health import Health
from web.services.page_pictures import PagePictures
from web.services.timed_cache import TimedCache
from web.services.tools import Tools
from web.slips.labels import read_by

TEMPLATES = Path(__file__).parent / "templates"


def make_app(settings: Settings, store: Store, tools: Tools | None = None) -> Starlette:
    """The application for one record; it answers only what `web.routes` lists."""
    services = make_services(settings, store, tools or Tools(pages=PagePictures(settings.limits)))
    routes = [Route(endpoint.path, handler_of(services, endpoint), methods=[endpoint.method]) for endpoint in ENDPOINTS]

    def not_found(_request: Request, _error: Exception) -> Response:
        return RequestContext(services, None, {}).render("error.html", 404, status=404, sentence=str(NotFoundError()))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(services.close)

    hosts = frozenset(urlsplit(origin).netloc for origin in settings.front_desk.origins)
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(SecurityHeaders, hosts=hosts)],
        exception_handlers={404: not_found, 405: not_found},
    )
    app.state.services = services
    return app


def make_services(settings: Settings, store: Store, tools: Tools) -> Services:
    """What the pages of that record work with."""
    return Services(
        settings=settings,
        store=store,
        rules=rules_of(settings),
        book=DesignBook(settings.designs),
        tools=tools,
        searcher=Searcher(store),
        health=Health(settings, store),
        activity=TimedCache(lambda: list(activity(store, settings.follow_ups))),
        export_job=DebouncedJob("The export", partial(export_referrals, store, settings.exports)),
        chase_job=DebouncedJob("The round of letters", lambda: list(chase_all(store, settings))),
        templates=_templates(settings),
    )


def _templates(settings: Settings) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_noise,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zone = ZoneInfo(settings.time_zone)
    environment.globals.update(
        static=static.address, studio=settings.studio.name, front_desk=settings.front_desk, newline=Markup("\n")
    )
    environment.filters.update(_filters(zone, settings.policy.phone_region))
    return environment


def _without_noise(value: object) -> object:
    """What a page shows has no control characters and no marks that turn text about; our own markup passes."""
    return without_noise(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _filters(zone: ZoneInfo, phone_region: str) -> Mapping[str, object]:
    def moment(at: datetime) -> str:
        return f"{at.astimezone(zone):%b %-d, %Y, %-I:%M %p}"

    def day(on: date) -> str:
        return f"{on:%b %-d, %Y}"

    def phone(e164: str) -> str:
        return show_phone(e164, phone_region)

    def who(name: str) -> str:
        return "refpad" if name == MACHINE else name

    def words(name: str) -> str:
        return name.replace("_", " ")

    shown = {"moment": moment, "day": day, "words": words, "phone": phone}
    return {**shown, "read_by": read_by, "by_whom": by_whom, "who": who}
