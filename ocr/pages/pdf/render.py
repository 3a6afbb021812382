"""Drawing a PDF page with poppler, through pdf2image, when it is more than one scanned picture."""

import math
import time

import numpy as np
import pdf2image
from pdf2image import exceptions
from PIL import Image

from ocr.pages import messages
from ocr.pages.pictures.images import DAMAGE
from ocr.pages.scan import Gray
from ocr.pages.source import Source
from schemas.limits import Limits
from schemas.reading import Finding

SIZE_SLACK_PX = 2.0


def render(
    source: Source, number: int, of: int, dpi: int, size_px: tuple[float, float], limits: Limits
) -> tuple[Gray, tuple[Finding, ...]]:
    """Page `number` drawn in gray; `size_px` is the width and height that it must come out with.

    pdftoppm exits with 0 even when it could draw nothing, so the size is checked, and a page with syntax
    errors is drawn a second time to be kept with a finding. Raises SetAsideError.
    """
    deadline_s = time.monotonic() + limits.page_seconds
    findings: tuple[Finding, ...] = ()
    try:
        try:
            drawn = _draw(source, number, dpi, deadline_s, strict=True)
        except exceptions.PDFSyntaxError:
            drawn = _draw(source, number, dpi, deadline_s, strict=False)
            findings = (messages.drawn_with_errors(),)
    except exceptions.PDFPopplerTimeoutError:
        raise messages.page_timeout(number, limits) from None
    except exceptions.PDFInfoNotInstalledError:
        raise messages.poppler_missing(number) from None
    except (exceptions.PDFPageCountError, *DAMAGE):
        drawn = None
    if drawn is None or (findings and _is_uniform(drawn)):
        raise messages.page_lost(number, of, "poppler cannot draw it")
    if max(abs(got - stated) for got, stated in zip(drawn.size, size_px, strict=True)) > SIZE_SLACK_PX:
        wanted = f"{size_px[0]:.0f} x {size_px[1]:.0f}"
        raise messages.page_lost(
            number, of, f"it comes out as {drawn.width} x {drawn.height} instead of {wanted} pixels"
        )
    return np.asarray(drawn.convert("L")), findings


def _is_uniform(drawn: Image.Image) -> bool:
    darkest, lightest = drawn.convert("L").getextrema()
    return darkest == lightest


def _draw(source: Source, number: int, dpi: int, deadline_s: float, *, strict: bool) -> Image.Image | None:
    with source.path() as path:
        pictures: list[Image.Image] = pdf2image.convert_from_path(
            path,
            dpi=dpi,
            first_page=number,
            last_page=number,
            grayscale=True,
            use_cropbox=True,
            strict=strict,
            timeout=max(math.ceil(deadline_s - time.monotonic()), 1),
        )
    return pictures[0] if len(pictures) == 1 else None
