"""The front desk as a process of its own: `python -m web.server`."""

import logging
import os
import threading
from contextlib import closing

import uvicorn

from ocr.diagnosis import suggest
from refpad.services.wiring import open_record
from refpad.settings import Settings
from store.search.index import catch_up
from web.app import make_app

LAST_ANSWERS_S = 3


def main() -> None:
    """Serve, on the loopback address as a rule, until SIGTERM. No access log: addresses say who looked at whom."""
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = Settings()
    with closing(open_record(settings)) as store:
        catch_up(store)
        threading.Thread(target=suggest, args=("gout",), daemon=True, name="codes").start()  # 2 s to load, once
        uvicorn.run(
            make_app(settings, store),
            host=settings.front_desk.address,
            port=settings.front_desk.port,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_level="warning",
            timeout_graceful_shutdown=LAST_ANSWERS_S,
        )


if __name__ == "__main__":
    main()
