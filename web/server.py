"""The front desk as a process of its own: `python -m web.server`."""

import asyncio
import gc
import logging
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from ocr.diagnosis import suggest
from refpad.services.attempt import attempt
from refpad.services.studios.registry import further_studios, read_registry, registry_file, settings_of
from refpad.services.wiring import open_record
from refpad.settings import Settings, stamp_of
from schemas.errors import MachineError
from store.search.index import catch_up
from web.app import make_app
from web.context import Services
from web.lan_door import LanDoor
from web.services.page_pictures import PagePictures
from web.services.switchboard import Switchboard
from web.services.tools import Tools
from web.studios import StudioDesks

LAST_ANSWERS_S = 3
LOOK_S = 2.0  # for studios that were added or closed

log = logging.getLogger(__name__)


def main() -> None:
    """Serve, on the loopback address as a rule, until SIGTERM."""
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = Settings()
    with ExitStack() as opened:
        board = Switchboard(partial(read_registry, settings), partial(url_of, settings))
        apps = [open_desk(opened, settings, Settings, board)]
        for studio in further_studios(settings):
            read = partial(settings_of, settings, studio)
            if problem := attempt(lambda read=read: apps.append(open_desk(opened, read(), read, board))):  # type: ignore[misc]
                log.error("Studio %s is not served; the others are. %s", studio.key, problem)
        desks = StudioDesks(apps)
        opened.callback(desks.close)
        services = [app.state.services.now() for app in apps]
        threading.Thread(target=make_ready, args=(services,), daemon=True, name="ready").start()
        with suppress(KeyboardInterrupt):
            asyncio.run(serve([one.settings for one in services], uvicorn.Server(server_config(settings, desks))))


def open_desk(opened: ExitStack, settings: Settings, read: Callable[[], Settings], board: Switchboard) -> Starlette:
    """The application of one studio, whose record is closed with `opened`; `read` gives its settings anew.

    By `board` people go to other studios.
    """
    store = opened.enter_context(closing(open_record(settings)))
    catch_up(store)
    return make_app(settings, store, Tools(pages=PagePictures(settings.limits), switchboard=board), read)


def url_of(settings: Settings, key: str) -> str:
    """Where the front desk of a studio is; `settings` are the first one's."""
    return settings_of(settings, read_registry(settings).find(key)).front_desk.url


def make_ready(desks: Sequence[Services]) -> None:
    """Load what the first requests would wait for, 3 to 4 s of it, once, and have the garbage collector pass it by.

    Looking through these codes and words, which never go away, took 0.2 s of a request now and then.
    """
    suggest("gout")
    for desk in desks:
        attempt(desk.searcher.warm)
    gc.collect()
    gc.freeze()


def server_config(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    """How the application is served. No access log: addresses say who looked at whom.

    Only a trusted proxy may say where a request came from: by that the throttle of sign-ins counts.
    """
    desk = settings.front_desk
    return uvicorn.Config(
        app,
        host=desk.address,
        port=desk.port,
        access_log=False,
        server_header=False,
        proxy_headers=desk.trusted_proxy is not None,
        forwarded_allow_ips=desk.trusted_proxy or "",
        log_level="warning",
        timeout_graceful_shutdown=LAST_ANSWERS_S,
    )


async def serve(desks: Sequence[Settings], server: uvicorn.Server) -> None:
    """Serve until the server is told to stop, to the local network too for the studios whose settings say so.

    It ends too when a door breaks, or when a studio was added or closed: `refpad up` then starts all anew.
    """
    tasks = [LanDoor(settings, server).serve() for settings in desks if settings.front_desk.is_on_lan]
    watched = [asyncio.create_task(task) for task in (*tasks, _until_changed(desks[0]))]
    for task in watched:
        task.add_done_callback(lambda _: setattr(server, "should_exit", True))
    try:
        await server.serve()
    finally:
        for task in watched:
            task.cancel()


async def _until_changed(settings: Settings) -> None:
    """Until other studios are to be served, where `settings` are the first one's: a damaged list says nothing."""
    keys = [studio.key for studio in further_studios(settings)]
    seen = stamp_of(registry_file(settings))
    while True:
        await asyncio.sleep(LOOK_S)
        if (stamp := stamp_of(registry_file(settings))) != seen:
            seen = stamp
            with suppress(MachineError):
                if [studio.key for studio in further_studios(settings)] != keys:
                    return


if __name__ == "__main__":
    main()
