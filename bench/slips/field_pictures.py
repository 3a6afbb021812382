"""Contact sheets of written fields: the worst readings, and right ones that a person is asked about all the same."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.contact_sheet import MOST, Specimen, write_sheet
from bench.slips.score import is_right
from bench.text.metrics import fold_case, levenshtein
from ocr.ink import cut
from ocr.reader import ReadSlip
from pads.simulate.truth import SlipTruth
from schemas.acceptance import Policy, bar_for
from schemas.bars import value_kind_named

# Around a field, so that its neighbors and its label show.
ROOM_MM = 2.5
# A wrong value that nobody would look at is worse than any that is doubted.
SURE_AND_WRONG, DOUBTED_MOST = 3.0, 2.0


@dataclass
class FieldPictures:
    """The worst fields of a channel, and those right but doubted that were doubted most; MOST of each are kept."""

    worst: list[Specimen] = field(default_factory=list)
    right_but_doubted: list[Specimen] = field(default_factory=list)

    def add(self, where: str, truth: SlipTruth, slip: ReadSlip, policy: Policy) -> None:
        """Add the fields of one slip; `where` is the first line under each."""
        for right, specimen in _specimens(where, truth, slip, policy):
            kept = self.right_but_doubted if right else self.worst
            kept[:] = _worst((*kept, specimen))


def write_field_sheets(folder: Path, channels: Iterable[FieldPictures]) -> None:
    """Write `fields-worst.png` and `fields-right-but-doubted.png` of all channels together."""
    listed = list(channels)
    write_sheet(folder / "fields-worst.png", (one for channel in listed for one in channel.worst))
    doubted = (one for channel in listed for one in channel.right_but_doubted)
    write_sheet(folder / "fields-right-but-doubted.png", doubted)


def _specimens(where: str, truth: SlipTruth, slip: ReadSlip, policy: Policy) -> Iterator[tuple[bool, Specimen]]:
    """Whether each field was read right, and its picture; none of a field that was read right and passes."""
    for part in slip.found.template.design.writing:
        read = slip.reading.text.get(part.name)
        if read is None:
            continue
        right, sure = is_right(truth, slip.reading, part.name), _is_sure(part.name, slip, policy)
        if right and sure:
            continue
        true = truth.text.get(part.name, "")
        wrong = min(levenshtein(fold_case(true), fold_case(read.value)) / max(len(true), 1), DOUBTED_MOST)
        badness = 2 - read.confidence if right else SURE_AND_WRONG if sure else wrong
        said = f"{read.value or 'nothing'} ({read.confidence:.2f})"
        picture = cut(slip.found.picture, part.box_mm.grown(ROOM_MM)).copy()
        lines = (f"{where}, {part.name.replace('_', ' ')}", f"written: {true or 'nothing'}", f"read: {said}")
        yield right, Specimen(picture, lines, badness)


def _is_sure(name: str, slip: ReadSlip, policy: Policy) -> bool:
    read = slip.reading.text[name]
    return read.confidence >= bar_for(value_kind_named(name, read), policy)


def _worst(specimens: Iterable[Specimen]) -> list[Specimen]:
    return heapq.nlargest(MOST, specimens, key=lambda one: one.badness)
