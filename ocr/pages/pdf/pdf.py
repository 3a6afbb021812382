"""PDF: opened strictly, counted, and each page taken out losslessly where it is one scanned picture."""

import io
import math
import re
from itertools import islice

import pikepdf

from ocr.pages import messages
from ocr.pages.normalize import SIDE_MIN_PX
from ocr.pages.pdf.extract import extract_scan
from ocr.pages.pdf.render import render
from ocr.pages.pdf.sheet import ODD, PageSheet, sheet_of
from ocr.pages.scan import Scan
from ocr.pages.source import Source
from ocr.pages.stderr_capture import capture_stderr
from schemas.limits import Limits

END_MARK = b"%%EOF"
HEADER = re.compile(rb"%PDF-\d")
HEADERS_MAX = 1_000  # far more PDFs in a file than it may have pages
OBJECT = re.compile(rb"\d+ \d+ obj\b")
LINEARIZED_LENGTH = re.compile(rb"/Linearized.{0,200}?/L\s+(\d+)", re.DOTALL)
NO_PAGE_TREE = "unable to find page tree"  # how qpdf says that the catalog has no /Pages
RENDER_DPI, RENDER_DPI_MIN = 300, 150


class PdfDocument:
    """A PDF file that opens without a password."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        whole = _whole(source.data)
        with capture_stderr():
            self._pdf, repaired = _open_pdf(whole)
            self.page_count = _count(self._pdf, limits)
        active = _active_content(self._pdf)
        self.notes = (
            *(("the PDF was damaged and could be repaired",) if repaired else ()),
            *((f"the PDF carries {', '.join(active)}, which refpad never runs or opens",) if active else ()),
        )

    @property
    def pdf(self) -> pikepdf.Pdf:
        """The open PDF, to look for what is attached to it."""
        return self._pdf

    def scan(self, number: int) -> Scan:
        page = self._pdf.pages[number - 1]
        sheet = sheet_of(page, number)
        try:
            with capture_stderr():
                taken = extract_scan(page, sheet, number, self.page_count, self._limits)
        except ODD:
            taken = None
        return taken or self._draw(sheet, number)

    def _draw(self, sheet: PageSheet, number: int) -> Scan:
        width_inch, height_inch = sheet.width_pt / 72, sheet.height_pt / 72
        if min(width_inch, height_inch) * sheet.unit * RENDER_DPI < SIDE_MIN_PX:
            raise messages.too_small(number, f"{width_inch:.2f}", f"{height_inch:.2f} inches")
        highest = math.sqrt(self._limits.page_pixels / (width_inch * height_inch))
        dpi = min(RENDER_DPI, math.floor(highest))
        if dpi < RENDER_DPI_MIN:
            size = round(width_inch * RENDER_DPI), round(height_inch * RENDER_DPI)
            raise messages.too_many_pixels(number, *size, self._limits)
        size_px = (width_inch * dpi, height_inch * dpi)
        gray, findings = render(
            self._source, number, self.page_count, dpi, size_px[::-1] if sheet.rotate % 180 else size_px, self._limits
        )
        return Scan(gray, dpi / sheet.unit, dpi / sheet.unit, findings=findings)


def end_of(data: bytes) -> int:
    """Where the PDF ends with which `data` begins.

    A change that was added to a PDF, and a PDF inside a PDF, end with an end mark too. What stands before another
    header is a PDF of its own when it opens as it stands, or when what begins there does and the whole does not.
    """
    headers = [found.start() for found in islice(HEADER.finditer(data), 1, HEADERS_MAX)]
    is_sound = bool(headers) and _is_sound(data)
    for header in headers:
        mark = data.rfind(END_MARK, 0, header)
        follows_mark = mark >= 0 and not OBJECT.search(data, mark, header)
        if follows_mark and (not is_sound or _is_sound(data[: mark + len(END_MARK)])):
            return mark + len(END_MARK)
        if not follows_mark and not is_sound and _is_sound(data[header:]):
            return header
    mark = data.rfind(END_MARK)
    return len(data) if mark < 0 or OBJECT.search(data, mark) else mark + len(END_MARK)


def _is_sound(data: bytes) -> bool:
    """Whether the PDF opens without repair."""
    try:
        with capture_stderr(), pikepdf.open(io.BytesIO(data), suppress_warnings=True, attempt_recovery=False):
            return True
    except pikepdf.PasswordError:
        return True
    except (pikepdf.PdfError, RuntimeError):
        return False


def _whole(data: bytes) -> bytes:
    """`data` up to its end mark; raises SetAsideError when the file was cut, at whatever place."""
    end = data.rfind(END_MARK)
    if end < 0:
        raise messages.truncated("PDF", f"its end is missing after {len(data):,} bytes")
    if OBJECT.search(data, end):
        raise messages.truncated("PDF", "a change that was added to it is not all there")
    linearized = LINEARIZED_LENGTH.search(data[:2048])
    if linearized and len(data) < int(linearized[1]):
        raise messages.truncated("PDF", f"only {len(data):,} of its {int(linearized[1]):,} bytes are there")
    return data[: end + len(END_MARK)]


def _open_pdf(data: bytes) -> tuple[pikepdf.Pdf, bool]:
    """The PDF, and whether it had to be repaired."""
    for attempt_recovery in (False, True):
        try:
            opened = pikepdf.open(io.BytesIO(data), suppress_warnings=True, attempt_recovery=attempt_recovery)
        except pikepdf.PasswordError:
            raise messages.encrypted() from None
        except (pikepdf.PdfError, RuntimeError) as error:
            if NO_PAGE_TREE in str(error):
                raise messages.no_pages("PDF") from None
            continue
        return opened, attempt_recovery
    raise messages.damaged("PDF", "not even its list of objects can be rebuilt")


def _count(pdf: pikepdf.Pdf, limits: Limits) -> int:
    """The pages, when the file's own count and its page tree agree."""
    if "/Pages" not in pdf.Root:
        raise messages.no_pages("PDF")
    try:
        counted = int(pdf.Root.Pages.get("/Count", -1))
        found = len(pdf.pages)
    except ODD:
        raise messages.damaged("PDF", "its list of pages runs in a circle or is broken") from None
    if counted not in (found, -1):
        raise messages.damaged("PDF", f"it counts {counted:,} pages and holds {found:,}")
    if found > limits.pages:
        raise messages.too_many_pages(found, limits)
    if not found:
        raise messages.no_pages("PDF")
    return found


def _active_content(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """What in the file would act if a viewer let it (ISO 32000-1, 12.6 actions, 12.7.8 XFA)."""
    try:
        root = pdf.Root
        names: pikepdf.Object | dict[str, object] = root.get("/Names", {})
        action = root.get("/OpenAction")
        kind = str(action.get("/S", "")) if isinstance(action, pikepdf.Dictionary) else ""
        found = {
            "a script": kind == "/JavaScript" or "/JavaScript" in names or "/AA" in root,
            "a program start": kind == "/Launch",
            "an XFA form": "/XFA" in root.get("/AcroForm", {}),
        }
    except ODD:
        return ("an action that cannot be read",)
    return tuple(name for name, there in found.items() if there)
