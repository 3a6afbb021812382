"""Accuracy over simulated slips: each channel's scans are made in a scratch folder, read, compared with the truth."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench.slips.blockers import Blockers
from bench.slips.field_pictures import FieldPictures
from bench.slips.reading_back import partners, read_back
from bench.slips.score import Score, score_slip, wrong_values
from ocr.pages.opener import PageOpener
from ocr.reader import Reader, ReadPage, ReadSlip
from pads.simulate.scenes import simulate
from pads.simulate.truth import Channel, ScanTruth
from schemas.acceptance import Policy
from schemas.pad import PadDesign
from schemas.time_spent import Stage

BENCH_DAY = date(2026, 11, 23)  # the day every simulated slip is judged by


@dataclass(frozen=True)
class SimulatedMaterial:
    """What is simulated: `slips` a channel, from `seed`, over `designs`, kept in `folder`.

    With `beside` each pad has as many, one a page, filled by the same hands and with the same trouble.
    """

    designs: Sequence[PadDesign]
    slips: int
    seed: int
    folder: Path
    beside: bool = False

    def scans(self, channel: Channel) -> Iterator[tuple[Path, list[ScanTruth]]]:
        """The scans of a channel, folder by folder; they are made now."""
        for designs in [(design,) for design in self.designs] if self.beside else [self.designs]:
            folder = self.folder / channel.value / (str(designs[0].pad_id) if self.beside else "all")
            yield (
                folder,
                simulate(
                    folder,
                    designs=designs,
                    count=self.slips,
                    channels=[channel],
                    seed=self.seed,
                    today=BENCH_DAY,
                    per_page=1 if self.beside else None,
                ),
            )


@dataclass
class ChannelResult:
    """The results of one channel; `seconds` by stage are sums over all its pages, `pages` those with slips on them.

    `blockers` count signed slips alone; `pads` have the score of each pad by its name, "met-1".
    """

    channel: Channel
    score: Score = field(default_factory=Score)
    pads: dict[str, Score] = field(default_factory=dict)
    pages: int = 0
    extra_slips: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    wrong_accepted: list[str] = field(default_factory=list)
    blockers: Blockers = field(default_factory=Blockers)
    pictures: FieldPictures = field(default_factory=FieldPictures)

    def ms_a_slip(self, *stages: Stage) -> float:
        """Mean milliseconds a slip of `stages`."""
        return 1000 * sum(self.seconds.get(stage, 0.0) for stage in stages) / max(self.score.slips, 1)


def measure_channel(
    channel: Channel,
    material: SimulatedMaterial,
    reader: Reader,
    opener: PageOpener,
    policy: Policy,
    progress: Callable[[int], object],
) -> ChannelResult:
    """Simulate and read one channel; `progress` is called with how many slips of each page were read."""
    result = ChannelResult(channel)
    for folder, scans in material.scans(channel):
        by_file: dict[str, list[ScanTruth]] = {}
        for scan in scans:
            by_file.setdefault(scan.file, []).append(scan)
        for pages in by_file.values():
            for scan, read in read_back(folder, pages, reader, opener):
                _count(result, scan, read, policy)
                progress(len(scan.slips))
    return result


def _count(result: ChannelResult, scan: ScanTruth, read: ReadPage | None, policy: Policy) -> None:
    result.pages += 1
    for stage, seconds in (read.seconds if read else {}).items():
        result.seconds[stage] = result.seconds.get(stage, 0.0) + seconds
    found = 0
    for placed, slip in partners(scan, read):
        reading = slip.reading if slip else None
        found += reading is not None
        score = score_slip(placed.slip, reading, policy)
        result.score.add(score)
        result.pads.setdefault(f"{placed.slip.design}-{placed.slip.edition}", Score()).add(score)
        if isinstance(slip, ReadSlip):
            result.pictures.add(f"{result.channel.value} {slip.reading.serial}", placed.slip, slip, policy)
        if reading is not None and placed.slip.signed:
            result.blockers.add(reading)
        if reading is not None and reading.verdict == "accepted":
            wrong = wrong_values(placed.slip, reading)
            result.wrong_accepted += [f"{scan.file} page {scan.page}: {name}" for name in wrong]
    result.extra_slips += (len(read.slips) if read else 0) - found
