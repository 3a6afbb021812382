"""The bundled Prefect server: how it is set up, started and asked whether it answers."""

import logging
import os
import secrets
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from flows.prefect_pages import STATIC, write_pages
from refpad.ops.health import does_prefect_answer, prefect_url
from refpad.ops.supervisor import Part
from refpad.settings import Settings
from schemas.atomic_write import replace_file

HOST = "127.0.0.1"
DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
READY_MOST_S = 90.0  # a first start migrates an empty database: 7 s here, several times that on a busy machine
# What logs a page of traceback, beside its sentence, whenever the server is away.
LOGS_IN_LINES = ("prefect.FlowRunCancellingObserver", "websockets.client", "prefect.task_runs", "prefect.flow_runs")
STARTED_IN = "REFPAD_STARTED_IN"  # for a reading of a pool: the folder in which its worker found its settings
SIGN_S = 30  # between signs of life of a flow run, the least that Prefect allows; its own default is 180
ASK_S = 5.0  # Prefect's own default of 60 s would hold a flow that long when the server hangs


def server_part(settings: Settings, environment: Mapping[str, str]) -> Part:
    """The server as a part that a supervisor runs; `environment` is what `client_environment` gave."""
    port = str(settings.prefect_port)
    argv = (sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", port)
    return Part("Prefect server", argv, {**environment, **_server_settings(settings)})


def client_environment(settings: Settings, surroundings: Mapping[str, str]) -> dict[str, str]:
    """The environment of everything that talks to our server; other Prefect settings of the user do not leak in."""
    others = {name: value for name, value in surroundings.items() if not name.startswith("PREFECT_")}
    return {
        **others,
        "PREFECT_HOME": str(settings.prefect_home.absolute()),
        "PREFECT_API_URL": f"{prefect_url(settings)}/api",
        **_password(settings),
        "PREFECT_API_REQUEST_TIMEOUT": str(ASK_S),
        "PREFECT_CLIENT_MAX_RETRIES": "1",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(SIGN_S),
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_LOGGING_LOG_PRINTS": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
        "DO_NOT_TRACK": "1",
    }


def prepare_home(settings: Settings) -> None:
    """Make Prefect's private folder, its pages in it, and once the password of its UI and API."""
    settings.prefect_home.mkdir(parents=True, exist_ok=True)
    settings.prefect_home.chmod(0o700)
    if not auth_file(settings).exists() or not auth_file(settings).read_text("utf-8").strip():
        with replace_file(auth_file(settings)) as file:  # whole or not at all: an empty one would open it to anybody
            file.write(f"refpad:{secrets.token_urlsafe(24)}".encode())
    with suppress(OSError):  # without room its server says so
        write_pages(_pages(settings))


def auth_file(settings: Settings) -> Path:
    """The file with the user and password of Prefect's UI and API."""
    return settings.prefect_auth_file


def enter_folder_of_worker() -> None:
    """Go where the pool's worker was started, before settings are read: Prefect starts a reading in an empty folder."""
    if folder := os.environ.get(STARTED_IN):
        os.chdir(folder)


def wait_healthy(settings: Settings, most_s: float = READY_MOST_S) -> bool:
    """Wait for the server; False when it has not answered after `most_s`."""
    until = time.monotonic() + most_s
    while not does_prefect_answer(settings, ASK_S):
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def shorten_tracebacks() -> None:
    """Have this process log a lost connection to the server, or a run that failed, in one line without a traceback."""
    for name in LOGS_IN_LINES:
        logging.getLogger(name).addFilter(drop_traceback)


def drop_traceback(record: logging.LogRecord) -> bool:
    """A filter that puts the kind of an exception in the place of its traceback."""
    if record.exc_info and (kind := record.exc_info[0]):
        record.msg, record.exc_info = f"{record.msg} ({kind.__name__})", None
    return True


def _password(settings: Settings) -> dict[str, str]:
    """Our own server's password never goes to one that runs elsewhere."""
    if settings.prefect_url is None:
        return {"PREFECT_API_AUTH_STRING": auth_file(settings).read_text("utf-8")}
    given = settings.prefect_auth
    return {"PREFECT_API_AUTH_STRING": given.get_secret_value()} if given else {}


def _server_settings(settings: Settings) -> dict[str, str]:
    """Prefect's defaults are for a laptop without patients: no password, any web page may call, phoning home."""
    port = settings.prefect_port
    return {
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_AUTH_STRING": auth_file(settings).read_text("utf-8"),
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{port},http://localhost:{port}",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the V2 UI calls an outside host even with analytics off
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        STATIC: str(_pages(settings)),
        **_database(settings),
    }


def _database(settings: Settings) -> dict[str, str]:
    """The server's own database is a file of SQLite unless it is given one; it brings either up to date itself."""
    given = settings.prefect_database_url
    if given is None:
        return {}
    _, _, rest = given.get_secret_value().partition("://")
    return {DATABASE: f"postgresql+asyncpg://{rest}"}  # its server knows no other driver


def _pages(settings: Settings) -> Path:
    return settings.prefect_home.absolute() / "ui"
