"""How long what is kept."""

from datetime import date

from pydantic import Field

from schemas.base import Value
from schemas.text import counted

NOTHING_SET = (
    "Nothing is purged: say for how many years referrals are kept, with REFPAD_RETENTION__REFERRALS_YEARS, and "
    "rejected slips and files set aside, with REFPAD_RETENTION__REJECTED_YEARS."
)


class RetentionSettings(Value):
    """Years after which what is on record may be purged; without them it is kept for ever.

    `referrals_years` count from the end of a referral's loop: its last follow-up, letter or entry. `rejected_years`
    count from the day on which a scan came that gave no referral.
    """

    referrals_years: int | None = Field(default=None, ge=1, le=100)
    rejected_years: int | None = Field(default=None, ge=1, le=100)

    @property
    def is_set(self) -> bool:
        """Whether anything is ever purged."""
        return self.referrals_years is not None or self.rejected_years is not None

    @property
    def in_words(self) -> str:
        """The rule, as a purge is recorded under it."""
        of_referrals, of_rejected = self.referrals_years, self.rejected_years
        parts = [
            *([f"referrals {counted(of_referrals, 'year')} after their end"] if of_referrals else []),
            *([f"scans without a referral {counted(of_rejected, 'year')} after they came"] if of_rejected else []),
        ]
        return ", ".join(parts)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of a February 29 that there is not, March 1."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
