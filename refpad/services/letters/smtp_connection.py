"""A connection to a mail server that ends in time, however the server behaves."""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress


class TimedSMTP(smtplib.SMTP):
    """An SMTP client, under TLS from the first byte when `tls` is given, that is cut off after `seconds`.

    smtplib's own timeout begins anew with every byte, so that a server that sends one byte at a time is never late.
    The time runs from the connection on, and whoever reads or writes then finds the connection closed.
    """

    def __init__(self, address: tuple[str, int], seconds: float, tls: ssl.SSLContext | None) -> None:
        self._seconds, self._tls = seconds, tls
        self._line: socket.socket | None = None
        self._limit: threading.Timer | None = None
        self._is_late = False
        super().__init__(*address, timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """The seam that smtplib.SMTP_SSL uses as well."""
        connection = socket.create_connection((host, port), timeout)
        # TLS takes the socket over: a duplicate cuts the connection off and leaves TLS as it is.
        self._line = connection.dup()
        self._limit = threading.Timer(self._seconds, self._cut_off, (self._line,))
        self._limit.daemon = True
        self._limit.start()
        try:
            return self._tls.wrap_socket(connection, server_hostname=host) if self._tls else connection
        except BaseException:
            self.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        """The next answer; what was cut off in the middle is none, though its first bytes may look like one."""
        reply = super().getreply()
        if self._is_late:
            self.close()
            raise smtplib.SMTPServerDisconnected("The time is up")
        return reply

    def close(self) -> None:
        """End the connection, and the waiting for its end."""
        super().close()
        if self._limit is not None and self._line is not None:
            self._limit.cancel()
            self._line.close()

    def _cut_off(self, line: socket.socket) -> None:
        self._is_late = True
        with suppress(OSError):  # it has ended already
            line.shutdown(socket.SHUT_RDWR)
