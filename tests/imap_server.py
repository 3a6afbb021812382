"""A real IMAP server on loopback, in a process of its own, whose certificate only its own settings know."""

import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from imapclient import IMAPClient
from pydantic import SecretStr

from schemas.mailbox import Mailbox
from tests.databases import free_port

USER, PASSWORD = "studio", "open sesame"
SENDER = "desk@northside.example"
BEGIN_MOST_S = 60.0  # it answers a second after its start; on a busy machine that is a multiple


@dataclass
class Post:
    """The server as an office and a mail program see it; `mailbox` are the settings by which refpad reaches it."""

    mailbox: Mailbox

    @contextmanager
    def client(self) -> Iterator[Any]:
        """A mail program of the studio's, looking into the folder."""
        client = IMAPClient("localhost", self.mailbox.port, ssl=False, timeout=BEGIN_MOST_S)
        client.starttls(ssl.create_default_context(cafile=self.mailbox.ca_file))
        client.login(USER, PASSWORD)
        client.select_folder(self.mailbox.folder)
        try:
            yield client
        finally:
            client.logout()

    def deliver(self, *messages: EmailMessage | bytes) -> None:
        """Put these into the folder, as they come."""
        with self.client() as client:
            for message in messages:
                client.append(self.mailbox.folder, message if isinstance(message, bytes) else message.as_bytes())

    def flags(self) -> list[tuple[bytes, ...]]:
        """Of each message in the folder."""
        with self.client() as client:
            uids = client.search("ALL")
            return [tuple(sorted(set(client.get_flags([uid])[uid]) - {rb"\Recent"})) for uid in uids]

    def contents(self, folder: str) -> list[bytes]:
        """The messages of any folder."""
        with self.client() as client:
            client.select_folder(folder)
            uids = client.search("ALL")
            return [client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] for uid in uids]

    def empty(self) -> None:
        """Have nothing in the folder."""
        with self.client() as client:
            if uids := client.search("ALL"):
                client.delete_messages(uids)
                client.expunge()


def mail_with(*attached: bytes, sender: str = SENDER, number: int = 1) -> EmailMessage:
    """A message with files attached."""
    message = EmailMessage()
    message["From"], message["To"] = f"Front desk <{sender}>", "slips@lakeside.example"
    message["Subject"], message["Message-ID"] = "A slip", f"<{number}@northside.example>"
    message.set_content("Please see the slip.\n")
    for data in attached:
        message.add_attachment(data, "application", "octet-stream", filename="scan")
    return message


@contextmanager
def posting(folder: Path) -> Iterator[Post]:
    """A server that listens."""
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "cert.pem").write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    port = free_port()
    tls = ("--cert", str(folder / "cert.pem"), "--key", str(folder / "key.pem"))
    user = ("dict", "--demo-user", USER, "--demo-password", PASSWORD)
    pymap = str(Path(sys.executable).with_name("pymap"))
    command = [pymap, "--host", "127.0.0.1", "--port", str(port), *tls, *user]
    mailbox = Mailbox(
        host="localhost",
        port=port,
        security="starttls",
        user=USER,
        password=SecretStr(PASSWORD),
        ca_file=folder / "ca.pem",
        senders=f"{SENDER}, @harbor.example",
        seconds=20,
    )
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _await(port)
            yield Post(mailbox)
        finally:
            server.terminate()


def _await(port: int) -> None:
    until = time.monotonic() + BEGIN_MOST_S
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            return
        time.sleep(0.05)
    raise AssertionError("the IMAP server did not begin to listen")
