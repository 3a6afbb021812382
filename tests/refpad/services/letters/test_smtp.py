"""Letters by e-mail, to a real server on loopback: every way the talk can end, and nothing of a patient on the way."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from pydantic import SecretStr

from refpad.services.letters.smtp import CutOffError, RefusedError, SmtpMailer, TryLaterError, mail_of
from schemas.errors import MachineError
from schemas.followup import LetterKind
from schemas.letter import Prefers, Recipient
from schemas.letter_delivery import Delivery
from schemas.studio import Studio
from store.letters.sending import Outgoing
from tests.databases import free_port
from tests.smtp_sink import PASSWORD, USER, Behavior, Sink, sinking

LETTER = Outgoing(
    id=31,
    kind=LetterKind.THANK_YOU,
    attempt=1,
    recipient=Recipient(person="Dr. Quillfeather", email="fenn@northside.example", prefers=Prefers.EMAIL),
    message_id="<0123456789abcdef@harbor-mes.example>",
    made_at=datetime(2026, 3, 3, 20, 0, tzinfo=UTC),
    pdf=b"%PDF-1.7\n.\n..\r\n.\r\nQuillfeather",
)


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    with sinking(tmp_path_factory.mktemp("sink"), seconds=1.5) as started:
        yield started


@pytest.fixture
def sink(listening: Sink) -> Sink:
    for each in (listening.behaviors, listening.mails, listening.envelopes, listening.was_encrypted):
        each.clear()
    return listening


def send(sink: Sink, **changes: object) -> None:
    delivery = sink.delivery.model_copy(update=changes)
    SmtpMailer(delivery).send(mail_of(LETTER, delivery, Studio()))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_arrives_whole_and_encrypted(security: str, tmp_path: Path) -> None:
    """Lines that are a single dot included, which would end a mail too early."""
    with sinking(tmp_path, "tls" if security == "tls" else "starttls") as sink:
        send(sink)
    [mail], [envelope] = sink.mails, sink.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("frontdesk@harbor-mes.example", ["fenn@northside.example"])
    [page] = list(mail.iter_attachments())
    assert page.get_content() == LETTER.pdf
    assert sink.was_encrypted == [True]


def test_nothing_on_the_envelope_tells_of_a_patient(sink: Sink) -> None:
    """Subject, file name and text are read on the way, and on lock screens; the page is not."""
    send(sink)
    [mail] = sink.mails
    [page] = list(mail.iter_attachments())
    body = mail.get_body()
    assert body is not None
    told = f"{mail.items()} {body.get_content()} {page.get_filename()}"
    assert "Quillfeather" not in told
    assert mail["Subject"] == "A letter from Harbor Medical Exercise (no. 31)"
    assert page.get_filename() == "letter-31.pdf"


def test_the_same_letter_is_the_same_mail_however_often_it_is_tried(sink: Sink) -> None:
    """By its Message-ID two copies can be told to be one, if there ever should be two."""
    send(sink)
    send(sink)
    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"] == LETTER.message_id
    assert first["Date"] == second["Date"]


PATIENT_S = 60.0  # on a busy machine a talk that is to end otherwise took longer than the sink's limit

ENDINGS: dict[Behavior, type[Exception]] = {
    "later at RCPT": TryLaterError,
    "later after DATA": TryLaterError,
    "refuse at RCPT": RefusedError,
    "refuse after DATA": RefusedError,
    "vanish after DATA": CutOffError,
    "hang after DATA": CutOffError,
    "drip after DATA": CutOffError,
    "garble at RCPT": TryLaterError,
    "garble after DATA": CutOffError,
    "ask for more after DATA": CutOffError,
}


@pytest.mark.parametrize("behavior", ENDINGS)
def test_each_ending_of_the_talk_is_told_apart(behavior: Behavior, sink: Sink) -> None:
    """May be repeated, must not be repeated, and not known: the three lead to different acts."""
    sink.behaviors.append(behavior)
    is_slow = behavior.startswith(("hang", "drip"))
    with pytest.raises(ENDINGS[behavior]) as raised:
        send(sink, smtp_seconds=sink.delivery.smtp_seconds if is_slow else PATIENT_S)
    assert "Quillfeather" not in str(raised.value)
    assert "example" not in str(raised.value)
    send(sink, smtp_seconds=PATIENT_S)


@pytest.mark.parametrize("behavior", ["forward at RCPT", "not looked at RCPT"])
def test_whatever_the_server_says_yes_with_is_a_yes(behavior: Behavior, sink: Sink) -> None:
    """251 and 252 are how a server takes a letter for an office whose mail it does not keep itself (RFC 5321, 3.4)."""
    sink.behaviors.append(behavior)
    send(sink)
    assert [envelope.rcpt_tos for envelope in sink.envelopes] == [["fenn@northside.example"]]


def test_a_server_without_login_is_not_called_one_without_tls(tmp_path: Path) -> None:
    """Whoever reads the sentence mends what it names."""
    with sinking(tmp_path, "tls") as sink, pytest.raises(MachineError, match="no login by password") as raised:
        send(sink, smtp_user=USER, smtp_password=SecretStr(PASSWORD))
    assert "TLS" not in str(raised.value)
    assert sink.mails == []


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[Delivery]:
    """A server in the clear on loopback that talks as told to whoever comes first."""
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def serve() -> None:
            connection, _ = plain.accept()
            with connection, suppress(OSError):
                talk(connection)

        Thread(target=serve, daemon=True).start()
        yield Delivery(smtp_host="127.0.0.1", smtp_port=plain.getsockname()[1], smtp_seconds=0.5)


def drip(connection: socket.socket) -> None:
    """One byte after the other, each in time, as long as somebody listens."""
    while True:
        connection.sendall(b"2")
        time.sleep(0.05)


def drip_later(connection: socket.socket) -> None:
    connection.sendall(b"220 here\r\n")
    connection.recv(1000)
    drip(connection)


def never_finish(connection: socket.socket) -> None:
    """Line after line of one answer, each in time and none the last."""
    connection.sendall(b"220 here\r\n")
    connection.recv(1000)
    while True:
        connection.sendall(b"250-and\r\n")
        time.sleep(0.05)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("talk", [drip, drip_later, never_finish])
def test_the_time_limit_is_for_the_whole_talk(talk: Callable[[socket.socket], None], security: str) -> None:
    """A server that is never silent long enough to be called silent would hold all letters for ever."""
    with talking(talk) as delivery:
        mailer = SmtpMailer(delivery.model_copy(update={"smtp_security": security}))
        with pytest.raises((TryLaterError, MachineError)):
            mailer.send(mail_of(LETTER, delivery, Studio()))


def test_a_server_that_talks_something_else_is_tried_later() -> None:
    """It has nothing of the letter, and may have been put right by then."""
    with talking(lambda connection: connection.sendall(b"good morning\r\n")) as delivery, pytest.raises(TryLaterError):
        SmtpMailer(delivery).send(mail_of(LETTER, delivery, Studio()))


def test_a_server_that_is_not_there_is_tried_later(sink: Sink) -> None:
    """Nothing was handed over, so nothing is in doubt."""
    with pytest.raises(TryLaterError):
        send(sink, smtp_port=free_port())


def test_a_wrong_password_stops_all_letters_and_is_nobodys_fault_but_the_settings(sink: Sink) -> None:
    """Each letter tried with it would be one more step to a locked account."""
    with pytest.raises(MachineError, match="user and password"):
        send(sink, smtp_password=SecretStr("wrong"))


def test_a_server_whose_certificate_is_not_known_gets_no_letter(sink: Sink) -> None:
    """It may be anybody."""
    with pytest.raises(MachineError, match="cannot be trusted"):
        send(sink, smtp_ca_file=None)
    assert sink.mails == []


def test_a_server_without_tls_gets_no_letter() -> None:
    """There is no setting that would send a patient's data in the clear."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 here\r\n")
        while connection.recv(1000):
            connection.sendall(b"250 OK\r\n")

    with talking(talk) as delivery, pytest.raises(MachineError, match="no TLS"):
        SmtpMailer(delivery).send(mail_of(LETTER, delivery, Studio()))


