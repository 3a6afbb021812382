"""Business days of a country, with its public holidays as they are observed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.calendar import BusinessCalendar
from tests.followup.business_days import is_business_day

US = BusinessCalendar("US")
DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 3, 7), "Saturday"),
        (date(2026, 7, 3), "Independence Day, a Saturday in 2026, is observed on the Friday before"),
        (date(2027, 7, 5), "a Sunday in 2027, it is observed on the Monday after"),
        (date(2026, 11, 26), "Thanksgiving, the fourth Thursday of November"),
        (date(2026, 6, 19), "Juneteenth, since 2021"),
    ],
)
def test_weekends_and_observed_holidays_are_no_business_days(day: date, why: str) -> None:
    """5 U.S.C. 6103: nobody in an office answers the telephone on the day that is kept in a holiday's place."""
    assert not is_business_day(US, day), why


def test_each_country_has_its_own_holidays() -> None:
    """A studio elsewhere is not told to call on its own holiday."""
    boxing_day, thanksgiving = date(2025, 12, 26), date(2026, 11, 26)
    british = BusinessCalendar("GB")
    assert (is_business_day(US, boxing_day), is_business_day(british, boxing_day)) == (True, False)
    assert (is_business_day(US, thanksgiving), is_business_day(british, thanksgiving)) == (False, True)


def test_days_are_counted_over_a_long_weekend() -> None:
    """From the Thursday before the Fourth of July 2026 the next business day is the Monday."""
    assert US.after(date(2026, 7, 2), 1) == date(2026, 7, 6)
    assert US.before(date(2026, 7, 6), 1) == date(2026, 7, 2)
    assert US.after(date(2026, 7, 4), 1) == date(2026, 7, 6)


@given(day=DAYS, count=st.integers(1, 15))
def test_business_days_count_the_same_both_ways(day: date, count: int) -> None:
    """From a business day, so many forth and as many back end where they began."""
    start = US.after(day, 1)
    assert US.before(US.after(start, count), count) == start
