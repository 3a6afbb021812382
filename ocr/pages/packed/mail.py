"""The files attached to an e-mail (RFC 5322, RFC 2045), never written onto a disk.

Names, addresses and words of the message may tell of a patient; they go nowhere.
"""

import base64
import binascii
import io
import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect, MessageError, StartBoundaryNotFoundDefect
from email.message import Message

from PIL import Image, UnidentifiedImageError

from ocr.pages import messages
from schemas.errors import SetAsideError
from schemas.limits import Limits

KIND = "e-mail"
# What mail programs add to a message by themselves: signatures, invitations, cards, reports of delivery.
ADDED = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/delivery-status",
        "message/disposition-notification",
        "text/calendar",
        "text/rfc822-headers",
        "text/vcard",
        "text/x-vcard",
    }
)
ADDED_BY_EXCHANGE = re.compile(r"ATT\d{5}\.(txt|html?)", re.IGNORECASE)  # the words between two attached files
ENCRYPTED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
CUT = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)
# A picture within the words whose shorter side has fewer pixels is a logo: a slip of 4 inches has 400 at 100 dpi.
LOGO_BELOW_PX = 300
BROKEN = (MessageError, RecursionError, LookupError, ValueError, AttributeError, TypeError)


def attached(data: bytes, limits: Limits) -> list[bytes | SetAsideError]:
    """What each file attached to the message, or to one that it forwards, holds, or why it cannot be had.

    The words of the message, the logos among them and what mail programs add are no files. Raises SetAsideError for
    the whole message.
    """
    try:
        message = message_from_bytes(data)
        found = list(_files(message))
        is_cut = any(isinstance(defect, CUT) for part in message.walk() for defect in part.defects)
    except BROKEN:
        raise messages.damaged(KIND, "it cannot be taken apart") from None
    if is_cut:
        found.append(messages.truncated(KIND, "its end mark is missing, and so may be files"))
    if not found:
        raise messages.nothing_attached()
    if len(found) > limits.pages:
        raise messages.too_many_documents(KIND, len(found), limits)
    return found


def _files(message: Message) -> Iterator[bytes | SetAsideError]:
    for part in message.walk():
        kind = part.get_content_type()
        if kind in ENCRYPTED and part.get_param("smime-type") != "signed-data":
            yield messages.encrypted(KIND)
        elif kind == "message/rfc822":
            yield from _packed_message(part)
        elif not (part.is_multipart() or kind in ADDED or _is_said(part, kind)):
            data = _content(part)
            if isinstance(data, SetAsideError) or not _is_logo(part, data):
                yield data


def _packed_message(part: Message) -> Iterator[bytes | SetAsideError]:
    """A forwarded message is walked through like this one, unless it is coded, which RFC 2046 forbids and some do."""
    coding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else None
    if coding in ("base64", "quoted-printable") and isinstance(first, Message):
        yield _decoded(str(first.get_payload()).encode("ascii", "replace"), coding)


def _is_said(part: Message, kind: str) -> bool:
    """Whether the part is the message's own words and no file."""
    name = part.get_filename()
    if name is None:
        return kind in ("text/plain", "text/html", "text/enriched") and part.get_content_disposition() != "attachment"
    return ADDED_BY_EXCHANGE.fullmatch(name) is not None


def _content(part: Message) -> bytes | SetAsideError:
    coding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if coding == "base64":
        return _decoded(str(part.get_payload()).encode("ascii", "replace"), coding)
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else messages.damaged("attached file", "it cannot be unpacked")


def _decoded(coded: bytes, coding: str) -> bytes | SetAsideError:
    """What is no base64 is told of: half of a scan would be read as if it were whole."""
    if coding == "quoted-printable":
        return quopri.decodestring(coded)
    try:
        return base64.b64decode(b"".join(coded.split()), validate=True)
    except binascii.Error:
        return messages.damaged("attached file", "it is no whole base64")


def _is_logo(part: Message, data: bytes) -> bool:
    """A small picture that the words show (RFC 2392); nobody has attached it."""
    is_shown = part.get("Content-ID") is not None and part.get_content_disposition() != "attachment"
    if not is_shown or part.get_content_maintype() != "image":
        return False
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return min(picture.size) < LOGO_BELOW_PX
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
