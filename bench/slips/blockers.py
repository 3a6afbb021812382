"""What keeps signed slips from passing without a person, by what people are asked of."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from schemas.reading import SlipReading

BOXES, SLIP = "a box", "the slip as a whole"


@dataclass
class Blockers:
    """How many signed slips were held, what was asked of them, and in how many it was all that was asked."""

    held: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)

    def add(self, reading: SlipReading) -> None:
        """Count a signed slip, unless it was accepted."""
        if reading.verdict == "accepted":
            return
        asked = blockers_of(reading)
        self.held += 1
        self.asked.update(asked)
        if len(asked) == 1:
            self.alone.update(asked)


@dataclass(frozen=True)
class BlockerRow:
    """One line of the ranked list: of `held` signed slips, how many it keeps, and how many it alone keeps."""

    what: str
    slips: int
    alone: int
    held: int


def blockers_of(reading: SlipReading) -> frozenset[str]:
    """What a person is asked of: fields by their names, all boxes as one, and what concerns no field as one."""
    return frozenset(_named(finding.field, reading) for finding in reading.findings)


def ranked(channels: Iterable[Blockers]) -> Iterator[BlockerRow]:
    """All channels together, what keeps most slips first."""
    whole = Blockers()
    for one in channels:
        whole.held += one.held
        whole.asked.update(one.asked)
        whole.alone.update(one.alone)
    for what, slips in sorted(whole.asked.items(), key=lambda entry: (-entry[1], entry[0])):
        yield BlockerRow(what, slips, whole.alone[what], whole.held)


def _named(name: str | None, reading: SlipReading) -> str:
    if name is None:
        return SLIP
    return BOXES if name in reading.marks else name.replace("_", " ")
