"""Labeled cells: digits drawn into refpad's own comb cells, sent through its channels, found and cut by its reader."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from ocr.page import Page
from ocr.pages.opener import PageOpener
from ocr.slips.find import find_slips
from ocr.slips.found_slip import RegisteredSlip
from ocr.template import Template
from ocr.text.lines.remove_print import slip_ink
from ocr.text.lines.segment_lines import FieldInk, field_ink
from ocr.text.read_fields import free_paper_end_mm
from pads.catalog import load_all
from pads.simulate.invent import SlipSpec
from pads.simulate.pen.fill import Habits, comb_digits
from pads.simulate.scenes import PlannedFile, PlannedPage, PlannedSlip, make_file
from pads.simulate.truth import Channel, SlipTruth
from refpad.services.reading.file_reader import open_reader, templates
from refpad.settings import Settings
from schemas.code import SERIAL_MAX
from schemas.pad import CombField, PadDesign
from schemas.studio import Studio
from training.hands import FontHand, Hand, Labeled

TODAY = date(2026, 11, 23)
PER_PAGE = (1, 4)
DATE_DIGITS = 8  # of a date as records hold it; its cells may take fewer
# How far from today the dates on calibration slips lie.
SIGNED_DAYS, VISIT_DAYS = (-40, 1), (1, 120)
AREA_CODES = ("212", "646", "914", "347", "508", "603", "718", "865", "929", "973", "480", "702")


@dataclass(frozen=True, eq=False)
class FilledCells:
    """One comb field as the reader has it, and the label of each of its cells; `hand` wrote it."""

    field: CombField
    ink: FieldInk
    labels: tuple[str, ...]
    hand: str
    channel: Channel


@dataclass(frozen=True)
class CellPlan:
    """`slips` slips in the digits of `hands`, by name in turn; fonts are those the simulator has by that name.

    With `sensible`, what stands in cells is possible; without, all digits are equally likely. `spoil_share` of the
    digits' cells hold no single digit. The slips are of `designs`, or of all that come with refpad.
    """

    hands: Sequence[tuple[str, Hand]]
    slips: int
    seed: int
    sensible: bool = False
    spoil_share: float = 0.0
    designs: Sequence[PadDesign] = ()


def filled_cells(plan: CellPlan) -> Iterator[FilledCells]:
    """The comb fields of all slips that are found, without those that `digit_fields` leaves out."""
    forms = templates(plan.designs or load_all(), Path())
    rng = np.random.default_rng([plan.seed])
    serial = int(rng.integers(1, SERIAL_MAX - plan.slips))
    channels, done = list(Channel), 0
    with open_reader(Settings(), marks_only=True) as files:
        while done < plan.slips:
            count = min(int(rng.integers(PER_PAGE[0], PER_PAGE[1] + 1)), plan.slips - done)
            channel = channels[done % len(channels)]
            chosen = [plan.hands[(done + number) % len(plan.hands)] for number in range(count)]
            written = [Labeled(hand.writer(rng), plan.spoil_share) for _, hand in chosen]
            slips = tuple(
                _slip(plan, serial + done + number, name, hand, labeled, rng)
                for number, ((name, hand), labeled) in enumerate(zip(chosen, written, strict=True))
            )
            file = PlannedFile(f"{done:05d}", channel, (PlannedPage(slips, turned=False),), (plan.seed, done))
            by_serial = {slip.serial: (name, pen) for slip, (name, _), pen in zip(slips, chosen, written, strict=True)}
            for slip, truth in read_slips(file, files.opener, forms):
                name, pen = by_serial[truth.serial]
                yield from _fields(slip, truth, pen.labels, name, channel)
            done += count


def read_slips(
    file: PlannedFile, opener: PageOpener, forms: Sequence[Template]
) -> Iterator[tuple[RegisteredSlip, SlipTruth]]:
    """The slips of a simulated file that are found again, with what they say."""
    with tempfile.TemporaryDirectory() as folder:
        (scan,) = make_file(Path(folder), file, TODAY, Studio())
        truths = {placed.slip.serial: placed.slip for placed in scan.slips}
        pages = [page for page in opener.pages(Path(folder) / scan.file) if isinstance(page, Page)]
    for slip in (slip for page in pages for slip in find_slips(page, forms)):
        if isinstance(slip, RegisteredSlip) and slip.code and slip.code.serial in truths:
            yield slip, truths[slip.code.serial]


def _slip(plan: CellPlan, serial: int, name: str, hand: Hand, write: Labeled, rng: np.random.Generator) -> PlannedSlip:
    designs = plan.designs or load_all()
    design = designs[int(rng.integers(len(designs)))]
    text = _sensible(rng) if plan.sensible else any_digits(design, rng)
    spec = SlipSpec(text=text, hand=name if isinstance(hand, FontHand) else None)
    return PlannedSlip(design, serial, spec, habits=Habits(write_digit=write))


def any_digits(design: PadDesign, rng: np.random.Generator) -> dict[str, str]:
    """Digits for every cell of the comb fields, whatever their kind: no telephone number, date or code is one."""
    return {
        field.name: "".join(map(str, rng.integers(0, 10, max(sum(field.cells), DATE_DIGITS))))
        for field in design.writing
        if isinstance(field, CombField)
    }


def _sensible(rng: np.random.Generator) -> dict[str, str]:
    def day(between: tuple[int, int]) -> str:
        return (TODAY + timedelta(days=int(rng.integers(*between)))).isoformat()

    phone = f"+1{AREA_CODES[int(rng.integers(len(AREA_CODES)))]}55501{int(rng.integers(100)):02d}"
    return {"patient_phone": phone, "signed_on": day(SIGNED_DAYS), "next_visit_on": day(VISIT_DAYS)}


def _fields(
    slip: RegisteredSlip, truth: SlipTruth, labels: Sequence[str], hand: str, channel: Channel
) -> Iterator[FilledCells]:
    ink, design = slip_ink(slip.picture, slip.template), slip.template.design
    for field, own in digit_fields(design, truth.text, labels):
        found = field_ink(ink.pen, field, free_paper_end_mm(field, design), ink.rules)
        yield FilledCells(field, found, own, hand, channel)


def digit_fields(
    design: PadDesign, text: Mapping[str, str], labels: Sequence[str]
) -> Iterator[tuple[CombField, tuple[str, ...]]]:
    """The comb fields with a digit for every cell, and their part of `labels`, the slip's in the order of writing.

    Left out are codes with letters and numbers that leave cells empty. A letter is no digit, and yet not NO_DIGIT: the
    reader takes that for a cell spoiled, and an O, I or S looks like a good 0, 1 or 5.
    """
    written = iter(labels)
    for field in design.writing:
        if isinstance(field, CombField) and field.name in text:
            cells = sum(field.cells)
            signs = comb_digits(field, text[field.name])[:cells]
            own = tuple(islice(written, len(signs)))
            if len(signs) == cells and signs.isdecimal():
                yield field, own
