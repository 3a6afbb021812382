"""The files in a ZIP archive, unpacked within the limits of one file and never onto a disk.

Their names may hold a patient's; they go nowhere.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from ocr.pages import messages
from schemas.errors import SetAsideError
from schemas.limits import Limits

KIND = "ZIP"
ENCRYPTED = 0x1  # APPNOTE 4.4.4, general purpose bit 0
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # of which a part can be unpacked without the rest
OF_OFFICE = re.compile(r"(word|xl|ppt|META-INF)/|\[Content_Types\]\.xml|mimetype")
OF_THE_DESKTOP = re.compile(r"(.*/)?(__MACOSX/|\.[^/]*$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, RuntimeError)


def unpack(data: bytes, limits: Limits, unpacked_bytes: int = 0) -> list[bytes | SetAsideError]:
    """What each file holds, or why it cannot be unpacked; raises SetAsideError for the whole archive.

    Folders, and what desktops keep for themselves, are no files. `unpacked_bytes`, of what it lies in, count too.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN:
        raise messages.truncated(KIND, "its list of files, which stands at its end, cannot be read") from None
    files = [info for info in archive.infolist() if not info.is_dir()]
    if any(OF_OFFICE.match(info.filename) for info in files):
        raise messages.unsupported("an Office document, or a program")
    files = [info for info in files if not OF_THE_DESKTOP.match(info.filename)]
    if not files:
        raise messages.no_pages(KIND)
    if len(files) > limits.pages:
        raise messages.too_many_documents(KIND, len(files), limits)
    size = unpacked_bytes + sum(info.file_size for info in files)
    if size > limits.file_bytes:
        raise messages.unpacks_too_large(KIND, size, limits)
    return list(_unpacked(archive, files))


def _unpacked(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo]) -> Iterator[bytes | SetAsideError]:
    """zipfile gives no more bytes than the archive's list says, and compares their checksum."""
    for info in files:
        if info.flag_bits & ENCRYPTED:
            yield messages.encrypted(KIND)
        elif info.compress_type not in METHODS:
            yield messages.oddly_packed(f"method {info.compress_type}")
        else:
            try:
                yield archive.read(info)
            except BROKEN:
                yield messages.damaged("file in the ZIP", "it cannot be unpacked")
