"""E-mails from strangers: what is attached, what only looks attached, and what never ends."""

import base64
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from pathlib import Path

import pytest

from ocr.file_types import is_email
from ocr.page import Page
from ocr.pages.packed.mail import attached
from refpad.services.intake.completeness import is_whole
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import opened, refusal
from tests.ocr.pages.test_parts import jpg, outcomes, png, scanned, shown, tif, zipped

WORDS = "Please see the slip of Quentin Marsh.\n"


def mail(*attached: bytes, words: str = WORDS) -> EmailMessage:
    """A message with files attached, as a mail program makes it."""
    message = EmailMessage()
    message["From"], message["To"] = "Front desk <desk@northside.example>", "slips@lakeside.example"
    message["Subject"], message["Message-ID"] = "Slip of Quentin Marsh", "<1@northside.example>"
    message.set_content(words)
    message.add_alternative(f"<p>{words}</p>", subtype="html")
    for number, data in enumerate(attached):
        message.add_attachment(data, "application", "octet-stream", filename=f"Quentin Marsh {number}.pdf")
    return message


def reasons(message: EmailMessage | bytes, limits: Limits | None = None) -> list[bytes | Reason]:
    data = message if isinstance(message, bytes) else message.as_bytes()
    return [held.reason if isinstance(held, SetAsideError) else held for held in attached(data, limits or Limits())]


def test_each_file_attached_to_an_email_is_read_and_says_where_it_came_from(tmp_path: Path) -> None:
    """A PDF, a picture and a ZIP of two: pages of their own, in the message's order; no name goes anywhere."""
    message = mail(scanned(0), jpg(1), zipped(tif(2), png(3)))
    pages = opened(tmp_path, message.as_bytes(), name="Quentin Marsh.eml")
    assert shown(pages, [0, 1, 2, 3])
    assert [page.part for page in pages if isinstance(page, Page)] == [
        "page 1 of file 1 of 3 attached to the e-mail",
        "page 1 of file 2 of 3 attached to the e-mail",
        "page 1 of file 3 of 3 attached to the e-mail, file 1 of 2 in the ZIP",
        "page 1 of file 3 of 3 attached to the e-mail, file 2 of 2 in the ZIP",
    ]
    assert "Quentin" not in repr(pages)


def test_of_an_email_what_is_not_read_is_told_of(tmp_path: Path) -> None:
    """A Word document, an empty file, an archive in an archive and a broken scan stand among the pages."""
    message = mail(zipped(b"<w/>").replace(b"scan-0", b"word/x"), b"", zipped(zipped(jpg(0))), jpg(1), jpg(2)[:900])
    unread = Reason.UNSUPPORTED_TYPE
    assert outcomes(tmp_path, message.as_bytes()) == [unread, Reason.EMPTY, unread, 4, Reason.TRUNCATED]


def test_what_a_forwarded_message_brings_is_read(tmp_path: Path) -> None:
    """Attached as a message, in its words or coded against the rules, or saved into a ZIP."""
    inner = mail(jpg(1))
    forwarded = mail(jpg(0))
    forwarded.add_attachment(inner)
    assert shown(opened(tmp_path, forwarded.as_bytes()), [0, 1])
    coded = MIMEMultipart()
    coded["From"], coded["To"] = "desk@northside.example", "slips@lakeside.example"
    packed = MIMEMessage(inner)
    packed.set_payload([mail_text(base64.encodebytes(inner.as_bytes()).decode())])
    packed["Content-Transfer-Encoding"] = "base64"
    coded.attach(packed)
    assert shown(opened(tmp_path, b"From: a@b.example\n" + coded.as_bytes()), [1])
    assert shown(opened(tmp_path, zipped(inner.as_bytes(), jpg(2))), [1, 2])


def mail_text(words: str) -> EmailMessage:
    message = EmailMessage()
    message.set_payload(words)
    return message


def test_words_logos_and_what_mail_programs_add_are_no_files() -> None:
    """Each message of an office has its logo; a page to look at for each would teach people to look away."""
    message = mail(b"%PDF-1")
    body = message.get_body(("html",))
    assert isinstance(body, EmailMessage)
    body.add_related(drawn.written(drawn.page().resize((600, 150)), "PNG"), "image", "png", cid="<logo>")
    message.add_attachment(b"x", "application", "pkcs7-signature", filename="smime.p7s")
    message.add_attachment("BEGIN:VCARD", subtype="vcard", filename="a.vcf")
    message.add_attachment("between", filename="ATT00001.txt")
    assert reasons(message) == [b"%PDF-1"]


