"""How many keys settle a slip at the front desk, for somebody who types what the paper says without a mistake.

The page's own cards say what is asked and what a digit picks, so a change of the page changes the count. Seconds are
those of the keystroke-level model (Card, Moran and Newell 1983).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.slips.simulated import BENCH_DAY
from pads.simulate.truth import ScanTruth, SlipTruth, TruthFile
from refpad.services.reading.file_reader import FileReader
from schemas.pad import PadDesign
from schemas.pad_id import PadId
from schemas.reading import SlipReading
from schemas.reasons import WAIVABLE
from store.kept_files.in_folder import FileInFolder
from store.review.settle import WaitingSlip
from web.slips.cards import Card, cards_of, shown

KEY_S = 0.28  # a key of an average typist, 40 words a minute (Card et al., table 1)
THINK_S = 1.35  # and a decision: one a doubt, and one to accept
EDIT = SAVE = CONFIRM = ACCEPT = 1  # E; Enter; Enter or a digit; A or Enter


@dataclass(frozen=True)
class SlipKeys:
    """What settles one slip: how much is asked, and how many keys answer it and accept."""

    doubts: int
    keys: int

    @property
    def seconds(self) -> float:
        return KEY_S * self.keys + THINK_S * (self.doubts + 1)


def keys_of_slip(reading: SlipReading, truth: SlipTruth, design: PadDesign, phone_region: str) -> SlipKeys:
    """The keys for a slip that waits as it was read, until the record says what `truth` does of all that is asked."""
    draft = reading.draft()
    if draft is None:
        raise ValueError("a slip of an unknown pad is typed off as a whole")
    waiting = WaitingSlip(
        number=1,
        file_id=1,
        page=reading.page,
        slip=reading.slip,
        version=1,
        received_on=BENCH_DAY,
        findings=reading.findings,
        reading=reading,
        draft=draft,
        picture=None,
        original=FileInFolder("originals", "", Path()),
    )
    asked = [card for card in cards_of(waiting, draft, design, phone_region) if card.state != "sure"]
    warnings = sum(finding.code in WAIVABLE for finding in reading.findings)
    said = {field.name: shown(field, truth.text.get(field.name, ""), phone_region) for field in design.writing}
    return SlipKeys(len(asked) + warnings, sum(_keys_of_card(card, said) for card in asked) + warnings + ACCEPT)


def _keys_of_card(card: Card, said: Mapping[str, str]) -> int:
    """One key for a box, a signature, a text that is right or proposed, its capitals too; otherwise it is typed."""
    offered = {card.value, card.spelling, *(choice.value for choice in card.choices)} if card.kind == "text" else set()
    if card.kind != "text" or said[card.name] in offered:
        return CONFIRM
    begin = 0 if card.state == "missing" and not card.value else EDIT
    return begin + len(said[card.name]) + SAVE


def sample_keys(
    folder: Path, files: FileReader, designs: Mapping[PadId, PadDesign], phone_region: str
) -> Iterator[SlipKeys]:
    """The slips of the sample set in `folder` that wait for a person, page by page as they are read."""
    for name in dict.fromkeys(scan.file for scan in TruthFile.load(folder).scans):
        scans = {scan.page: scan for scan in TruthFile.load(folder).scans if scan.file == name}
        for page in files.pages(folder / name, name, next(iter(scans.values())).received_on):
            for slip in page.read.slips:
                truth = _truth_of(slip, scans.get(page.read.page))
                design = designs.get(slip.pad_id) if slip.pad_id else None
                if truth and design and slip.verdict == "review":
                    yield keys_of_slip(slip, truth, design, phone_region)


def _truth_of(slip: SlipReading, scan: ScanTruth | None) -> SlipTruth | None:
    placed = scan.slips if scan else ()
    return next((one.slip for one in placed if one.slip.serial == slip.serial), None)


def median_of(slips: Sequence[SlipKeys]) -> tuple[float, float, float]:
    """The medians of doubts, keys and seconds."""
    return median(s.doubts for s in slips), median(s.keys for s in slips), median(s.seconds for s in slips)
