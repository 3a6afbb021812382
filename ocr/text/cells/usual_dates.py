"""Which dates a slip never has but by a misread digit: 2016 for 2026, or the signature of a day that has not come."""

from datetime import date

# So many years before the slip came, or after it, are wider than what a slip of last year's, one that came late, or a
# year written out of habit can make of a date.
YEARS = 3
SIGNED, NEXT_VISIT = "signed_on", "next_visit_on"


def is_usual(field: str, value: str, received_on: date) -> bool:
    """Whether a value as records hold it may stand in the field of that name; what is no such date always may."""
    if field not in (SIGNED, NEXT_VISIT):
        return True
    day = date.fromisoformat(value)
    return abs(day.year - received_on.year) <= YEARS and not (field == SIGNED and day > received_on)
