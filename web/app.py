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
from refpad.services.wiring import terms_of
from refpad.settings import Settings
from schemas.phones import show_phone
from schemas.text import without_noise
from store.database import Store
from store.directory.activity import activity
from store.search.search import Searcher
from web import static
from web.context import Desk, Visit
from web.errors import NotFoundError
from web.routes import PAGES
from web.security import Safety, endpoint
from web.services.debounced_job import Errand
from web.services.health import Health
from web.services.page_pictures import PageShelf
from web.services.services import Tools
from web.services.timed_cache import Recent

TEMPLATES = Path(__file__).parent / "templates"


def make_app(settings: Settings, store: Store, tools: Tools | None = None) -> Starlette:
    """The application for one record; it answers only what `web.routes` lists."""
    desk = make_desk(settings, store, tools or Tools(pages=PageShelf(settings.limits)))
    routes = [Route(page.path, endpoint(desk, page), methods=[page.method]) for page in PAGES]

    def nothing_here(_request: Request, _error: Exception) -> Response:
        return Visit(desk, None, {}).page("error.html", 404, status=404, sentence=str(NotFoundError()))

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(desk.close)

    hosts = frozenset(urlsplit(origin).netloc for origin in settings.front_desk.origins)
    app = Starlette(
        routes=routes,
        lifespan=life,
        middleware=[Middleware(Safety, hosts=hosts)],
        exception_handlers={404: nothing_here, 405: nothing_here},
    )
    app.state.desk = desk
    return app


def make_desk(settings: Settings, store: Store, tools: Tools) -> Desk:
    """What the pages of that record work with."""
    return Desk(
        settings=settings,
        store=store,
        terms=terms_of(settings),
        book=DesignBook(settings.designs),
        tools=tools,
        searcher=Searcher(store),
        health=Health(settings, store),
        activity=Recent(lambda: list(activity(store, settings.follow_ups))),
        exporting=Errand("The export", partial(export_referrals, store, settings.exports)),
        chasing=Errand("The round of letters", lambda: list(chase_all(store, settings))),
        templates=_templates(settings),
    )


def _templates(settings: Settings) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zone = ZoneInfo(settings.time_zone)
    made.globals.update(
        static=static.address, studio=settings.studio.name, desk=settings.front_desk, newline=Markup("\n")
    )
    made.filters.update(_filters(zone, settings.policy.phone_region))
    return made


def _harmless(value: object) -> object:
    """What a page shows has no control characters and no marks that turn text about; our own markup passes."""
    return without_noise(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _filters(zone: ZoneInfo, phone_region: str) -> Mapping[str, object]:
    def moment(at: datetime) -> str:
        return f"{at.astimezone(zone):%b %-d, %Y, %-I:%M %p}"

    def day(on: date) -> str:
        return f"{on:%b %-d, %Y}"

    def phone(e164: str) -> str:
        return show_phone(e164, phone_region)

    def words(name: str) -> str:
        return name.replace("_", " ")

    return {"moment": moment, "day": day, "words": words, "phone": phone}
