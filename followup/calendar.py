"""Business days: Monday to Friday, less the public holidays of one country."""

from datetime import date

import holidays


class BusinessCalendar:
    """A country's business days; `country` is an ISO 3166-1 alpha-2 code.

    For "US" the holidays are the federal ones with their observed days (5 U.S.C. 6103), as the
    `holidays` package lists them.
    """

    def __init__(self, country: str = "US") -> None:
        self._holidays = holidays.country_holidays(country)

    def is_business_day(self, day: date) -> bool:
        return self._holidays.is_working_day(day)

    def after(self, day: date, business_days: int) -> date:
        """The business day that many (at least 1) after `day`; `day` itself may be a holiday."""
        return self._holidays.get_nth_working_day(day, business_days)

    def before(self, day: date, business_days: int) -> date:
        """The business day that many (at least 1) before `day`; `day` itself may be a holiday."""
        return self._holidays.get_nth_working_day(day, -business_days)
