"""The front desks of several studios in one process: the host that a request names decides whose application answers.

Each is an application of its own, with the record, users and settings of one studio and nothing of another's.
"""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send


class StudioDesks:
    """Hands each request to the studio that its host names; one that names none to the first, which refuses it."""

    def __init__(self, apps: Sequence[Starlette]) -> None:
        self._first, *self._others = apps
        self._by_host = {
            host: app for app in self._others for host in app.state.services.now().settings.front_desk.hosts
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As an ASGI application."""
        host = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")
        await self._by_host.get(host, self._first)(scope, receive, send)

    def close(self) -> None:
        """Finish what was requested of the others; the first ends with the server's lifespan."""
        for app in self._others:
            app.state.services.close()
