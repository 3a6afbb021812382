"""Where the time of reading goes: seconds by the clock at each stage, and how often it was gone through."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Literal, TypeAlias

from pydantic import TypeAdapter

from schemas.base import Value

# Each page is opened and searched for slips; each slip is read in three parts and judged; then its page's pictures are
# made, and the whole file is recorded.
Stage: TypeAlias = Literal["open", "find", "marks", "signature", "text", "judge", "pictures", "record"]


class Spent(Value):
    """Seconds by the clock, and how many times they were spent."""

    seconds: float = 0.0
    count: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(seconds=self.seconds + other.seconds, count=self.count + other.count)


TimeSpent: TypeAlias = Mapping[Stage, Spent]
TIME_SPENT: TypeAdapter[TimeSpent] = TypeAdapter(TimeSpent)


def summed(*many: TimeSpent) -> TimeSpent:
    """All of them together."""
    total: dict[Stage, Spent] = {}
    for each in many:
        for stage, spent in each.items():
            total[stage] = total.get(stage, Spent()) + spent
    return total


@contextmanager
def spending(on: dict[Stage, Spent], stage: Stage) -> Iterator[None]:
    """Add to `on` what is done inside."""
    begun_s = monotonic()
    try:
        yield
    finally:
        on[stage] = on.get(stage, Spent()) + Spent(seconds=monotonic() - begun_s, count=1)
