"""Scans by e-mail, from a real IMAP server on loopback: each message once, and every way that the server can fail."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
import trustme

from refpad.ops.health import health_of_parts
from refpad.services.mailbox.fetch import Fetched, check_mailbox, fetch_mail, fetch_until
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError
from schemas.limits import Limits
from schemas.mailbox import Mailbox
from store.database import Store
from store.intake.ledger.files import ledger
from store.intake.set_aside import original_of
from tests.imap_server import SENDER, Post, mail_with, posting

SCAN = b"\xff\xd8\xff a scan \xff\xd9"


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with posting(tmp_path_factory.mktemp("post")) as started:
        yield started


@pytest.fixture
def post(listening: Post) -> Post:
    listening.empty()
    return listening


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_record(settings_of(tmp_path, Mailbox()))
    yield opened
    opened.close()


def settings_of(folder: Path, mailbox: Mailbox, **changes: object) -> Settings:
    return Settings(folder=folder / "data", state_folder=folder / "state", mailbox=mailbox, **changes)


def test_a_message_of_an_allowed_sender_is_on_record_once_and_then_marked(
    store: Store, post: Post, tmp_path: Path
) -> None:
    """The message itself is the original, bit for bit; a second look fetches nothing."""
    post.deliver(mail_with(SCAN), mail_with(SCAN + b"2", sender="Kim@Harbor.example", number=2))
    settings = settings_of(tmp_path, post.mailbox)
    assert fetch_mail(store, settings) == Fetched(taken=2)
    assert [original_of(store, number).read_bytes() for number in (1, 2)] == post.contents("INBOX")
    assert post.flags() == [(rb"\Seen",)] * 2
    assert fetch_mail(store, settings) == Fetched()
    assert (ledger(store).seen, ledger(store).waiting, ledger(store).balances) == (2, 2, True)


def test_what_a_person_has_read_is_fetched_all_the_same(store: Store, post: Post, tmp_path: Path) -> None:
    """Somebody looks into the mailbox with a telephone, and all is marked as read."""
    post.deliver(mail_with(SCAN))
    with post.client() as client:
        client.add_flags(client.search("ALL"), [rb"\Seen"])
    assert fetch_mail(store, settings_of(tmp_path, post.mailbox)) == Fetched(taken=1)


def test_done_messages_are_moved_where_that_is_asked_for(store: Store, post: Post, tmp_path: Path) -> None:
    """The folder is made; whoever puts a message back has not sent it again."""
    post.deliver(mail_with(SCAN))
    settings = settings_of(tmp_path, post.mailbox.model_copy(update={"done_folder": "refpad"}))
    assert fetch_mail(store, settings) == Fetched(taken=1)
    [moved] = post.contents("refpad")
    assert post.contents("INBOX") == []
    post.deliver(moved)
    assert fetch_mail(store, settings) == Fetched(again=1)
    assert (post.contents("INBOX"), ledger(store).seen) == ([], 1)


def test_one_message_by_two_ways_is_taken_in_once(store: Store, post: Post, tmp_path: Path) -> None:
    """Sent to two addresses of the studio, it comes twice, with other lines on top."""
    message = mail_with(SCAN).as_bytes()
    post.deliver(b"Received: by one.example\r\n" + message, b"Received: by two.example\r\n" + message)
    assert fetch_mail(store, settings_of(tmp_path, post.mailbox)) == Fetched(taken=1, again=1)
    assert ledger(store).seen == 1


def test_strangers_and_giants_stay_in_the_mailbox_as_they_are(store: Store, post: Post, tmp_path: Path) -> None:
    """Unread, untouched and counted; once the sender is allowed or the limit raised, they are taken in."""
    post.deliver(
        mail_with(SCAN, sender="eve@elsewhere.example"),
        mail_with(SCAN, sender=f"{SENDER}, eve@elsewhere.example", number=2),
        mail_with(SCAN * 200, number=3),
    )
    settings = settings_of(tmp_path, post.mailbox, limits=Limits(file_bytes=2000))
    assert fetch_mail(store, settings) == Fetched(stranger=2, too_large=1)
    assert fetch_mail(store, settings) == Fetched()
    assert (post.flags(), ledger(store).seen) == ([()] * 3, 0)
    [told] = [part.found for part in health_of_parts(settings, store) if part.part == "Mailbox"]
    assert told == "0 e-mails taken in; 3 left there, of senders who are not allowed or too large"
    wider = post.mailbox.model_copy(update={"senders": f"{SENDER} @elsewhere.example"})
    assert fetch_mail(store, settings_of(tmp_path, wider)) == Fetched(taken=2, stranger=1)


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on loopback that answers each connection so; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        answer(connection)

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def drip(connection: socket.socket) -> None:
    """Welcome, then one byte now and then, for ever."""
    connection.sendall(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
    pause = Event()
    while not pause.wait(0.1):
        connection.sendall(b"*")


def talk(connection: socket.socket) -> None:
    """A server without STARTTLS that knows nobody."""
    connection.sendall(b"* OK ready\r\n")
    while asked := connection.recv(1000).split():
        tag, command = asked[:2]
        if command == b"CAPABILITY":
            connection.sendall(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n%s OK done\r\n" % tag)
        else:
            connection.sendall(b"%s NO [AUTHENTICATIONFAILED] no\r\n" % tag)


def test_every_failure_of_the_server_is_one_sentence_and_changes_nothing(
    store: Store, post: Post, tmp_path: Path
) -> None:
    """Away, slow, another's certificate, the wrong password, no such folder, no TLS: what it is and what to do."""
    post.deliver(mail_with(SCAN))
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    with answering(drip) as slow, answering(talk) as clear, answering(lambda _: None) as away:
        for changes, sentence in (
            ({"port": away, "security": "tls"}, "does not answer"),
            ({"port": slow, "seconds": 0.5}, "does not answer"),
            ({"port": clear}, "offers no TLS: nothing is fetched in the clear."),
            ({"ca_file": other}, "cannot be trusted ("),
            ({"security": "tls"}, "has no TLS on port"),
            ({"user": "somebody"}, "refuses user and password"),
            ({"folder": "Slips"}, "has no folder Slips: correct its name"),
            ({"senders": None}, "no sender is allowed"),
        ):
            settings = settings_of(tmp_path, post.mailbox.model_copy(update=changes))
            with pytest.raises((MachineError, UsageError), match=r".") as caught:
                fetch_mail(store, settings)
            assert sentence in str(caught.value), changes
            [part] = [part for part in health_of_parts(settings, store) if part.part == "Mailbox"]
            assert (part.found, part.is_trouble, part.needed) == (str(caught.value), True, False)
    assert (post.flags(), ledger(store).seen) == ([()], 0)
    assert check_mailbox(post.mailbox) == 1
    assert fetch_mail(store, settings_of(tmp_path, post.mailbox)) == Fetched(taken=1)


