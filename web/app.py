"""The front desk as one ASGI application."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from refpad.services.connecting.openapi import API, is_address
from refpad.settings import Settings
from store.database import Store
from web.context import RequestContext
from web.errors import NotFoundError
from web.http import handler_of
from web.live_services import LiveServices
from web.routes import ENDPOINTS
from web.security import SecurityHeaders
from web.services.page_pictures import PagePictures
from web.services.tools import Tools
from web.views.connecting import api


def make_app(
    settings: Settings, store: Store, tools: Tools | None = None, read: Callable[[], Settings] = Settings
) -> Starlette:
    """The application for one record; it answers only what `web.routes` lists.

    `read` gives the settings anew when those saved in the data folder have changed.
    """
    services = LiveServices(settings, store, tools or Tools(pages=PagePictures(settings.limits)), read)
    routes = [Route(endpoint.path, handler_of(services, endpoint), methods=[endpoint.method]) for endpoint in ENDPOINTS]

    def not_found(request: Request, _error: Exception) -> Response:
        if is_address(request.url.path):
            return api.problem(HTTPStatus.NOT_FOUND, f"There is no such address: see {API}/openapi.json.")
        if request.url.path != "/" and request.url.path.endswith("/"):
            return RedirectResponse(request.url.replace(path=request.url.path.rstrip("/") or "/"))
        context = RequestContext(services.now(), None, {})
        return context.render("error.html", 404, status=404, sentence=str(NotFoundError()))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(services.close)

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(SecurityHeaders, hosts=settings.front_desk.hosts)],
        exception_handlers={404: not_found, 405: not_found},
    )
    app.router.redirect_slashes = False  # it would send programs elsewhere, too, with an answer that is no JSON
    app.state.services = services
    return app