@pytest.mark.parametrize("name", ["Evil\r\nBcc: everybody@example.org", "Evil\nX: y"])
def test_no_header_can_be_smuggled_in(name: str) -> None:
    """Names and addresses come from people and from paper; a line end in a header is refused, not sent."""
    with pytest.raises(ValueError, match="linefeed"):
        mail_of(LETTER, Delivery(), Studio(name=name))
    with pytest.raises(ValueError, match="not a valid email address"):
        Recipient.model_validate({"email": f"{name}@example.org"})


def test_a_name_that_looks_like_an_address_goes_nowhere(sink: Sink) -> None:
    """Only the checked address is addressed."""
    recipient = LETTER.recipient.model_copy(update={"person": "<everybody@example.org>"})
    mail = mail_of(replace_recipient(recipient), sink.delivery, Studio())
    assert mail["To"] == "fenn@northside.example"


def replace_recipient(recipient: Recipient) -> Outgoing:
    return LETTER.model_copy(update={"recipient": recipient})


def test_without_an_address_nothing_is_sent() -> None:
    """A letter for the post that lost its way."""
    with pytest.raises(RefusedError):
        mail_of(replace_recipient(Recipient(person="Dr. Quillfeather")), Delivery(), Studio())


FAX = LETTER.model_copy(update={"recipient": Recipient(office="Northside", fax="(212) 555-0101", prefers=Prefers.FAX)})


