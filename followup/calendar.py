"""Business days: a studio's days of the week, less the public holidays of one country."""

from collections.abc import Collection
from datetime import date
from functools import cache

import holidays

from schemas.followup import WEEKDAYS, Weekday


class BusinessCalendar:
    """A country's business days; `country` is an ISO 3166-1 alpha-2 code, `working_days` those of the week.

    For "US" the holidays are the federal ones with their observed days (5 U.S.C. 6103), as the
    `holidays` package lists them.
    """

    def __init__(self, country: str = "US", working_days: Collection[Weekday] = WEEKDAYS[:5]) -> None:
        self._holidays = holidays.country_holidays(country)
        self._holidays.weekend = {WEEKDAYS.index(day) for day in WEEKDAYS if day not in working_days}

    def after(self, day: date, business_days: int) -> date:
        """The business day that many (at least 1) after `day`; `day` itself may be a holiday."""
        return self._holidays.get_nth_working_day(day, business_days)

    def before(self, day: date, business_days: int) -> date:
        """The business day that many (at least 1) before `day`; `day` itself may be a holiday."""
        return self._holidays.get_nth_working_day(day, -business_days)


@cache
def known_countries() -> tuple[str, ...]:
    """The countries whose holidays are known, by code."""
    return tuple(sorted(code for code in holidays.list_supported_countries() if len(code) == 2))
