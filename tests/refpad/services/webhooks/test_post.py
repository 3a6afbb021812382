"""One message on its way: signed as its receivers expect, sent to one address, never longer than it may take."""

import ssl
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from refpad.services.webhooks.address import NotReachedError
from refpad.services.webhooks.post import GoneError, post, signed
from schemas.changes import ChangeKind
from schemas.webhook import MessageState, WebhookEvent, WebhookMessage
from store.webhooks.sending import OutgoingMessage
from tests.webhook_receiver import DRIP, HANG, is_signed, receiving

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SECRETS = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "QUJD" * 10)


def outgoing(url: str) -> OutgoingMessage:
    message = WebhookMessage(
        id=1,
        message_id="msg_1",
        event=WebhookEvent.CHANGED,
        number=7,
        what=ChangeKind.OFFICE,
        cursor="9-58259aa9",
        due=None,
        at=NOW,
        state=MessageState.SENDING,
        attempts=1,
    )
    return OutgoingMessage(message, url, False, SECRETS, False, None)


def test_a_message_is_signed_with_each_secret_that_counts() -> None:
    """While a secret is changed, programs with the old one and with the new one know it."""
    sent = signed(outgoing("https://registry.example/"), NOW)
    assert sent.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert [is_signed(sent.headers, sent.body, secret) for secret in (*SECRETS, "whsec_" + "QUJE" * 10)] == [
        True,
        True,
        False,
    ]
    assert b'"data":{"referral":"7","what":"office","cursor":"9-58259aa9"}' in sent.body


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (200, None),
        (204, None),
        (302, "redirects are not followed"),
        (400, "answered 400"),
        (500, "answered 500"),
        (HANG, "did not answer within"),
        (DRIP, "did not answer within"),
    ],
)
def test_only_an_answer_of_success_in_time_counts(answer: int | str, told: str | None) -> None:
    """A redirect may lead anywhere, and an answer that never ends would stop all others."""
    with receiving() as receiver:
        receiver.answers.append(answer)
        sent = outgoing(receiver.url)
        if told is None:
            post(sent, NOW)
        else:
            with pytest.raises(NotReachedError, match=told) as caught:
                post(sent, NOW, 0.4)
            assert receiver.url not in str(caught.value)
        assert len(receiver.requests) == 1
        receiver.answers.append(410)
        with pytest.raises(GoneError):
            post(sent, NOW)


def test_a_certificate_is_checked_against_the_name_though_the_address_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is resolved once is connected to, and still only the owner of the name can read it."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    hosts = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hosts.append(self.headers["host"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02})
        thread.start()
        port = server.server_address[1]
        with pytest.raises(NotReachedError, match="reached: its certificate is not trusted"):
            post(outgoing(f"https://localhost:{port}/"), NOW)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        post(outgoing(f"https://localhost:{port}/"), NOW)
        with pytest.raises(NotReachedError, match="reached: its certificate is not trusted"):
            post(outgoing(f"https://127.0.0.1:{port}/"), NOW)
        assert hosts == [f"localhost:{port}"]
        server.shutdown()
    with pytest.raises(NotReachedError, match="reached: nobody answers at its port"):
        post(outgoing(f"https://localhost:{port}/"), NOW)
