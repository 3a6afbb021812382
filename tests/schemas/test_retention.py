"""How long what is kept."""

from datetime import date

import pytest

from schemas.retention import RetentionSettings, years_after


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (date(2026, 3, 3), 7, date(2033, 3, 3)),
        (date(2028, 2, 29), 7, date(2035, 3, 1)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2033, 3, 3), -7, date(2026, 3, 3)),
    ],
)
def test_years_end_on_the_same_day_and_a_leap_day_a_day_later(day: date, years: int, then: date) -> None:
    """Never a day too early: the law says how long at least."""
    assert years_after(day, years) == then


def test_the_rule_says_what_is_set_and_nothing_else() -> None:
    """It stands with every purge that was made under it."""
    assert not RetentionSettings().is_set
    assert RetentionSettings(referrals_years=7).in_words == "referrals 7 years after their end"
    both = RetentionSettings(referrals_years=7, rejected_years=1).in_words
    assert both == "referrals 7 years after their end, scans without a referral 1 year after they came"
