"""What a reader of files gives for each page; of pixels only finished pictures: it comes from another process."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from schemas.pad_id import PadId
from schemas.reading import PageRead
from schemas.time_spent import TimeSpent


@dataclass(frozen=True)
class PageOutcome:
    """All that came of one page, with one PNG of each slip, in the order of `page.slips`; `spent` on it was so much."""

    page: PageRead
    pictures: tuple[bytes, ...] = ()
    spent: TimeSpent = field(default_factory=dict, compare=False)


class FileReader(Protocol):
    """Reads a kept original; raises SetAsideError for one that cannot be used, or whose reading was stopped."""

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]: ...

    def read_as(self, path: Path, received_on: date, pad: PadId) -> Sequence[PageOutcome]:
        """The same when a person has said which pad all its slips are of."""
        ...
