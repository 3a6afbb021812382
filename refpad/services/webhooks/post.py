"""One message to one address: signed as Standard Webhooks 1.1 says, sent once, no redirect followed."""

import asyncio
import json
import logging
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx
from standardwebhooks import Webhook as Signer

from refpad import __version__
from refpad.services.webhooks.address import NotReachedError, resolved
from schemas.webhook import WebhookEvent
from store.webhooks.sending import OutgoingMessage

# They log each address, whose path may be a secret of its program.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.INFO)

POST_MOST_S = 15.0  # Standard Webhooks 1.1: 15 to 30 s for the whole of it


class GoneError(NotReachedError):
    """The other side says that there is nobody at this address any more (410)."""


@dataclass(frozen=True)
class Signed:
    """What is sent; the same message has other headers at each try, as its signature is of the moment."""

    headers: dict[str, str]
    body: bytes


def post(outgoing: OutgoingMessage, now: datetime, most_s: float = POST_MOST_S) -> None:
    """Send a message, within `most_s` seconds; raises NotReachedError unless the answer is 2xx."""
    try:
        answer = asyncio.wait_for(_status(outgoing, signed(outgoing, now)), most_s)
        with ThreadPoolExecutor(1) as thread:  # whoever calls may have an event loop in theirs
            status = thread.submit(asyncio.run, answer).result()
    except TimeoutError:
        raise NotReachedError(f"It did not answer within {most_s:.0f} seconds.") from None
    except (httpx.HTTPError, OSError, ssl.SSLError) as error:
        raise NotReachedError(f"It could not be reached: {_why(error)}.") from None
    if status == HTTPStatus.GONE:
        raise GoneError("It answered 410: there is nobody any more.")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        is_redirect = status < HTTPStatus.BAD_REQUEST
        raise NotReachedError(f"It answered {status}{', and redirects are not followed' if is_redirect else ''}.")


def _why(error: Exception) -> str:
    """What to look at; the error's own text is a library's, and may name the address."""
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "its certificate is not trusted here, has expired or is of another name"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "it speaks no TLS"
    if isinstance(error, httpx.TimeoutException):
        return "it did not answer in time"
    if isinstance(error, httpx.ConnectError | OSError):
        return "nobody answers at its port"
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return "it ended the connection, or answered in no HTTP"
    return f"the connection failed ({type(error).__name__})"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def signed(outgoing: OutgoingMessage, now: datetime) -> Signed:
    """The body, and the headers by which its receiver knows who sent it and whether it came before.

    `now` is in UTC. There are two signatures while the secret of before counts as well.
    """
    message = outgoing.message
    body = json.dumps(content(outgoing), ensure_ascii=True, separators=(",", ":"))
    signatures = [Signer(secret).sign(message.message_id, now, body) for secret in outgoing.secrets]
    return Signed(
        {
            "content-type": "application/json",
            "user-agent": f"refpad/{__version__}",
            "webhook-id": message.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        },
        body.encode(),
    )


def content(outgoing: OutgoingMessage) -> dict[str, Any]:
    """What a message says: its event, when that was noticed, and numbers; the record where that was chosen."""
    message = outgoing.message
    data: dict[str, Any] = {message.noun.value: str(message.number)}
    if message.event is WebhookEvent.DUE:
        data["due"] = None if message.due is None else message.due.isoformat()
    else:
        data |= {"what": message.what, "cursor": message.cursor}
    if outgoing.says_record:
        data["record"] = None if outgoing.record is None else outgoing.record.model_dump(mode="json")
    return {"type": message.event.value, "timestamp": message.at.isoformat(), "data": data}


async def _status(outgoing: OutgoingMessage, sent: Signed) -> int:
    """The answer's status. Its body is not read, and no proxy of the machine is asked."""
    url = httpx.URL(outgoing.url)
    address = await resolved(outgoing.url, in_local_network=outgoing.in_local_network)
    to = url.copy_with(host=str(address))
    headers = sent.headers | {"host": url.netloc.decode("ascii")}
    # Reading the machine's authorities takes 0.2 s; without them no certificate is trusted.
    trust = ssl.create_default_context() if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with httpx.AsyncClient(trust_env=False, verify=trust, timeout=POST_MOST_S) as client:
        request = client.build_request(
            "POST", to, content=sent.body, headers=headers, extensions={"sni_hostname": url.host}
        )
        answer = await client.send(request, stream=True)
        await answer.aclose()
        return answer.status_code
