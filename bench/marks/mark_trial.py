"""Marks of every kind sent through a channel: how each box is read, and which troubled boxes are decided at all."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.contact_sheet import Specimen
from bench.marks.trial import TrialSetup
from bench.slips.reading_back import partners, read_back
from bench.slips.simulated import BENCH_DAY
from ocr.ink import cut
from ocr.reader import ReadSlip
from ocr.template import Template
from pads.simulate.invent import SlipSpec
from pads.simulate.scenes import DEFAULT_STUDIO, PlannedFile, PlannedPage, PlannedSlip, make_file
from pads.simulate.truth import Channel, MarkStyle, MarkTrouble
from schemas.pad import Checkbox, PadDesign
from schemas.reading import MarkReading, MarkState

TICKED_SHARE = 0.3
SLIPS_A_PAGE = 4
AROUND_MM = 3.0  # shown around a box on the contact sheet
# A black and white channel turns a faint mark into a plain one or into nothing: no reader can know better.
BILEVEL = frozenset({Channel.SCAN_200_BW, Channel.FAX_FINE, Channel.FAX_STANDARD})

Kind = MarkStyle | MarkTrouble | None  # None is an empty box
EMPTY = "empty"


@dataclass
class MarkTrial:
    """How boxes of each kind were called in one channel."""

    channel: Channel
    calls: Counter[tuple[str, MarkState]] = field(default_factory=Counter)
    specimens: list[Specimen] = field(default_factory=list)

    def of(self, kind: str, *states: MarkState) -> int:
        """Boxes of a kind that were called one of `states` (all of them when none is named)."""
        return sum(self.calls[kind, state] for state in states or MarkState)


def try_marks(trial: TrialSetup, slips: int) -> MarkTrial:
    """Draw `slips` slips with marks and one troubled place each, send them through the channel, read them."""
    tried = MarkTrial(trial.channel)
    for planned in _plan_files(trial.channel, trial.designs, slips, trial.seed):
        kinds = {drawn.serial: drawn.spec.marks or {} for page in planned.pages for drawn in page.slips}
        scans = make_file(trial.folder, planned, BENCH_DAY, DEFAULT_STUDIO)
        for scan, read in read_back(trial.folder, scans, trial.reader, trial.opener):
            for placed, slip in partners(scan, read):
                if isinstance(slip, ReadSlip):
                    _count(tried, kinds[placed.slip.serial], slip)
        trial.progress(max(kinds), slips)
    return tried


def _plan_files(channel: Channel, designs: Sequence[PadDesign], slips: int, seed: int) -> Iterator[PlannedFile]:
    rng = np.random.default_rng([seed, list(Channel).index(channel)])
    troubles = [trouble for trouble in MarkTrouble if trouble is not MarkTrouble.FAINT or channel not in BILEVEL]
    for first in range(0, slips, SLIPS_A_PAGE):
        numbers = range(first, min(first + SLIPS_A_PAGE, slips))
        page = [_slip(designs[n % len(designs)], n, troubles[n % len(troubles)], rng) for n in numbers]
        yield PlannedFile(f"marks-{first}", channel, (PlannedPage(tuple(page)),), (seed, first))


def _slip(design: PadDesign, number: int, trouble: MarkTrouble, rng: np.random.Generator) -> PlannedSlip:
    boxes = list(design.checkboxes)
    styles = list(MarkStyle)
    troubled = _troubled_boxes(boxes, trouble, rng)
    free = [box.name for box in boxes if all(_apart(box, other) for other in troubled)]
    ticked = {name: styles[int(rng.integers(len(styles)))] for name in free if rng.random() < TICKED_SHARE}
    marks: dict[str, MarkStyle | MarkTrouble] = {**ticked, **{box.name: trouble for box in troubled}}
    return PlannedSlip(design, 1 + number, SlipSpec(marks=marks))


def _troubled_boxes(boxes: Sequence[Checkbox], trouble: MarkTrouble, rng: np.random.Generator) -> list[Checkbox]:
    """Where the trouble is: one box; three below each other for a stroke through them; an "Other" for writing."""
    if trouble is MarkTrouble.WRITTEN:
        boxes = [box for box in boxes if box.write_in]
    elif trouble is not MarkTrouble.STRUCK:
        boxes = [box for box in boxes if not box.write_in]
    one = boxes[int(rng.integers(len(boxes)))]
    if trouble is not MarkTrouble.STRUCK:
        return [one]
    column = sorted((box for box in boxes if box.box_mm.x == one.box_mm.x), key=lambda box: box.box_mm.y)
    start = min(column.index(one), len(column) - 3)
    return column[max(start, 0) : max(start, 0) + 3]


def _apart(box: Checkbox, other: Checkbox) -> bool:
    """Whether a mark at the one says nothing about the other: neither in one column nor in one row."""
    return abs(box.box_mm.x - other.box_mm.x) > 1 and abs(box.box_mm.y - other.box_mm.y) > 1


def _count(trial: MarkTrial, kinds: Mapping[str, MarkStyle | MarkTrouble], slip: ReadSlip) -> None:
    for name, mark in slip.reading.marks.items():
        kind = kinds.get(name)
        trial.calls[EMPTY if kind is None else kind.value, mark.value] += 1
        if badness := _badness(kind, mark):
            trial.specimens.append(_specimen(slip.found.picture, slip.found.template, name, kind, mark, badness))


def _badness(kind: Kind, mark: MarkReading) -> float:
    doubted = mark.value is MarkState.AMBIGUOUS
    if isinstance(kind, MarkTrouble):
        return 0.0 if doubted else 2.0
    wrong = not doubted and (mark.value is MarkState.CHECKED) is (kind is None)
    return 3.0 * wrong + 1.0 * doubted


def _specimen(
    picture: NDArray[np.uint8], template: Template, name: str, kind: Kind, mark: MarkReading, badness: float
) -> Specimen:
    box = next(checkbox.box_mm for checkbox in template.design.checkboxes if checkbox.name == name)
    said = (name, f"truth: {EMPTY if kind is None else kind.value}", f"read: {mark.value}", mark.reason)
    return Specimen(cut(picture, box.grown(AROUND_MM)), said, badness)
