"""The front desk's door to the local network: TLS, and a way on for whoever asks without."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Coroutine
from typing import Any

import uvicorn

from refpad.services.lan.certificate import Certificate, certificate_of
from refpad.settings import Settings
from schemas.errors import RefpadError

TLS_BEGINS = b"\x16"  # the first byte of a handshake (RFC 8446, 5.1); no HTTP request begins so
FIRST_BYTE_S = HANDSHAKE_S = REQUEST_S = 10.0
REQUEST_BYTES = 8192
WAITING_MOST = 200  # connections that have not said what they want; others wait in the kernel's queue
RENEWAL_S = 3600.0
READY_S = 0.05

log = logging.getLogger(__name__)


class LanDoor:
    """Takes connections from the local network for a running uvicorn server, on one address and port."""

    def __init__(self, settings: Settings, server: uvicorn.Server) -> None:
        """Raises OSError when the address cannot be listened on, MachineError when no certificate can be kept."""
        self._settings, self._server = settings, server
        self._certificate = certificate_of(settings)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._context.load_cert_chain(self._certificate.path)
        desk = settings.front_desk
        self._listener = socket.create_server((str(desk.lan_address), desk.lan_port), backlog=128)
        self._listener.setblocking(False)
        self._waiting = asyncio.Semaphore(WAITING_MOST)
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Take connections until canceled, and renew the certificate in time."""
        while not self._server.started:
            await asyncio.sleep(READY_S)
        self._keep(self._renew())
        loop = asyncio.get_running_loop()
        try:
            while True:
                await self._waiting.acquire()
                self._keep(self._receive((await loop.sock_accept(self._listener))[0]))
        finally:
            self._listener.close()
            for task in self._tasks:
                task.cancel()

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _receive(self, connection: socket.socket) -> None:
        """Hand one connection to the server, or say where to go; a stranger's broken one is nobody's trouble."""
        try:
            connection.setblocking(False)
            if await asyncio.wait_for(_first_byte(connection), FIRST_BYTE_S) == TLS_BEGINS:
                await self._hand_over(connection)
            else:
                await asyncio.wait_for(self._lead_on(connection), REQUEST_S)
        except (OSError, TimeoutError):
            connection.close()
        finally:
            self._waiting.release()

    async def _hand_over(self, connection: socket.socket) -> None:
        config, server = self._server.config, self._server
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: config.http_protocol_class(  # type: ignore[call-arg]
                config=config, server_state=server.server_state, app_state=server.lifespan.state
            ),
            connection,
            ssl=self._context,
            ssl_handshake_timeout=HANDSHAKE_S,
        )

    async def _lead_on(self, connection: socket.socket) -> None:
        """Answer an unencrypted request; nothing that was sent is looked at, or sent back."""
        loop, url = asyncio.get_running_loop(), self._settings.front_desk.url
        with connection:
            await loop.sock_recv(connection, REQUEST_BYTES)
            words = f"The front desk is at {url} only: type https before the address.\n".encode()
            head = (
                f"HTTP/1.1 308 Permanent Redirect\r\nLocation: {url}/\r\nContent-Type: text/plain\r\n"
                f"Content-Length: {len(words)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
            )
            await loop.sock_sendall(connection, head.encode() + words)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL_S)
            try:
                self._take_new(await asyncio.to_thread(certificate_of, self._settings))
            except RefpadError as error:
                log.error("The certificate of before stays in use: %s", error)

    def _take_new(self, certificate: Certificate) -> None:
        if certificate.fingerprint != self._certificate.fingerprint:
            self._context.load_cert_chain(certificate.path)
            self._certificate = certificate
            log.warning("A new certificate is in use, SHA-256 %s.", certificate.fingerprint)


async def _first_byte(connection: socket.socket) -> bytes:
    """The first byte of a connection, which stays in it for whoever reads it next."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)
