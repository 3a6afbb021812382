"""A reader that needs no time: it reads invented slips, so that only the record's part of an intake is timed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from bench.records.bulk_referrals import InventedSlip
from bench.web.invented_people import invented_slips
from refpad.services.reading.reader_port import PageOutcome
from refpad.settings import Settings
from schemas.pad import PadDesign
from schemas.pad_id import PadId
from schemas.reading import PageRead
from store.database import Store
from store.intake.taking_in.take_in import take_in


@dataclass
class InventedReader:
    """Reads each file as the next of the invented slips, all of them accepted."""

    slips: Iterator[InventedSlip]
    numbers: Iterator[int]

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        """One page with one slip whose number no slip had before."""
        del path, received_on
        number = next(self.numbers)
        read = next(self.slips)[0].model_copy(update={"serial": number})
        return [PageOutcome(PageRead(page=1, slips=(read,)), (b"\x89PNG\r\n\x1a\n%d" % number,))]

    def read_as(self, path: Path, received_on: date, pad: PadId) -> Sequence[PageOutcome]:
        """The same: the slips are of one pad."""
        del pad
        return self.read(path, received_on)


def invented_reader(design: PadDesign, today: date, seed: int, first: int, step: int = 1) -> InventedReader:
    """One that gives serials from `first` on; several have different seeds, and `step` is how many there are."""
    return InventedReader(invented_slips(design, 10**9, 0, today, seed=seed), count(first, step))


def take_in_invented(store: Store, settings: Settings, number: int) -> None:
    """Take in a file like no other, by its number."""
    path = settings.inbox / f"scan-{number}.pdf"
    path.write_bytes(b"%PDF-1.4 " + path.name.encode())
    take_in(store, path, settings.limits)