def test_a_fax_goes_to_the_gateway_under_its_number_and_its_cover_tells_nothing(sink: Sink) -> None:
    """The gateway makes the text a cover sheet, which lies open beside the machine."""
    delivery = sink.delivery.model_copy(update={"fax_address": "{fax}@fax.example"})
    SmtpMailer(delivery).send(mail_of(FAX, delivery, Studio()))
    [mail], [envelope] = sink.mails, sink.envelopes
    assert envelope.rcpt_tos == ["12125550101@fax.example"]
    body = mail.get_body()
    assert body is not None
    assert "Quillfeather" not in f"{mail.items()} {body.get_content()}"
    assert [page.get_content() for page in mail.iter_attachments()] == [LETTER.pdf]


def test_a_fax_whose_gateway_is_gone_goes_nowhere_else(sink: Sink) -> None:
    """Also when the office has an e-mail address: it asked for fax, and the letter was released for one."""
    both = FAX.recipient.model_copy(update={"email": "fenn@northside.example"})
    with pytest.raises(RefusedError, match="fax gateway that this letter was made for is not set any more"):
        mail_of(FAX.model_copy(update={"recipient": both}), sink.delivery, Studio())


@pytest.mark.parametrize(
    "address", ["fax@fax.example", "{fax}", "{fax}@{fax}.example", "{fax}@fax", "{fax}\n@fax.example"]
)
def test_a_gateway_s_address_without_the_number_s_place_is_refused(address: str) -> None:
    """Every fax would go to one machine."""
    with pytest.raises(ValueError, match="no template of an address"):
        Delivery(fax_address=address)


def test_a_number_that_nobody_can_dial_has_no_gateway() -> None:
    """It is printed, and a person sees it."""
    delivery = Delivery(smtp_host="localhost", fax_address="{fax}@fax.example")
    assert delivery.gateway_of("SSS-0101", "US") is None
    assert delivery.gateway_of("+1 212 555 0101", "DE") == "12125550101@fax.example"
    assert Delivery(fax_address="{fax}@fax.example").gateway_of("(212) 555-0101", "US") is None
