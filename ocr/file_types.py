"""What a file is by its first bytes, for the types that are read; light enough for whoever only waits for files."""

import re

PDF_WITHIN = 1024  # ISO 32000-1, Annex H.3.4.1: readers accept the header within the first 1,024 bytes


def is_tiff(data: bytes) -> bool:
    return data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def is_jpeg(data: bytes) -> bool:
    return data[:3] == b"\xff\xd8\xff"


def is_png(data: bytes) -> bool:
    return data[:8] == b"\x89PNG\r\n\x1a\n"


def is_iso_media(data: bytes) -> bool:
    """A file of boxes (ISO/IEC 14496-12): a HEIC picture, another picture or a film."""
    return data[4:8] == b"ftyp"


def is_zip(data: bytes) -> bool:
    """By its first file's head or, when it is empty, by its list's end (APPNOTE 4.3)."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:PDF_WITHIN]


def is_email(data: bytes) -> bool:
    """A message as mail programs save it: two headers at least, the first of which only mail begins with."""
    return _EMAIL.match(data) is not None


# RFC 5322, 2.2: a name of printable characters, a colon, the value; lines that begin with a blank go on with it.
_HEADER = rb"[!-9;-~]{1,76}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*"
_FIRST = (
    rb"(?:return-path|delivered-to|received|envelope-to|authentication-results|arc-[a-z-]+|dkim-signature|x-[a-z0-9-]+"
    rb"|mime-version|message-id|date|from|sender|reply-to|to|cc|bcc|subject|content-[a-z-]+|user-agent|thread-[a-z]+"
    rb"|importance|priority|references|in-reply-to|list-[a-z-]+|accept-language):"
)
_EMAIL = re.compile(rb"(?=" + _FIRST + rb")" + _HEADER + rb"[!-9;-~]{1,76}:", re.IGNORECASE)
