"""The front desk as a process of its own: `python -m web.server`."""

import asyncio
import gc
import logging
import os
import threading
from contextlib import closing, suppress

import uvicorn
from starlette.types import ASGIApp

from ocr.diagnosis import suggest
from refpad.services.attempt import attempt
from refpad.services.wiring import open_record
from refpad.settings import Settings
from store.search.everything import RecordSearcher
from store.search.index import catch_up
from web.app import make_app
from web.lan_door import LanDoor

LAST_ANSWERS_S = 3


def main() -> None:
    """Serve, on the loopback address as a rule, until SIGTERM."""
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = Settings()
    with closing(open_record(settings)) as store:
        catch_up(store)
        app = make_app(settings, store)
        searcher = app.state.services.now().searcher
        threading.Thread(target=make_ready, args=(searcher,), daemon=True, name="ready").start()
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(settings, uvicorn.Server(server_config(settings, app))))


def make_ready(searcher: RecordSearcher) -> None:
    """Load what the first requests would wait for, 3 to 4 s of it, once, and have the garbage collector pass it by.

    Looking through these codes and words, which never go away, took 0.2 s of a request now and then.
    """
    suggest("gout")
    attempt(searcher.warm)
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


async def serve(settings: Settings, server: uvicorn.Server) -> None:
    """Serve until the server is told to stop, to the local network too when the settings say so."""
    if not settings.front_desk.is_on_lan:
        await server.serve()
        return
    door = asyncio.create_task(LanDoor(settings, server).serve())
    door.add_done_callback(lambda _: setattr(server, "should_exit", True))  # `refpad up` then starts both anew
    try:
        await server.serve()
    finally:
        door.cancel()


if __name__ == "__main__":
    main()
