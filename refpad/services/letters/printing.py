"""Letters for the printer: one file of all of them."""

from collections.abc import Iterable
from io import BytesIO

import pikepdf


def merged(pdfs: Iterable[bytes]) -> bytes:
    """All pages in one PDF, in their order."""
    out = BytesIO()
    with pikepdf.new() as whole:
        for pdf in pdfs:
            with pikepdf.open(BytesIO(pdf)) as letter:
                whole.pages.extend(letter.pages)
        whole.save(out)
    return out.getvalue()
