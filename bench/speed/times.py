"""How long one thing took, each time it was done."""

from dataclasses import dataclass, field
from statistics import quantiles


@dataclass
class Times:
    """One kind of work: how long it took each time, in milliseconds."""

    what: str
    ms: list[float] = field(default_factory=list)

    @property
    def median_ms(self) -> float:
        return sorted(self.ms)[len(self.ms) // 2]

    @property
    def p95_ms(self) -> float:
        return quantiles(self.ms, n=20)[-1] if len(self.ms) > 1 else self.ms[0]
