"""The further pictures in a telephone's photo: of the same shot, and no pages, unless they are shots of their own.

Telephones and cameras keep several JPEG pictures one behind the other (MPO, CIPA DC-007); the first says what each is.
"""

import io
import re
from collections.abc import Sequence

from PIL import MpoImagePlugin

from ocr.pages.pictures.images import DAMAGE, strict_pillow

ENTRIES, KIND_OF_PREVIEW = 0xB002, "Large Thumbnail"  # CIPA DC-007, and how Pillow calls its kinds 0x01....
START_OF_SCAN = b"\xff\xda"
HEAD_BYTES = 1 << 18  # of a picture, in which it says what it is: four segments of the largest size
CONTAINER = re.compile(rb'Semantic="(\w+)"')  # Android's list of what lies behind a photo, in its order
GAIN_MAP, DEPTH = "the map of its bright parts (gain map)", "the map of its depths"
NAMED = {b"GainMap": GAIN_MAP, b"Depth": DEPTH, b"DepthMap": DEPTH, b"Confidence": DEPTH}
# How a map says of itself that it is one: Adobe's, Apple's and ISO 21496-1's gain maps; Apple's other maps.
SAYS_IT_IS = (
    (re.compile(rb"hdrgm:|HDRGainMap|hdrgainmap|urn:iso:std:iso:ts:21496:-1"), GAIN_MAP),
    (re.compile(rb"AuxiliaryImageType|urn:com:apple:photo:"), DEPTH),
)


class Album:
    """The JPEG pictures of one file in their order; knows the photo to which the next may belong."""

    def __init__(self) -> None:
        self._number, self._listed = 0, list[str]()

    def why_left(self, picture: bytes) -> str | None:
        """What to say of a picture that belongs to the photo before it; None when it is a page."""
        head = picture[: max(picture.find(START_OF_SCAN), 0) or HEAD_BYTES][:HEAD_BYTES]
        listed = _listed(picture, head)
        self._number += 1
        if listed or not self._listed:
            self._number, self._listed = 0, listed
            return None
        if self._number >= len(self._listed):
            return None
        said = next((name for pattern, name in SAYS_IT_IS if pattern.search(head)), self._listed[self._number])
        return f"{said} that the telephone keeps behind its photo was left out: it is no page" if said else None


def _listed(picture: bytes, head: bytes) -> list[str]:
    """What lies from this picture on, by its own list: "" for a shot of its own; empty when it has no list."""
    kinds = [_preview(kind) for kind in _album_kinds(picture)]
    named = [NAMED.get(name, "") for name in CONTAINER.findall(head)]
    longest: Sequence[str] = max(kinds, named, key=len)
    return list(longest) if len(longest) > 1 else []


def _preview(kind: str) -> str:
    return "a smaller copy of it" if kind.startswith(KIND_OF_PREVIEW) else ""


def _album_kinds(picture: bytes) -> list[str]:
    try:
        with strict_pillow(), MpoImagePlugin.MpoImageFile(io.BytesIO(picture)) as album:
            entries = album.mpinfo[ENTRIES] if album.mpinfo else []
            return [str(entry["Attribute"]["MPType"]) for entry in entries]
    except (*DAMAGE, AssertionError):
        return []
