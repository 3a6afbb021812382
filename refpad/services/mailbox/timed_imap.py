"""An IMAP connection that is cut off in time, however its server behaves."""

import imaplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient


class TimedIMAPClient(IMAPClient):  # type: ignore[misc] # it has no types
    """An IMAP client, under TLS from the first byte when `tls` is given, whose steps last `seconds` each at most.

    Its own time limit begins anew with every byte, so that a server that sends one now and then is never late.
    """

    def __init__(self, host: str, port: int, seconds: float, tls: ssl.SSLContext | None) -> None:
        self._seconds, self._tls = seconds, tls
        self._line: socket.socket | None = None
        with self.step():
            super().__init__(host, port, ssl=False, timeout=seconds)

    @contextmanager
    def step(self) -> Iterator[None]:
        """What is done in it ends in time: whoever reads or writes then finds the connection closed."""
        limit = threading.Timer(self._seconds, self._cut_off)
        limit.daemon = True
        limit.start()
        try:
            yield
        finally:
            limit.cancel()

    def close(self) -> None:
        """End the connection."""
        with suppress(OSError, imaplib.IMAP4.error, AttributeError):  # it may never have begun
            self.shutdown()
        if self._line is not None:
            self._line.close()

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - the seam of its own connections
        def connected(timeout: float | None) -> socket.socket:
            connection = socket.create_connection((self.host, self.port), timeout)
            self._line = connection.dup()  # TLS takes the socket over
            return self._tls.wrap_socket(connection, server_hostname=self.host) if self._tls else connection

        class Connection(imaplib.IMAP4):
            def _create_socket(self, timeout: float | None) -> socket.socket:
                return connected(timeout)

        return Connection(self.host, self.port, self._seconds)

    def _cut_off(self) -> None:
        if self._line is not None:
            with suppress(OSError):  # it has ended already
                self._line.shutdown(socket.SHUT_RDWR)
