"""What time it is: passed in, so that leases, due dates and audit lines can be tested on any day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """`now` is an aware moment in UTC; `today` the date in the studio's time zone, `day_of` that of a moment."""

    def now(self) -> datetime: ...

    def today(self) -> date: ...

    def day_of(self, moment: datetime) -> date: ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock in the studio's IANA time zone; `fixed_today` replaces the date for demonstrations."""

    zone: str
    fixed_today: date | None = None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self.fixed_today or self.day_of(self.now())

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    at: datetime
    zone: str = "UTC"

    def now(self) -> datetime:
        return self.at.astimezone(UTC)

    def today(self) -> date:
        return self.day_of(self.at)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def move(self, by: timedelta) -> None:
        """Let `by` pass (or go back, when negative)."""
        self.at += by
