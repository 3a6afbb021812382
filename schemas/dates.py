"""Dates as people write them on slips (month first, two-digit years, "Oct 3"), and as they are shown to people."""

import re
from datetime import date, datetime
from typing import Literal

from schemas.base import Value

Tense = Literal["past", "future", "birth"]

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

# A date without a year is taken to lie within half a year; further off, a wrong month and a
# forgotten year look the same, and a person must say.
YEARLESS_WITHIN_DAYS = 183

# Has every day that a date without a year can name.
_LEAP_YEAR = 2000

# Only what people put between numbers: with any character allowed, "10/l2/26" would read as 2 October.
_BETWEEN = r"(?:\s*[/.\-\u2013\u2014]\s*|\s+)"
_BEFORE_YEAR = r"(?:\s*[,.]\s*|\s+)"
_YEAR = r"['\u2019]?([0-9]{4}|[0-9]{2})"
_KEPT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO = re.compile(rf"([0-9]{{4}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}})")
_NUMERIC = re.compile(rf"([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}})(?:{_BETWEEN}{_YEAR})?")
_SOLID = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})")
_NAMED = re.compile(rf"([a-z]{{3,9}})\.?\s*([0-9]{{1,2}})(?:st|nd|rd|th)?(?:{_BEFORE_YEAR}{_YEAR})?")


class DateReading(Value):
    """`on` is None when `problem` says, in a few words, why what is written is no date."""

    on: date | None = None
    problem: str = ""


def show_day(on: date) -> str:
    """Nov 3, 2026: a day on every page, letter and pad and in what commands print; files for programs have ISO 8601."""
    return f"{on:%b} {on.day}, {on.year}"


def show_kept(text: str) -> str:
    """A day as readings and entries keep it (2026-11-03) as it is shown; whatever else stands there as it stands."""
    try:
        return show_day(date.fromisoformat(text)) if _KEPT.fullmatch(text) else text
    except ValueError:
        return text


def show_moment(at: datetime) -> str:
    """Nov 3, 2026, 9:05 AM, by the clock of `at`'s own time zone."""
    return f"{show_day(at)}, {at:%I:%M %p}".replace(", 0", ", ")


def show_month(on: date) -> str:
    """Nov 2026."""
    return f"{on:%b} {on.year}"


def parse_date(written: str, near: date, tense: Tense = "past") -> DateReading:
    """The date in `written`, US order (month, day, year); years of two digits are 20xx.

    A year left out is the one that puts the date within half a year of `near`, on the side that
    `tense` says: a signature lies in the past, a next visit in the future. A birth may lie in the last century, and
    has its year: "58" on a slip of 2026 is 1958.
    """
    found = _parts(" ".join(written.strip().lower().split()), near.year if tense == "birth" else None)
    if found is None:
        return DateReading(problem="it does not read as month, day and year")
    year, month, day = found
    if not _exists(_LEAP_YEAR if year is None else year, month, day):
        return DateReading(problem=f"there is no day {day} in month {month}")
    if year is not None:
        return DateReading(on=date(year, month, day))
    on = None if tense == "birth" else _nearest(month, day, near, tense)
    return DateReading(on=on) if on else DateReading(problem="it has no year")


def _parts(text: str, last_year: int | None) -> tuple[int | None, int, int] | None:
    """(year or None, month, day) as numbers, not yet known to make a date; no year of two digits is after the last."""
    if m := _ISO.fullmatch(text):
        return int(m[1]), int(m[2]), int(m[3])
    if m := _NUMERIC.fullmatch(text) or _SOLID.fullmatch(text):
        return _year(m[3], last_year), int(m[1]), int(m[2])
    if (m := _NAMED.fullmatch(text)) and (month := _month(m[1])):
        return _year(m[3], last_year), month, int(m[2])
    return None


def _month(name: str) -> int | None:
    """The month that `name` is, or is the start of ("sept")."""
    return next((i for i, month in enumerate(MONTHS, start=1) if month.startswith(name)), None)


def _year(digits: str | None, last_year: int | None) -> int | None:
    if digits is None:
        return None
    if len(digits) == 4:
        return int(digits)
    year = 2000 + int(digits)
    return year if last_year is None or year <= last_year else year - 100


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _nearest(month: int, day: int, near: date, tense: Tense) -> date | None:
    """The one date of that month and day close enough to `near`; tomorrow counts as past, to be judged as such."""
    first, last = (-YEARLESS_WITHIN_DAYS, 1) if tense == "past" else (0, YEARLESS_WITHIN_DAYS)
    candidates = (date(y, month, day) for y in (near.year - 1, near.year, near.year + 1) if _exists(y, month, day))
    return next((on for on in candidates if first <= (on - near).days <= last), None)
