"""Pillow images of any kind to gray, with what is transparent shown as paper."""

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageFile, PngImagePlugin

from ocr.pages.scan import Gray

# All that Pillow raises on damaged data, found by corrupting files at random; MemoryError is not among them.
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, struct.error, zlib.error)
SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I;16N", "I")

# Pillow's own bound for a comment in a PNG, and 64 of it for all: a scanner writes a line.
PNG_TEXT_BYTES, PNG_TEXTS_BYTES = 1 << 20, 64 << 20
_TURN = threading.RLock()


@contextmanager
def strict_pillow() -> Iterator[None]:
    """Pillow as decoders here need it, whatever another library has set for the whole process.

    What is missing is an error (WeasyPrint has it filled in), comments have an end, and pixels are counted by us.
    """
    wanted: tuple[tuple[object, str, object], ...] = (
        (ImageFile, "LOAD_TRUNCATED_IMAGES", False),
        (Image, "MAX_IMAGE_PIXELS", None),
        (PngImagePlugin, "MAX_TEXT_CHUNK", PNG_TEXT_BYTES),
        (PngImagePlugin, "MAX_TEXT_MEMORY", PNG_TEXTS_BYTES),
    )
    with _TURN:
        before = [getattr(module, name) for module, name, _ in wanted]
        try:
            for module, name, value in wanted:
                setattr(module, name, value)
            yield
        finally:
            for (module, name, _), value in zip(wanted, before, strict=True):
                setattr(module, name, value)


def to_gray(image: Image.Image) -> Gray:
    """`image` as 8-bit gray on white paper; raises ValueError for floating-point pictures."""
    if image.mode in SIXTEEN_BITS:
        return (np.asarray(image).astype(np.uint32).clip(0, 65535) >> 8).astype(np.uint8)
    if image.mode == "F":
        raise ValueError("floating-point pixels")
    if image.has_transparency_data:
        gray, opacity = image.convert("RGBA").convert("LA").split()
        return np.asarray(Image.composite(gray, Image.new("L", image.size, 255), opacity))
    return np.asarray(image if image.mode == "L" else image.convert("L"))


def stated_dpi(image: Image.Image) -> tuple[float | None, float | None]:
    """The resolution that a picture's header tells, if any."""
    dpi = image.info.get("dpi")
    return (float(dpi[0]), float(dpi[1])) if dpi else (None, None)
