"""A real HTTP server on loopback that takes webhooks, and answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook as Signer

HANG, DRIP = "hang", "drip"
PATH_SECRET = "path-that-is-a-secret"  # noqa: S105 - invented


@dataclass
class Receiver:
    """`requests` are all that came, with headers in small letters. What is answered next is in `answers`; then 204."""

    port: int = 0
    answers: list[int | str] = field(default_factory=list)
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{PATH_SECRET}"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.requests]

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.requests]


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """As a receiver looks at it, whatever the time is."""
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    return Signer(secret).sign(headers["webhook-id"], at, body.decode()) in headers["webhook-signature"].split(" ")


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            answer = receiver.answers.pop(0) if receiver.answers else 204
            if answer == DRIP:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while not receiver.closing.wait(0.05):
                    self.wfile.write(b"x-more: 1\r\n")
            elif answer == HANG:
                receiver.closing.wait()
            else:
                self.send_response(int(answer))
                self.send_header("location", receiver.url)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

        def handle_error(self) -> None:
            """Whoever asked has gone."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02})
        thread.start()
        yield receiver
        receiver.closing.set()
        server.shutdown()
