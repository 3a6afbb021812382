"""The size of a PDF page, however oddly the file puts it."""

import math
from dataclasses import dataclass

import pikepdf

from ocr.pages import messages

# ISO 32000-1, Annex C: no side of a page is longer than 14,400 units; 200 inches is more than paper has.
SIDE_MAX_PT = 14_400.0
# What a page of odd objects makes pikepdf raise: where it is met, the page is left to poppler.
ODD = (pikepdf.PdfError, AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RuntimeError)


@dataclass(frozen=True)
class PageSheet:
    """The visible box of a page, in points before UserUnit and /Rotate; `unit` is UserUnit."""

    left: float
    bottom: float
    right: float
    top: float
    unit: float
    rotate: int

    @property
    def width_pt(self) -> float:
        return self.right - self.left

    @property
    def height_pt(self) -> float:
        return self.top - self.bottom


def sheet_of(page: pikepdf.Page, number: int) -> PageSheet:
    """What a viewer shows of the page; raises SetAsideError when that is no size of a sheet."""
    try:
        media, crop = _box(page.mediabox), _box(page.cropbox)
        unit = float(page.obj.get("/UserUnit", 1))
        rotate = int(page.obj.get("/Rotate", 0)) % 360
    except ODD:
        raise messages.page_size_unknown(number) from None
    box = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    sheet = PageSheet(*box, unit=unit, rotate=rotate)
    width_pt, height_pt = sheet.width_pt * unit, sheet.height_pt * unit
    if not all(math.isfinite(side) and side > 0 for side in (width_pt, height_pt)) or rotate % 90:
        raise messages.page_size_unknown(number)
    if max(width_pt, height_pt) > SIDE_MAX_PT:
        raise messages.page_size(number, width_pt, height_pt)
    return sheet


def _box(array: pikepdf.Array) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a PDF rectangle, whose corners come in any order."""
    x0, y0, x1, y1 = (float(edge) for edge in array)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
