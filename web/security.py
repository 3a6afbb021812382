"""Sessions, tokens and headers: who may see what, whose requests are trusted, and what every answer carries."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from hmac import compare_digest
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from refpad.services.connecting.openapi import is_address
from refpad.settings import Settings
from schemas.api import ApiProblem
from schemas.users import Role, Session
from store.database import Store
from store.users.sessions import find_session
from web.errors import ForbiddenError

SESSION_COOKIE, DEVICE_COOKIE = "refpad_session", "refpad_device"  # each with the record behind it: `cookie_name`
TOKEN_HEADER, POLL_HEADER = "X-Refpad-Token", "X-Refpad-Poll"

# Everything comes from this server; nothing inline runs; no frame, no plug-in, no other page's form.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=()",
}
NO_SUCH_HOST = (
    "No front desk answers to this name: ask at the address that `refpad up` prints. A studio that is closed has none."
)
NO_STORE = "no-store"  # a patient's data is in no browser cache


class Access(StrEnum):
    """Who may open an address."""

    ANYBODY = "anybody"
    PROGRAM = "program"  # its page looks at the token itself, and no session opens it
    REVIEWER = Role.REVIEWER.value
    ADMIN = Role.ADMIN.value

    def allows(self, session: Session | None) -> bool:
        """Whether the person with that session may open it."""
        if self in (Access.ANYBODY, Access.PROGRAM):
            return True
        return session is not None and session.role.may(Role(self.value))


def cookie_name(kind: str, store: Store) -> str:
    """A cookie's name for this record: browsers do not separate by port, and practice may be open beside the real work.

    Its last characters are of the record's name, which stays when the data folder moves and is the same for all who
    serve it; it is no secret.
    """
    return f"{kind}_{store.anchor.installation[:8]}" if store.anchor is not None else kind


def session_of(request: Request, settings: Settings, store: Store) -> Session | None:
    """The session that the request's cookie names, while it lasts; a script's own polling does not extend it."""
    token = request.cookies.get(cookie_name(SESSION_COOKIE, store))
    idle = timedelta(minutes=settings.front_desk.idle_minutes)
    if not token:
        return None
    return find_session(store, token, idle, touch=POLL_HEADER not in request.headers)


def check_origin(request: Request, settings: Settings) -> None:
    """Raise ForbiddenError unless one of our own pages sent the request."""
    if request.headers.get("origin") not in settings.front_desk.origins:
        raise ForbiddenError("This form did not come from the front desk's own page: open the page again.")


def check_token(request: Request, session: Session, form: Mapping[str, str]) -> None:
    """Raise ForbiddenError unless the request has the session's CSRF token, in a header or in the form."""
    token = request.headers.get(TOKEN_HEADER) or form.get("token", "")
    if not compare_digest(session.csrf.encode(), token.encode("utf-8", "replace")):
        raise ForbiddenError("This page is too old: open it again.")


class SecurityHeaders:
    """Puts the security headers on every answer, and refuses requests to another host's name (DNS rebinding)."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                headers.setdefault("Cache-Control", NO_STORE)
            await send(message)

        # Not Starlette's TrustedHostMiddleware: it leaves the port unchecked, and may answer with a redirect.
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        app = self._app if host in self._hosts else _no_such_host(scope["path"])
        await app(scope, receive, send_with_headers)


def _no_such_host(path: str) -> Response:
    """The refusal, for programs as all of theirs are."""
    if not is_address(path):
        return Response(NO_SUCH_HOST, HTTPStatus.MISDIRECTED_REQUEST)
    told = ApiProblem(problem=NO_SUCH_HOST).model_dump_json()
    return Response(told, HTTPStatus.MISDIRECTED_REQUEST, media_type="application/json")
