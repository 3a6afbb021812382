"""Which days are business days, as the calendar counts them."""

from datetime import date, timedelta

from followup.calendar import BusinessCalendar


def is_business_day(calendar: BusinessCalendar, day: date) -> bool:
    """Whether it is the next one from the day before it."""
    return calendar.after(day - timedelta(days=1), 1) == day
