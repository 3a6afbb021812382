"""Letters: what is to be said becomes one page of PDF, from templates that a studio may replace."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from followup.ethics import must_offer_nothing
from followup.quoted import without_names, without_quotes
from followup.trend import bars_svg, trend_svg
from schemas.course import HEADING_LABELS
from schemas.dates import show_day, show_moment, show_month
from schemas.errors import UsageError
from schemas.letter import Letter, MissingInformation, Trend
from schemas.names.salutation import salutation
from schemas.office import MonthCount, OfficeActivity
from schemas.patient_identity import known_by
from schemas.phones import show_phone
from schemas.studio import Studio

TEMPLATES = Path(__file__).parent / "templates"
YEARS_TOLD_FROM = timedelta(days=300)  # Mar 9 to Mar 9 is no day or a year; Dec 1 to Mar 9 nobody takes for more
RING_AROUND_MM = 1.2  # so that the ring does not cover the field's own line
# What a template does wrong shows as any of these: a filter of a value that it cannot take, an encoding but UTF-8.
BROKEN = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class TemplateBrokenError(UsageError):
    """A template of the studio's own does not work; the text names it and says why."""


class LetterWriter:
    """Writes letters as HTML. `own` is a folder whose templates are taken before refpad's, if it is there.

    `phone_region` is the country whose numbers are written without a code.
    """

    def __init__(self, studio: Studio, own: Path | None = None, phone_region: str = "US") -> None:
        folders = [folder for folder in (own, TEMPLATES) if folder is not None and folder.is_dir()]
        loaders: list[BaseLoader] = [FileSystemLoader(folder) for folder in folders]
        self._studio = studio
        self._environment = SandboxedEnvironment(
            loader=ChoiceLoader(loaders),
            autoescape=True,  # a slip is written by strangers, and "<" is a letter like any other
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        of_region = {
            "phone": partial(show_phone, region=phone_region),
            "known_by": partial(known_by, phone_region=phone_region),
        }
        self._environment.filters.update({**FILTERS, **of_region})

    def html(self, letter: Letter) -> str:
        """The letter; raises EthicsError when it offers anything, TemplateBrokenError when the template fails."""
        written = self._written(letter, self._studio)
        must_offer_nothing(text_of(self._written(without_quotes(letter), without_names(self._studio))))
        return written

    def _written(self, letter: Letter, studio: Studio) -> str:
        name = f"{letter.kind.value}.html"
        try:
            return self._environment.get_template(name).render(letter=letter, studio=studio, headings=HEADING_LABELS)
        except BROKEN as error:
            line = getattr(error, "lineno", None)
            where = f" line {line}" if line else ""
            raise TemplateBrokenError(
                f"The letter template {name}{where} does not work ({type(error).__name__}): correct it, or remove it "
                "to have refpad's own."
            ) from None

    def activity_html(self, offices: Sequence[OfficeActivity], on: date) -> str:
        """The report of offices."""
        most = max((month.referrals for office in offices for month in office.by_month), default=0)
        template = self._environment.get_template("offices.html")
        return template.render(offices=offices, on=on, most=most, studio=self._studio)

    def css(self) -> str:
        """The style sheet of all letters."""
        return self._environment.get_template("letter.css").render(studio=self._studio)


def text_of(html: str) -> str:
    """What a reader of the page reads, a line for each block."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _TextReader(HTMLParser):
    """Collects the text; inline elements do not break a sentence, so that no word hides between two tags."""

    INLINE = frozenset({"a", "b", "em", "i", "span", "strong", "small", "sup", "sub", "u"})
    SILENT = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        if tag not in self.INLINE:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT
        if tag not in self.INLINE:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(" ".join(data.split("\n")))

    def text(self) -> str:
        return re.sub(r"\s*\n\s*", "\n", "".join(self._parts)).strip()


def _short_day(value: date, beside: date | None = None) -> str:
    """Mar 3, where space is scarce; Mar 3, 2026 beside a day so far away that it takes the year to tell them apart."""
    return show_day(value) if _is_far(value, beside) else show_day(value).rpartition(",")[0]


def _behind_value(value: date, beside: date | None = None) -> str:
    """Behind a figure: " on Mar 3", or ", Mar 2026" beside such a day."""
    return f", {_month(value)}" if _is_far(value, beside) else f" on {_short_day(value)}"


def _is_far(value: date, beside: date | None) -> bool:
    return beside is not None and abs(value - beside) >= YEARS_TOLD_FROM


def _moment(value: datetime) -> str:
    """Monday, Mar 3, 2026, 9:05 AM."""
    return f"{value:%A}, {show_moment(value)}"


def _month(value: date | str) -> str:
    """Mar 2026, of a day in it or of 2026-03."""
    return show_month(value if isinstance(value, date) else date.fromisoformat(f"{value}-01"))


def _plain(value: float) -> str:
    """94, 14.8, 12345, not 94.0; as it was entered, for a score that is rounded is another."""
    return f"{value:.10g}"


def _picture(trend: Trend) -> Markup:
    return Markup(trend_svg(trend))  # noqa: S704 - numbers only


def _bars(months: Sequence[MonthCount], most: int) -> Markup:
    return Markup(bars_svg(months, most))  # noqa: S704 - numbers only


def _rings(letter: MissingInformation) -> list[dict[str, str]]:
    """Where each ring lies over the picture, in hundredths of its width and height, a little around the field."""
    return [
        {
            "left": f"{100 * box.x / letter.width_mm:.2f}%",
            "top": f"{100 * box.y / letter.height_mm:.2f}%",
            "width": f"{100 * box.w / letter.width_mm:.2f}%",
            "height": f"{100 * box.h / letter.height_mm:.2f}%",
        }
        for box in (field.box_mm.grown(RING_AROUND_MM) for field in letter.fields)
    ]


FILTERS = {
    "day": show_day,
    "short_day": _short_day,
    "behind_value": _behind_value,
    "moment": _moment,
    "month": _month,
    "plain": _plain,
    "picture": _picture,
    "bars": _bars,
    "rings": _rings,
    "salutation": salutation,
}
