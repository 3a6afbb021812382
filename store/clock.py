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


class _InZone:
    """What clocks have in common: days begin in an IANA time zone."""

    zone: str

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class SystemClock(_InZone):
    """The machine's clock in the studio's IANA time zone; `fixed_today` replaces the date for demonstrations."""

    zone: str
    fixed_today: date | None = None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self.fixed_today or self.day_of(self.now())


@dataclass
class SetClock(_InZone):
    """A clock that stands still until it is moved."""

    at: datetime
    zone: str = "UTC"

    def now(self) -> datetime:
        return self.at.astimezone(UTC)

    def today(self) -> date:
        return self.day_of(self.at)

    def move(self, by: timedelta) -> None:
        """Let `by` pass (or go back, when negative)."""
        self.at += by
