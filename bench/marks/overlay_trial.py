"""Slips with stamps, notes, rings, loops and lines over their boxes: which boxes are called wrongly, which doubted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.contact_sheet import Specimen
from bench.marks.trial import TrialSetup
from bench.slips.reading_back import partners, read_back
from bench.slips.simulated import BENCH_DAY
from ocr.ink import cut
from ocr.reader import ReadSlip
from pads.simulate.paper.overlays import Overlay
from pads.simulate.scenes import DEFAULT_STUDIO, PlannedFile, PlannedPage, PlannedSlip, make_file
from pads.simulate.truth import Channel
from schemas.pad import PadDesign
from schemas.reading import MarkState
from schemas.reasons import FindingCode

SEED_PART = 26  # keeps these slips apart from those of the other trials of a seed
AROUND_MM = 6.0  # shown around a box on the contact sheet


@dataclass
class OverlayTrial:
    """How boxes of slips with an overlay were called in one channel, by overlay, truth and state.

    `slips` counts the slips that were read, `canceled` those of which it was asked whether they were canceled.
    """

    channel: Channel
    calls: Counter[tuple[Overlay, bool, MarkState]] = field(default_factory=Counter)
    slips: Counter[Overlay] = field(default_factory=Counter)
    canceled: Counter[Overlay] = field(default_factory=Counter)
    specimens: list[Specimen] = field(default_factory=list)

    def of(self, overlays: Sequence[Overlay], checked: bool, *states: MarkState) -> int:
        """Boxes that are `checked` in truth, or not, and were called one of `states` (all when none is named)."""
        return sum(self.calls[overlay, checked, state] for overlay in overlays for state in states or MarkState)

    def wrong(self, overlays: Sequence[Overlay]) -> int:
        """Boxes that were called what they are not."""
        empty = self.of(overlays, False, MarkState.CHECKED)
        return empty + self.of(overlays, True, MarkState.UNCHECKED)

    def decided(self, overlays: Sequence[Overlay]) -> int:
        """Boxes that were called at all."""
        states = MarkState.CHECKED, MarkState.UNCHECKED
        return self.of(overlays, True, *states) + self.of(overlays, False, *states)


def try_overlays(trial: TrialSetup, slips: int) -> OverlayTrial:
    """Lay the overlays by turns over `slips` filled slips, one a page, send them through the channel, read them."""
    tried = OverlayTrial(trial.channel)
    for number, (overlay, planned) in enumerate(_plan_files(trial.channel, trial.designs, slips, trial.seed), start=1):
        scans = make_file(trial.folder, planned, BENCH_DAY, DEFAULT_STUDIO)
        for scan, read in read_back(trial.folder, scans, trial.reader, trial.opener):
            for placed, slip in partners(scan, read):
                if isinstance(slip, ReadSlip):
                    truth = {name: mark for name, mark in placed.slip.marks.items() if isinstance(mark, bool)}
                    _count(tried, overlay, truth, slip)
        trial.progress(number, slips)
    return tried


def _plan_files(
    channel: Channel, designs: Sequence[PadDesign], slips: int, seed: int
) -> Iterator[tuple[Overlay, PlannedFile]]:
    kinds = list(Overlay)
    for number in range(slips):
        overlay, design = kinds[number % len(kinds)], designs[number // len(kinds) % len(designs)]
        page = PlannedPage((PlannedSlip(design, 1 + number, overlay=overlay),))
        chance = (seed, SEED_PART, list(Channel).index(channel), number)
        yield overlay, PlannedFile(f"overlay-{channel.value}-{number}", channel, (page,), chance)


def _count(trial: OverlayTrial, overlay: Overlay, truth: dict[str, bool], slip: ReadSlip) -> None:
    trial.slips[overlay] += 1
    trial.canceled[overlay] += any(finding.code is FindingCode.POSSIBLY_CANCELED for finding in slip.reading.findings)
    boxes = {box.name: box.box_mm for box in slip.found.template.design.checkboxes}
    for name, checked in truth.items():
        mark = slip.reading.marks[name]
        trial.calls[overlay, checked, mark.value] += 1
        doubted = mark.value is MarkState.AMBIGUOUS
        wrong = not doubted and (mark.value is MarkState.CHECKED) is not checked
        if wrong or doubted:
            said = (name, f"{overlay.value}, truth: {'checked' if checked else 'empty'}", mark.value, mark.reason)
            picture = cut(slip.found.picture, boxes[name].grown(AROUND_MM))
            trial.specimens.append(Specimen(picture, said, 3.0 if wrong else 1.0))