def test_tls_from_the_first_byte_is_spoken(store: Store, post: Post, tmp_path: Path) -> None:
    """As most servers want it. The server of the other tests knows STARTTLS only."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)

    def greet(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as sealed:
            talk(sealed)

    with answering(greet) as port:
        mailbox = post.mailbox.model_copy(update={"port": port, "security": "tls", "ca_file": tmp_path / "ca.pem"})
        with pytest.raises(MachineError, match="refuses user and password"):
            fetch_mail(store, settings_of(tmp_path, mailbox))


def test_the_loop_fetches_wakes_the_worker_and_goes_on_after_failures(
    store: Store, post: Post, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A night without the server is one line in the log, and scans come when it is back."""

    class Looks(Event):
        """Ends after three looks, of which the last finds the server again."""

        looks = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.looks += 1
            if self.looks == 2:
                authority.rename(post.mailbox.ca_file or authority)
            if self.looks == 3:
                self.set()
            return True

    post.deliver(mail_with(SCAN))
    authority = tmp_path / "away.pem"
    (post.mailbox.ca_file or authority).rename(authority)
    woken = list[bool]()
    fetch_until(store, settings_of(tmp_path, post.mailbox), lambda: woken.append(True), Looks())
    assert woken == [True]
    assert len(caplog.messages) == 1


def test_without_a_mailbox_it_says_where_one_is_set(store: Store, tmp_path: Path) -> None:
    """And the pages speak of none."""
    settings = settings_of(tmp_path, Mailbox())
    with pytest.raises(UsageError, match="No mailbox is set"):
        fetch_mail(store, settings)
    assert "Mailbox" not in {part.part for part in health_of_parts(settings, store)}


@pytest.mark.parametrize("senders", ["desk", "desk@northside", "a@b.example c", 'x "y"@z.example'])
def test_senders_that_are_no_addresses_are_refused(senders: str) -> None:
    """A mistyped one would be waited for in vain."""
    with pytest.raises(ValueError, match="no address"):
        Mailbox(senders=senders)
