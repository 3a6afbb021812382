"""Real signatures and unsigned lines sent through a channel: which are read as present, absent, uncertain."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.contact_sheet import Specimen
from bench.marks.signature_pictures import RealSignature
from bench.marks.trial import TrialSetup
from bench.marks.unsigned_lines import DRAWN, PRINTED
from bench.slips.reading_back import partners, read_back
from bench.slips.simulated import BENCH_DAY
from ocr.ink import cut
from ocr.reader import ReadSlip
from pads.simulate.pen.fill import Signer
from pads.simulate.scenes import DEFAULT_STUDIO, PlannedFile, PlannedPage, PlannedSlip, make_file
from pads.simulate.truth import Channel
from schemas.pad import PadDesign
from schemas.reading import SignatureState

DOUBTED = (SignatureState.UNCERTAIN, SignatureState.TYPED)  # a person looks
# Limits were set on every second writer; the others were kept for this measurement.
TUNED, HELD_OUT = "signatures, tuned on", "signatures, held out"
SIGNED = (TUNED, HELD_OUT)
SLIPS_A_PAGE = 4
AROUND_MM = 3.0  # shown around the room on the contact sheet


@dataclass(frozen=True)
class SignatureLine:
    """What to draw on one slip's signature line."""

    kind: str
    signer: Signer


@dataclass
class SignatureTrial:
    """How lines of each kind (one of SIGNED, or an Unsigned) were called in one channel."""

    channel: Channel
    calls: Counter[tuple[str, SignatureState]] = field(default_factory=Counter)
    specimens: list[Specimen] = field(default_factory=list)

    def of(self, kinds: Collection[str], *states: SignatureState) -> int:
        """Lines of these kinds that were called one of `states` (all of them when none is named)."""
        return sum(self.calls[kind, state] for kind in kinds for state in states or SignatureState)


def signature_lines(
    signatures: Sequence[RealSignature], each_unsigned: int, each_printed: int
) -> Iterator[SignatureLine]:
    """Every signature once, every kind of unsigned line `each_unsigned` times, of printed names `each_printed`."""
    writers = sorted({signature.writer for signature in signatures})
    for signature in signatures:
        yield SignatureLine(SIGNED[writers.index(signature.writer) % 2], signature.signer())
    for kind, draw in DRAWN.items():
        for _ in range(each_printed if kind in PRINTED else each_unsigned):
            yield SignatureLine(kind.value, draw)


def plan_files(
    channel: Channel, designs: Sequence[PadDesign], drawn: Sequence[SignatureLine], seed: int
) -> Iterator[tuple[PlannedFile, dict[int, SignatureLine]]]:
    """The files to write, and what stands on the line of each serial, in an order by chance."""
    rng = np.random.default_rng([seed, list(Channel).index(channel)])
    order = rng.permutation(len(drawn))
    for first in range(0, len(drawn), SLIPS_A_PAGE):
        chosen = {1 + int(n): drawn[int(n)] for n in order[first : first + SLIPS_A_PAGE]}
        slips = [
            PlannedSlip(designs[int(rng.integers(len(designs)))], serial, signer=line.signer)
            for serial, line in chosen.items()
        ]
        yield PlannedFile(f"signed-{first}", channel, (PlannedPage(tuple(slips)),), (seed, first)), chosen


def try_signatures(trial: TrialSetup, drawn: Sequence[SignatureLine]) -> SignatureTrial:
    """Send slips with these lines through the channel and read them."""
    tried = SignatureTrial(trial.channel)
    done = 0
    for file, chosen in plan_files(trial.channel, trial.designs, drawn, trial.seed):
        scans = make_file(trial.folder, file, BENCH_DAY, DEFAULT_STUDIO)
        for scan, read in read_back(trial.folder, scans, trial.reader, trial.opener):
            for placed, slip in partners(scan, read):
                if isinstance(slip, ReadSlip):
                    _count(tried, chosen[placed.slip.serial].kind, slip)
        done += len(chosen)
        trial.progress(done, len(drawn))
    return tried


def _count(trial: SignatureTrial, kind: str, slip: ReadSlip) -> None:
    read = slip.reading.signature
    if read is None:
        return
    trial.calls[kind, read.value] += 1
    if badness := _badness(kind, read.value):
        room = slip.found.template.design.signature.box_mm.grown(AROUND_MM)
        said = (kind, f"read: {read.value}", read.reason)
        trial.specimens.append(Specimen(cut(slip.found.picture, room), said, badness))


def _badness(kind: str, state: SignatureState) -> float:
    if kind in SIGNED:
        return {SignatureState.PRESENT: 0.0, SignatureState.ABSENT: 2.0}.get(state, 1.0)
    return 3.0 * (state is SignatureState.PRESENT)
