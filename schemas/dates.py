"""Dates as people write them on slips: month first, two-digit years, "Oct 3"."""

import re
from datetime import date, timedelta
from typing import Literal

from schemas.base import Value

Tense = Literal["past", "future"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})\D+(\d{1,2})(?:\D+(\d{4}|\d{2}))?")
_SOLID = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_NAMED = re.compile(r"([a-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?(?:\D+(\d{4}|\d{2}))?")


class DateReading(Value):
    """`on` is None when `problem` says, in a few words, why what is written is no date."""

    on: date | None = None
    problem: str = ""


def parse_date(written: str, near: date, tense: Tense = "past") -> DateReading:
    """The date in `written`, US order (month, day, year).

    A year left out is the one that puts the date on the side of `near` that `tense` says: a
    signature lies in the past, a next visit in the future.
    """
    text = " ".join(written.strip().lower().split())
    found = _parts(text)
    if found is None:
        return DateReading(problem="it does not read as month, day and year")
    year, month, day = found
    try:
        on = date(year, month, day) if year is not None else _nearest(month, day, near, tense)
    except ValueError:
        return DateReading(problem=f"there is no day {day} in month {month}")
    return DateReading(on=on)


def _parts(text: str) -> tuple[int | None, int, int] | None:
    """(year or None, month, day) as numbers, not yet known to make a date."""
    if m := _ISO.fullmatch(text):
        return int(m[1]), int(m[2]), int(m[3])
    if m := _NUMERIC.fullmatch(text) or _SOLID.fullmatch(text):
        return _year(m[3]), int(m[1]), int(m[2])
    if (m := _NAMED.fullmatch(text)) and m[1][:3] in _MONTHS:
        return _year(m[3]), _MONTHS.index(m[1][:3]) + 1, int(m[2])
    return None


def _year(digits: str | None) -> int | None:
    if digits is None:
        return None
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _nearest(month: int, day: int, near: date, tense: Tense) -> date:
    """The date of that month and day closest to `near` on the asked side; 29 February looks for a leap year."""
    years = range(near.year, near.year - 9, -1) if tense == "past" else range(near.year, near.year + 9)
    for year in years:
        try:
            on = date(year, month, day)
        except ValueError:
            continue
        if (on <= near + timedelta(days=1)) if tense == "past" else (on >= near):
            return on
    raise ValueError("no such day")
