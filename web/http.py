"""From a request to its page and back: access is checked, the form is parsed, errors become answers."""

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from schemas.errors import MachineError, NotOnRecordError, RefpadError, UsageError
from schemas.plain_words import wrong_fields
from schemas.text import clean
from schemas.users import Session
from store.courses.entries import ChangedMeanwhileError
from store.review.refusals import EditedMeanwhileError, SettledMeanwhileError
from web.context import RequestContext, Services
from web.errors import ForbiddenError, NotFoundError
from web.security import DEVICE_COOKIE, SESSION_COOKIE, Access, check_origin, check_token, cookie_name, session_of
from web.services.login_throttle import TooManyTriesError

FORM_BYTES, FORM_FIELDS = 300_000, 2000
FORM_TYPE = "application/x-www-form-urlencoded"
PART_HEADER, NAME_HEADER = "X-Refpad-Part", "X-Refpad-Name"
STAY_HEADER, GO_HEADER = "X-Refpad-Stay", "X-Refpad-Go"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Endpoint:
    """One address: its method, who may open it, and the function that answers."""

    method: str
    path: str
    answer: Callable[[RequestContext], Response]
    access: Access = Access.REVIEWER


@dataclass(frozen=True)
class PasswordEndpoint:
    """An address that takes a password or a token: its function waits for its turn without holding a thread."""

    path: str
    answer: Callable[[RequestContext], Awaitable[Response]]
    access: Access = Access.REVIEWER
    method: str = "POST"


@dataclass(frozen=True)
class UploadEndpoint:
    """An address that takes one file as the body of a POST, with its name in a header."""

    path: str
    receive: Callable[[RequestContext, str, AsyncIterator[bytes]], Awaitable[Response]]
    access: Access = Access.REVIEWER
    method: str = "POST"


AnyEndpoint = Endpoint | PasswordEndpoint | UploadEndpoint


@dataclass(frozen=True)
class _Form:
    fields: list[tuple[str, str]] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict, repr=False)


class ServicesNow(Protocol):
    """Gives the services as the settings make them at this moment."""

    def now(self) -> Services: ...


def handler_of(live: ServicesNow, endpoint: AnyEndpoint) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint as Starlette calls it: the checks first, then the answer in a thread of its own."""

    async def handle(request: Request) -> Response:
        session, services = None, await run_in_threadpool(live.now)
        try:
            session = await run_in_threadpool(session_of, request, services.settings, services.store)
            if not endpoint.access.allows(session):
                return await run_in_threadpool(_deny, services, request, session)
            if isinstance(endpoint, UploadEndpoint):
                return await _receive(services, endpoint, request, session)
            form = await _read_form(request, session, services) if endpoint.method == "POST" else _Form()
            context = _context(services, request, session, form)
            if isinstance(endpoint, PasswordEndpoint):
                return _leading_on(request, await endpoint.answer(context))
            return _leading_on(request, await run_in_threadpool(_answer, endpoint, context))
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception as error:  # noqa: BLE001 - the one place where every error of a page becomes an answer
            return await run_in_threadpool(_error_page, services, session, error, is_act=request.method == "POST")

    return handle


def _answer(endpoint: Endpoint, context: RequestContext) -> Response:
    try:
        return endpoint.answer(context)
    finally:
        if endpoint.method == "POST":
            context.services.due.forget()


def _leading_on(request: Request, answer: Response) -> Response:
    """A form that stays on its page until it is taken is told where to go: a script does not see a redirect's place.

    Cookies come with it, those of signing in and out.
    """
    if STAY_HEADER not in request.headers or not isinstance(answer, RedirectResponse):
        return answer
    told = Response(status_code=HTTPStatus.NO_CONTENT, headers={GO_HEADER: answer.headers["location"]})
    told.raw_headers += [(name, value) for name, value in answer.raw_headers if name == b"set-cookie"]
    return told


def _context(services: Services, request: Request, session: Session | None, form: _Form) -> RequestContext:
    query = dict(_clean_pairs(request.query_params.multi_items()))
    return RequestContext(
        services,
        session,
        request.path_params,
        form.fields,
        form.raw,
        request.cookies.get(cookie_name(SESSION_COOKIE, services.store), ""),
        query,
        request.client.host if request.client else "",
        request.cookies.get(cookie_name(DEVICE_COOKIE, services.store), ""),
        bearer=_bearer(request),
        is_encrypted=request.url.scheme == "https" or services.settings.front_desk.origin is not None,
    )


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _receive(services: Services, endpoint: UploadEndpoint, request: Request, session: Session | None) -> Response:
    check_origin(request, services.settings)
    if session is None:
        raise ForbiddenError("Sign in first.")
    check_token(request, session, {})
    name = request.headers.get(NAME_HEADER, "")
    return await endpoint.receive(_context(services, request, session, _Form()), name, request.stream())


def _deny(services: Services, request: Request, session: Session | None) -> Response:
    if session is not None:
        raise ForbiddenError("This page is for admins.")
    if request.method == "GET" and PART_HEADER not in request.headers:
        return RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    status, sentence = HTTPStatus.UNAUTHORIZED, "You are signed out, and nothing was changed. Sign in, and do it again."
    return RequestContext(services, None, {}).render("error.html", status, status=status, sentence=sentence)


async def _read_form(request: Request, session: Session | None, services: Services) -> _Form:
    """The form's fields, once it is certain that our own page sent them."""
    check_origin(request, services.settings)
    pairs = await _parse_form(request)
    raw = dict(pairs)
    if session is not None:
        check_token(request, session, raw)
    return _Form(_clean_pairs(pairs), raw)


async def _parse_form(request: Request) -> list[tuple[str, str]]:
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


def _clean_pairs(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fields without what no field of ours may hold: line breaks, control characters, lone surrogates."""
    return [(str(clean(name)), str(clean(value))) for name, value in pairs]


STATUSES: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (NotOnRecordError, HTTPStatus.NOT_FOUND),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (TooManyTriesError, HTTPStatus.TOO_MANY_REQUESTS),
    (EditedMeanwhileError, HTTPStatus.CONFLICT),
    (SettledMeanwhileError, HTTPStatus.CONFLICT),
    (ChangedMeanwhileError, HTTPStatus.CONFLICT),
    (UsageError, HTTPStatus.BAD_REQUEST),
    (MachineError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ValidationError, HTTPStatus.BAD_REQUEST),
    (RefpadError, HTTPStatus.BAD_REQUEST),
)


def _error_page(services: Services, session: Session | None, error: Exception, *, is_act: bool) -> Response:
    """A page with one sentence, which tells whoever sent a form that it was not saved.

    Of unexpected errors only type and place are logged: the texts may quote patients.
    """
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    sentence = sentence_of(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        log.error("Unexpected %s at %s line %s.", type(error).__name__, Path(frame.filename).name, frame.lineno)
        sentence = "Something unexpected happened; nothing was changed. Try again, and tell your refpad admin."
    settled = error if isinstance(error, SettledMeanwhileError) else None
    context = RequestContext(services, session, {})
    return context.render("error.html", status, status=status, sentence=sentence, settled=settled, is_act=is_act)


def sentence_of(error: Exception) -> str:
    """What a page says of an error; where to look at the command line is for those who sit at one."""
    if isinstance(error, ValidationError):
        return wrong_fields(error)
    return error.on_page if isinstance(error, RefpadError) else str(error)
