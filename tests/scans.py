"""Real files of each kind, as small as they can be."""

from io import BytesIO

from PIL import Image

from tests.fake_reader import POISON

LETTER_PX = (85, 110)


def _sheets(count: int) -> list[Image.Image]:
    return [Image.new("L", LETTER_PX, 250 - 10 * number) for number in range(count)]


def _saved(count: int, kind: str) -> bytes:
    first, *others = _sheets(count)
    out = BytesIO()
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(out, kind, **more)
    return out.getvalue()


def kinds() -> dict[str, dict[str, bytes]]:
    """What is dropped into the inbox in each case, by file name.

    The other files make every step happen: one that refpad leaves alone, the same bytes twice, one whose
    reading hangs.
    """
    return {
        "a JPEG": {"scan.jpg": _saved(1, "JPEG"), "again.jpg": _saved(1, "JPEG")},
        "a PDF of three pages": {"scan.pdf": _saved(3, "PDF")},
        "a TIFF of four pages": {"fax.tif": _saved(4, "TIFF")},
        "a corrupt file": {"scan.pdf": _saved(1, "PDF")[:200], "scan.pdf.part": b"half", "bomb.pdf": POISON},
    }
