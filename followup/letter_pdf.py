"""From a letter's HTML to its one page of PDF, in the pad's typeface, without a browser and without a network."""

import logging
import subprocess
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import ImageFile

from followup.letters import LetterWriter
from schemas.errors import MachineError, UsageError
from schemas.letter import (
    CallsEndedNotice,
    Declined,
    HowToRefer,
    Introduction,
    Letter,
    MissingInformation,
    NotReached,
    SessionLog,
    ThankYou,
)
from schemas.office import OfficeActivity
from schemas.studio import Studio
from schemas.text import counted

LINE_PT = 12.5  # letter.css: line-height of the text
PAGE_PT = (612.0, 792.0)  # US letter
LINES_MOST = 64  # a page more; what is longer than that is no letter
SIZES = (1.0, 0.9, 0.8)  # of the print: text of 9.3 pt is 7.4 pt at the least, as the footer's, which faxes carry
# Their words are the slip's and the record's own: there is nobody who could say them shorter.
OF_THE_RECORD = (ThankYou, Introduction, NotReached, Declined, CallsEndedNotice, SessionLog)
PREVIEW_DPI = 80
PREVIEW_S = 30.0
FONTS = {"medium.ttf": "LibreFranklin-Medium.ttf", "bold.ttf": "LibreFranklin-Bold.ttf"}


class LetterTooLongError(UsageError):
    """A letter is one page; `lines` is by how many lines of text it is longer."""

    def __init__(self, lines: int) -> None:
        self.lines = lines
        more = "more than a page" if lines > LINES_MOST else counted(lines, "line")
        super().__init__(f"The letter is {more} too long: letters are one page, so say it shorter.")


class NoGlyphError(UsageError):
    """The letter has characters that no font on this machine can show; named by number, as they may be a patient's."""

    def __init__(self, missing: Sequence[int]) -> None:
        codes = ", ".join(f"U+{code:04X}" for code in missing[:3]) + (", ..." if len(missing) > 3 else "")
        super().__init__(
            f"No font on this machine shows {counted(len(missing), 'character')} of the letter ({codes}): install one "
            "that does (apt install fonts-dejavu-core fonts-noto-core fonts-noto-cjk), then have the letter made again."
        )


class Press:
    """Makes letters. `fonts` holds the typeface's files, `own` the studio's own templates, if there are any."""

    def __init__(self, studio: Studio, fonts: Path, own: Path | None = None, phone_region: str = "US") -> None:
        self._writer = LetterWriter(studio, own, phone_region)
        self._studio, self._fonts = studio, fonts

    def pdf(self, letter: Letter) -> bytes:
        """One page, in smaller print where nobody could say it shorter.

        Raises LetterTooLongError, EthicsError, TemplateBrokenError or NoGlyphError, and MachineError without Pango.
        """
        html = self._writer.html(letter)
        for size in SIZES if isinstance(letter, OF_THE_RECORD) else SIZES[:1]:
            document = self._laid_out(html, letter, size=size)
            if len(document.pages) == 1:
                return _written(document, size)
        raise LetterTooLongError(self._lines_over(html, letter))

    def _lines_over(self, html: str, letter: Letter) -> int:
        """The least number of lines by which a page must grow to hold all of the letter."""
        least, most = 1, LINES_MOST + 1
        while least < most:
            tried = (least + most) // 2
            if len(self._laid_out(html, letter, tried).pages) == 1:
                most = tried
            else:
                least = tried + 1
        return least

    def activity(self, offices: Sequence[OfficeActivity], on: date) -> bytes:
        """The report of offices, on as many pages as it takes."""
        return _written(self._laid_out(self._writer.activity_html(offices, on), None))

    def _laid_out(self, html: str, letter: Letter | None, more_lines: int = 0, size: float = 1.0) -> Any:  # noqa: ANN401
        """On paper that is so much larger than the page as print of that `size` is smaller. WeasyPrint has no types."""
        weasyprint, fetcher = _weasyprint(), self._fetcher(letter)
        width_pt, height_pt = PAGE_PT[0] / size, PAGE_PT[1] / size + more_lines * LINE_PT
        sheets = (self._writer.css(), f"@page {{ size: {width_pt}pt {height_pt}pt }}")
        styles = [weasyprint.CSS(string=sheet, url_fetcher=fetcher, font_config=self._font_config) for sheet in sheets]
        page = weasyprint.HTML(string=html, base_url="refpad:/", url_fetcher=fetcher)
        return page.render(stylesheets=styles, font_config=self._font_config)

    @cached_property
    def _font_config(self) -> Any:  # noqa: ANN401 - WeasyPrint has no types
        _weasyprint()
        from weasyprint.text.fonts import FontConfiguration

        return FontConfiguration()

    def _fetcher(self, letter: Letter | None) -> Any:  # noqa: ANN401 - WeasyPrint has no types
        """Gives a template the typeface, the logo and the letter's own picture, and nothing else in the world."""
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        def at(name: str) -> bytes:
            if name in FONTS:
                return (self._fonts / FONTS[name]).read_bytes()
            if name == "logo" and self._studio.logo is not None:
                return self._studio.logo.read_bytes()
            if name == "slip.png" and isinstance(letter, MissingInformation):
                return letter.picture_png
            if name == "sheet.png" and isinstance(letter, MissingInformation):
                return letter.sheet_png
            if name == "slip.png" and isinstance(letter, HowToRefer):
                return letter.slip_png
            raise ValueError("letters fetch nothing from outside")

        class Fetcher(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
            def fetch(self, url: str, headers: object = None) -> object:
                return URLFetcherResponse(url, at(url.removeprefix("refpad:/")))

        return Fetcher()


def preview_png(pdf: bytes, dpi: int = PREVIEW_DPI) -> bytes:
    """The first page as a PNG; the PDF goes through a pipe, as a temporary file would hold a patient's data."""
    command = ["pdftoppm", "-png", "-singlefile", "-r", str(dpi), "-"]
    try:
        ran = subprocess.run(command, input=pdf, capture_output=True, timeout=PREVIEW_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise MachineError("pdftoppm does not answer: run `refpad doctor`.") from None
    if ran.returncode != 0 or not ran.stdout:
        raise MachineError("pdftoppm could not draw the letter: run `refpad doctor`.")
    return ran.stdout


def _written(document: Any, size: float = 1.0) -> bytes:  # noqa: ANN401 - WeasyPrint has no types
    out = BytesIO()
    document.write_pdf(out, zoom=size)
    missing = sorted({code for font in document.fonts.values() for code in font.missing})
    if missing:
        raise NoGlyphError(missing)
    return out.getvalue()


def _weasyprint() -> Any:  # noqa: ANN401 - WeasyPrint has no types
    """WeasyPrint, without what it switches on for everybody: that Pillow fills in what is missing of a picture.

    It warns of characters by showing them, which may be a patient's name: its log tells of errors alone.
    """
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    fills_in = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        import weasyprint
    except OSError:  # Pango is a system library, which pip does not bring
        raise MachineError(
            "Letters need Pango: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
        ) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = fills_in
    return weasyprint
