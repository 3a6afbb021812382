"""The door: who may come in, whose form may be taken, and what every answer carries for the browser's safety."""

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.errors import MachineError, RefpadError, UsageError
from schemas.users import Role, Session
from store.courses.entries import ChangedMeanwhileError
from store.review.settle import EditedMeanwhileError
from store.users.sessions import LockedOutError, find_session
from web.context import Desk, Visit, typed
from web.errors import ForbiddenError, NotFoundError

COOKIE = "refpad_session"
FORM_BYTES, FORM_FIELDS = 300_000, 2000
TOKEN_HEADER, POLL_HEADER, PART_HEADER = "X-Refpad-Token", "X-Refpad-Poll", "X-Refpad-Part"
NAME_HEADER = "X-Refpad-Name"
FORM_TYPE = "application/x-www-form-urlencoded"

# Everything comes from this very server; nothing inline runs; no frame, no plug-in, no other page's form.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SAFETY = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=()",
}
UNKEPT = "no-store"  # a patient's data is in no browser cache

log = logging.getLogger(__name__)


class For(StrEnum):
    """Whom a page is for."""

    ANYBODY = "anybody"
    REVIEWER = Role.REVIEWER.value
    ADMIN = Role.ADMIN.value

    def lets_in(self, session: Session | None) -> bool:
        """Whether that person may see it."""
        if self is For.ANYBODY:
            return True
        return session is not None and session.role.may(Role(self.value))


@dataclass(frozen=True)
class Page:
    """One address: how it is asked for, by whom, and what answers."""

    method: str
    path: str
    answer: Callable[[Visit], Response]
    whom: For = For.REVIEWER


@dataclass(frozen=True)
class FilePage:
    """An address that takes one file as the body of a POST, with its name in a header."""

    path: str
    receive: Callable[[Visit, str, AsyncIterator[bytes]], Awaitable[Response]]
    whom: For = For.REVIEWER
    method: str = "POST"


@dataclass(frozen=True)
class _Form:
    fields: list[tuple[str, str]] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict, repr=False)


def endpoint(desk: Desk, page: Page | FilePage) -> Callable[[Request], Awaitable[Response]]:
    """The page as Starlette calls it: the door first, then the answer in a thread of its own."""

    async def answer(request: Request) -> Response:
        session = None
        try:
            session = await run_in_threadpool(_session_of, desk, request)
            if not page.whom.lets_in(session):
                return _turned_away(request, session)
            if isinstance(page, FilePage):
                return await _received(desk, page, request, session)
            form = await _form_of(request, session, desk) if page.method == "POST" else _Form()
            return await run_in_threadpool(page.answer, _visit(desk, request, session, form))
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception as error:  # noqa: BLE001 - the one net under all pages
            return await run_in_threadpool(_told, desk, session, error)

    return answer


def _visit(desk: Desk, request: Request, session: Session | None, form: _Form) -> Visit:
    asked = dict(typed(request.query_params.multi_items()))
    token = request.cookies.get(COOKIE, "")
    return Visit(desk, session, request.path_params, form.fields, form.raw, token, asked)


async def _received(desk: Desk, page: FilePage, request: Request, session: Session | None) -> Response:
    _must_be_from_here(request, desk)
    if session is None:
        raise ForbiddenError("Sign in first.")
    _must_be_ours(session, request.headers.get(TOKEN_HEADER, ""))
    name = request.headers.get(NAME_HEADER, "")
    return await page.receive(_visit(desk, request, session, _Form()), name, request.stream())


def _session_of(desk: Desk, request: Request) -> Session | None:
    token = request.cookies.get(COOKIE)
    idle = timedelta(minutes=desk.settings.front_desk.idle_minutes)
    if not token:
        return None
    return find_session(desk.store, token, idle, touch=POLL_HEADER not in request.headers)


def _turned_away(request: Request, session: Session | None) -> Response:
    if session is not None:
        raise ForbiddenError("This page is for admins.")
    if request.method == "GET" and PART_HEADER not in request.headers:
        return RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    return HTMLResponse("Sign in first.", HTTPStatus.UNAUTHORIZED)


async def _form_of(request: Request, session: Session | None, desk: Desk) -> _Form:
    """The form's fields, once it is certain that our own page sent them."""
    _must_be_from_here(request, desk)
    pairs = await _pairs(request)
    raw = dict(pairs)
    if session is not None:
        _must_be_ours(session, request.headers.get(TOKEN_HEADER) or raw.get("token", ""))
    return _Form(typed(pairs), raw)


def _must_be_from_here(request: Request, desk: Desk) -> None:
    if request.headers.get("origin") not in desk.settings.front_desk.origins:
        raise ForbiddenError("This form did not come from the front desk's own page: open the page again.")


def _must_be_ours(session: Session, token: str) -> None:
    if not compare_digest(session.csrf.encode(), token.encode("utf-8", "replace")):
        raise ForbiddenError("This page is too old: open it again.")


async def _pairs(request: Request) -> list[tuple[str, str]]:
    if request.headers.get("content-type", FORM_TYPE).partition(";")[0].strip() != FORM_TYPE:
        raise UsageError(f"A form is sent as {FORM_TYPE}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            raise UsageError(f"This form is larger than {FORM_BYTES:,} bytes.")
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FORM_FIELDS)
    except ValueError:
        raise UsageError(f"This form has more than {FORM_FIELDS} fields.") from None


STATUS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (LockedOutError, HTTPStatus.TOO_MANY_REQUESTS),
    (EditedMeanwhileError, HTTPStatus.CONFLICT),
    (ChangedMeanwhileError, HTTPStatus.CONFLICT),
    (UsageError, HTTPStatus.BAD_REQUEST),
    (MachineError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ValidationError, HTTPStatus.BAD_REQUEST),
    (RefpadError, HTTPStatus.BAD_REQUEST),
)


def _told(desk: Desk, session: Session | None, error: Exception) -> Response:
    """A page with one sentence. Of unforeseen errors only kind and place are logged: the texts may quote patients."""
    status = next((status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    sentence = _fields_of(error) if isinstance(error, ValidationError) else str(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("Unexpected %s at %s line %s.", type(error).__name__, Path(where.filename).name, where.lineno)
        sentence = "Something unforeseen happened; nothing was changed. Try again, and tell whoever looks after refpad."
    return Visit(desk, session, {}).page("error.html", status, status=status, sentence=sentence)


def _fields_of(error: ValidationError) -> str:
    """Which fields of a form do not fit, without what was typed in them."""
    wrong = {".".join(map(str, each["loc"])): each["msg"] for each in error.errors(include_input=False)}
    return f"This does not fit: {', '.join(f'{name} ({why})' for name, why in wrong.items())}."


class Safety:
    """Puts the safety headers on every answer, and refuses requests made to another host's name (DNS rebinding)."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SAFETY)
                headers.setdefault("Cache-Control", UNKEPT)
            await send(message)

        # Not Starlette's TrustedHostMiddleware: it leaves the port unchecked, and may answer with a redirect.
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        app = self._app if host in self._hosts else Response("No such host here.", HTTPStatus.MISDIRECTED_REQUEST)
        await app(scope, receive, safely)
