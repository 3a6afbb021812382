"""Pictures for the pages: small enough to come at once, never kept by the browser."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from store.kept_files.kept_file import KeptFile
from web.errors import NotFoundError

# A registered quarter sheet has 850 x 1100 gray pixels; at this quality its JPEG has some 120 kB, pen strokes stay
# sharp at three times their size, and no slip of the samples comes near the 300 kB that a page may take.
QUALITY, QUALITY_LEAST = 72, 30
MOST_BYTES = 300_000
SIDE_MOST_PX = 1700  # a page, not a slip, is shrunk to what a screen shows


def jpeg(kept: KeptFile, side_most_px: int = SIDE_MOST_PX) -> bytes:
    """The kept picture as JPEG; raises NotFoundError when it is not there or is none."""
    try:
        with Image.open(BytesIO(kept.read_bytes())) as picture:
            picture.load()
            return as_jpeg(picture, side_most_px)
    except (OSError, UnidentifiedImageError):
        raise NotFoundError("There is no picture of this.") from None


def as_jpeg(picture: Image.Image, side_most_px: int = SIDE_MOST_PX) -> bytes:
    """At most MOST_BYTES of it: first shrunk to `side_most_px`, then coarser."""
    small = picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
    if max(small.size) > side_most_px:
        small.thumbnail((side_most_px, side_most_px))
    for quality in range(QUALITY, QUALITY_LEAST, -14):
        out = BytesIO()
        small.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    return as_jpeg(small, max(small.size) * 3 // 4)