def test_a_photo_within_the_words_is_read() -> None:
    """Telephones put photos there; so does whoever pastes a scan."""
    message = mail()
    body = message.get_body(("html",))
    assert isinstance(body, EmailMessage)
    body.add_related(jpg(1), "image", "jpeg", cid="<photo>")
    assert reasons(message) == [jpg(1)]


def test_an_email_without_files_is_set_aside_with_what_to_ask_for(tmp_path: Path) -> None:
    """Not dropped: somebody wrote to the studio."""
    error = refusal(tmp_path, mail().as_bytes())
    assert (error.reason, error.page) == (Reason.NO_PAGES, None)
    assert error.message.startswith("The e-mail has 0 files attached; ask for")


def test_a_message_that_was_cut_says_so_and_half_a_file_is_none() -> None:
    """What came is read; what may have come behind it is asked for."""
    data = mail(b"%PDF-1", bytes(range(256)) * 40).as_bytes()
    cut = data[: data.rindex(b"--==")]
    assert reasons(cut)[-1] is Reason.TRUNCATED
    assert reasons(cut)[0] == b"%PDF-1"
    assert reasons(cut[:-31]) == [b"%PDF-1", Reason.DAMAGED, Reason.TRUNCATED]


def test_an_encrypted_message_is_called_so() -> None:
    """S/MIME and PGP: nobody here has the key. One that is only signed is read."""
    message = EmailMessage()
    message["From"], message["To"] = "desk@northside.example", "slips@lakeside.example"
    message.set_content(b"0", "application", "pkcs7-mime", params={"smime-type": "enveloped-data"})
    assert reasons(message) == [Reason.ENCRYPTED]


def test_hostile_messages_are_refused_in_time(tmp_path: Path) -> None:
    """Parts without number, parts in parts without end, headers that are none, ZIPs that together fill the memory."""
    with pytest.raises(SetAsideError, match="holds 5 files, above the limit of 4 pages"):
        attached(mail(*[b"x"] * 5).as_bytes(), Limits(pages=4))
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (depth, depth) for depth in range(3000)
    )
    assert refusal(tmp_path, b"From: a@b.example\nTo: c@d.example\n" + nested).reason in (
        Reason.DAMAGED,
        Reason.TRUNCATED,
    )
    odd = b"From: a@b.example\nContent-Type: image/png; name*0*=a'b; name=\"=?x?q?=ff?=\nContent-Transfer-Encoding: 9\n"
    odd += b"\nx"
    assert refusal(tmp_path, odd).reason is Reason.UNSUPPORTED_TYPE
    bombs = mail(*[zipped(bytes(60_000))] * 3).as_bytes()
    told = outcomes(tmp_path, bombs, Limits(file_bytes=150_000))
    assert told == [Reason.UNSUPPORTED_TYPE, Reason.UNSUPPORTED_TYPE, Reason.TOO_LARGE]


@pytest.mark.parametrize(
    "first",
    ["Return-Path: <a@b.example>", "Received: from x\n by y", "X-Original-To: a@b.example", "MIME-Version: 1.0"],
)
def test_an_email_is_known_by_its_first_header(first: str) -> None:
    """Servers and programs begin it differently."""
    assert is_email(f"{first}\nFrom: a@b.example\n\nx".encode())
    assert is_email(f"{first}\r\nFrom: a@b.example\r\n\r\nx".replace("x\n", "x\r\n").encode())


@pytest.mark.parametrize(
    "data", [b"Dear all:\nplease", b"Note: call back\nDate: May 3\n", b"From: me", b"", b"PK\x03\x04"]
)
def test_other_text_is_no_email(data: bytes) -> None:
    """A note that begins like a header is text."""
    assert not is_email(data)


def test_a_message_that_is_still_being_written_is_not_whole(tmp_path: Path) -> None:
    """One of several parts ends with its boundary; a plain one with whatever it ends with."""
    data, path = mail(jpg(0)).as_bytes(), tmp_path / "a.eml"
    for content, whole in (
        (data, True),
        (data + b"\r\n\r\n", True),
        (data[:-30], False),
        (b"To: a@b.c\nDate: x\n\n1", True),
    ):
        path.write_bytes(content)
        assert is_whole(path) is whole
