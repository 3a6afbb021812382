"""Measure whether a slip that comes again is recognized by what it says, and another slip is not called the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np

from bench.slips.simulated import BENCH_DAY
from pads.simulate.files import write_file
from pads.simulate.foreign_form import foreign_blank, foreign_design
from pads.simulate.invent import invent_slip
from pads.simulate.scenes import PlannedPage, PlannedSlip, fill_slip, send
from pads.simulate.truth import Channel, SlipTruth
from refpad.services.reading.file_reader import FileReader
from schemas.pad import PadDesign
from schemas.reading import ReferralDraft
from schemas.sameness import PATIENT, compare, keys_of
from schemas.studio import Studio

CHANNELS = (Channel.SCAN_300, Channel.SCAN_200_BW, Channel.FAX_FINE, Channel.FAX_STANDARD, Channel.PHOTO)
PEOPLE = (*PATIENT, "provider_name")
RENEWED_WITHIN_DAYS = 15

Reading = tuple[Channel, ReferralDraft]


@dataclass(frozen=True)
class RescanMaterial:
    """`patients` slips of `designs` in turn, from `seed`; files go through `folder`."""

    designs: Sequence[PadDesign]
    patients: int
    seed: int
    folder: Path


@dataclass
class RescanRow:
    """Pairs of slips of one kind, and how many of them were called one slip."""

    pairs_of: str
    pairs: int = 0
    called_same: int = 0

    def count(self, one: ReferralDraft, other: ReferralDraft) -> None:
        """Add a pair: one slip only when it would be looked up as well."""
        self.pairs += 1
        self.called_same += compare(one, other).is_one_slip and bool(keys_of(one) & keys_of(other))


@dataclass
class _Patient:
    """What was read of one patient's slips: the first through every channel, and two others through one each."""

    pad: str
    first: list[Reading] = field(default_factory=list)
    renewed: list[Reading] = field(default_factory=list)
    another: list[Reading] = field(default_factory=list)


def measure_rescans(
    material: RescanMaterial, files: FileReader, progress: Callable[[str, int], object] = lambda doing, slips: None
) -> list[RescanRow]:
    """One row a kind of pair. `files` must know the designs."""
    patients = []
    for number in range(material.patients):
        patients.append(_read_patient(material, number, files))
        progress("slips that come again", 1)
    return _count(patients)


def _count(patients: Sequence[_Patient]) -> list[RescanRow]:
    rescans = RescanRow("the same slip through two channels, neither of them fax-standard")
    coarse = RescanRow("the same slip, one of the two through fax-standard")
    renewed = RescanRow("a renewal with all words and boxes alike, signed 1 to 14 days before")
    another = RescanRow("the same patient, provider and day, other words and boxes")
    alike = RescanRow("another patient, everything else alike")
    others = RescanRow("another patient of the same pad")
    for patient in patients:
        for (channel, one), (other_channel, other) in combinations(patient.first, 2):
            row = coarse if Channel.FAX_STANDARD in (channel, other_channel) else rescans
            row.count(one, other)
        for _, one in patient.first:
            for row, slips in ((renewed, patient.renewed), (another, patient.another)):
                for _, other in slips:
                    row.count(one, other)
    for patient, next_patient in combinations(patients, 2):
        for (_, mine), (_, theirs) in _pairs(patient, next_patient):
            others.count(mine, theirs)
            swapped = {name: theirs.text[name] for name in PATIENT if name in theirs.text}
            alike.count(mine, mine.model_copy(update={"text": mine.text | swapped}))
    return [rescans, coarse, renewed, another, alike, others]


def _pairs(one: _Patient, other: _Patient) -> Iterator[tuple[Reading, Reading]]:
    if one.pad == other.pad:
        yield from ((mine, theirs) for mine in one.first for theirs in other.first)


def _read_patient(material: RescanMaterial, number: int, files: FileReader) -> _Patient:
    design = material.designs[number % len(material.designs)]
    rng = np.random.default_rng([material.seed, number])
    first, other = (invent_slip(design, number + 1, BENCH_DAY, rng) for _ in range(2))
    who = {name: first.text[name] for name in (*PEOPLE, "signed_on") if name in first.text}
    another = other.model_copy(update={"text": other.text | who, "hand": first.hand, "legibility": first.legibility})
    found = _Patient(design.design)
    for truth, readings in ((first, found.first), (_renewed(first, rng), found.renewed), (another, found.another)):
        ways = CHANNELS if truth is first else (CHANNELS[int(rng.integers(len(CHANNELS)))],)
        readings += _read(material, design, truth, ways, files, rng)
    return found


def _renewed(first: SlipTruth, rng: np.random.Generator) -> SlipTruth:
    signed = date.fromisoformat(first.text["signed_on"]) - timedelta(days=int(rng.integers(1, RENEWED_WITHIN_DAYS)))
    return first.model_copy(update={"text": first.text | {"signed_on": signed.isoformat()}})


def _read(
    material: RescanMaterial,
    design: PadDesign,
    truth: SlipTruth,
    channels: Sequence[Channel],
    files: FileReader,
    rng: np.random.Generator,
) -> Iterator[Reading]:
    """One filled sheet through each channel; a slip whose pad was not recognized gives none."""
    paper = foreign_blank if design.design == foreign_design().design else None
    planned = PlannedSlip(design, truth.serial, paper=paper)
    filled = fill_slip(planned, truth, None, Studio(), rng)
    for channel in channels:
        scene = send(PlannedPage((planned,)), (truth,), [filled], channel, BENCH_DAY, rng)
        name = write_file(material.folder, "rescan", channel, [scene.picture])
        for page in files.pages(material.folder / name, name, BENCH_DAY):
            drafts = [slip.draft() for slip in page.read.slips]
            yield from ((channel, draft) for draft in drafts if draft and draft.design == design.design)
