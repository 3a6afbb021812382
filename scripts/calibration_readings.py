"""Words on simulated slips as the reader sees them, kept so that weights can be fitted again without reading again."""

import gzip
import hashlib
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np

from bench.text.calibration_slips import Part, calibration_files
from ocr.page import Page
from ocr.recognizers.recognizer import RecognizedLine, Spread, TextRecognizer
from ocr.recognizers.two_networks import Writing, turns_of
from ocr.slips.find import find_slips
from ocr.slips.found_slip import RegisteredSlip
from ocr.text.confidence.judge import judge_empty
from ocr.text.field_reader import WordFieldReader
from ocr.text.lines.segment_lines import FieldInk
from ocr.text.lines.views import show
from ocr.text.read_fields import open_fields
from pads.catalog import load_all
from pads.simulate.pen.fill import TextWriter
from pads.simulate.scenes import PlannedFile, PlannedSlip, make_file
from pads.simulate.truth import Channel, SlipTruth
from refpad.services.reading.file_reader import open_reader, templates
from refpad.settings import Settings
from schemas.pad import TextField
from schemas.studio import Studio
from training.progress import say

TODAY = date(2026, 11, 23)
REGION = "US"
SEEDS: dict[Part, int] = {"fit": 11, "check": 12}
# A clean 300 dpi scan as PNG reads as one with a scanner's noise does.
CHANNELS = tuple(channel for channel in Channel if channel is not Channel.SCAN_300_PNG)
KEPT_AFTER = 20  # slips: what a run that is stopped has read by then is not read again


@runtime_checkable
class Pen(Protocol):
    """Somebody filling in one slip; `unwritten` are the texts that were left out, once it is drawn."""

    unwritten: set[str]

    @property
    def name(self) -> str:
        """Whose pen it is."""

    @property
    def write_text(self) -> TextWriter:
        """Writes a text."""


class Writer(Protocol):
    """Somebody who fills in slips."""

    @property
    def name(self) -> str:
        """One that no other has."""

    def pen_for(self, seed: Sequence[int]) -> Pen:
        """The pen for the slip of this seed."""


# Who writes: a handwriting of refpad or the file of a font, or somebody else.
Hand: TypeAlias = str | Writer


@dataclass(frozen=True, eq=False)
class SeenField:
    """One filled field of words, and what was seen in each look at its lines, by which network each."""

    name: str
    channel: Channel
    hand: str
    truth: str
    ink: FieldInk
    networks: tuple[str, ...]
    views: tuple[tuple[RecognizedLine, ...], ...]


def seen_fields(
    part: Part, hands: Sequence[Hand], slips: int, reader: TextRecognizer, cache: Path | None
) -> Iterator[SeenField]:
    """All filled fields of words on `slips` slips in the words of that part, by turns in each channel and hand.

    With a folder as `cache` what lies there is not read again.
    """
    planned = list(written_by(calibration_files(load_all(), slips, CHANNELS, SEEDS[part], part), hands))
    for start in range(0, slips, KEPT_AFTER):
        block = planned[start : start + KEPT_AFTER]
        kept = cache / f"{part}-{start:05d}-{len(block)}-{_short_hash(hands)}.pickle.gz" if cache else None
        if kept and kept.exists():
            found: list[SeenField] = pickle.loads(gzip.decompress(kept.read_bytes()))  # noqa: S301 - our own file
        else:
            found = list(_read(block, reader))
            say(f"{min(start + KEPT_AFTER, slips)} slips to {part} are read")
        if kept and not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(gzip.compress(pickle.dumps(found), 1))
        yield from found


def _short_hash(hands: Sequence[Hand]) -> str:
    names = [hand if isinstance(hand, str) else hand.name for hand in hands]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:8]


def _read(planned: Sequence[PlannedFile], reader: TextRecognizer) -> Iterator[SeenField]:
    slips = {slip.serial: (file.channel, slip) for file in planned for page in file.pages for slip in page.slips}
    turns = turns_of(reader, Writing.WORDS)
    for slip, truth in registered_slips(planned):
        channel, planned_slip = slips[truth.serial]
        pen = _pen_of(planned_slip)
        hand, unwritten = (pen.name, pen.unwritten) if pen else (truth.hand, set[str]())
        closed = {
            field.name for field in slip.template.design.writing if isinstance(field, TextField) and field.choices
        }
        for field in open_fields(slip.picture, slip.template):
            written = truth.text.get(field.name)
            filled = judge_empty(field.circumstances) is None and written not in unwritten
            if written is not None and isinstance(field, WordFieldReader) and filled and field.name not in closed:
                shown = [[show(line.ruled, view) for line in field.ink.lines] for _, view in turns]
                seen = (turn.network.recognize(lines) for turn, lines in zip(turns, shown, strict=True))
                views = tuple(tuple(map(_slim, one)) for one in seen)
                networks = tuple(turn.network.name for turn in turns)
                yield SeenField(field.name, channel, hand, written, field.ink, networks, views)


def _slim(line: RecognizedLine) -> RecognizedLine:
    """The line with its probabilities to three digits: a tenth of the room, and no other reading."""
    if line.spread is None:
        return line
    chances = line.spread.probabilities.astype(np.float16).astype(np.float32)
    return replace(line, spread=Spread(line.spread.symbols, chances))


def written_by(files: Iterable[PlannedFile], hands: Sequence[Hand]) -> Iterator[PlannedFile]:
    """The files, each with one slip, written in `hands` by turns, each of them in all channels."""
    for number, file in enumerate(files):
        (page,) = file.pages
        (slip,) = page.slips
        written = _in_hand(slip, hands[number // len(CHANNELS) % len(hands)], file.seed)
        yield replace(file, pages=(replace(page, slips=(written,)),))


def _in_hand(slip: PlannedSlip, hand: Hand, seed: Sequence[int]) -> PlannedSlip:
    """The slip in that hand; a writer's cells have digits of refpad's own handwritings."""
    if isinstance(hand, str):
        return replace(slip, spec=replace(slip.spec, hand=hand))
    return replace(slip, habits=replace(slip.habits, write_text=hand.pen_for(seed).write_text))


def _pen_of(slip: PlannedSlip) -> Pen | None:
    """The pen that _in_hand gave a writer."""
    pen = getattr(slip.habits.write_text, "__self__", None)
    return pen if isinstance(pen, Pen) else None


def registered_slips(planned: Iterable[PlannedFile]) -> Iterator[tuple[RegisteredSlip, SlipTruth]]:
    """The slips of simulated files as they are found on their pages, each with its truth."""
    forms = templates(load_all(), Path())
    with tempfile.TemporaryDirectory() as folder, open_reader(Settings(), marks_only=True) as files:
        for scan in chain.from_iterable(make_file(Path(folder), file, TODAY, Studio()) for file in planned):
            truths = {placed.slip.serial: placed.slip for placed in scan.slips}
            opened = [page for page in files.opener.pages(Path(folder) / scan.file) if isinstance(page, Page)]
            for page in (one for one in opened if one.number == scan.page):
                for slip in find_slips(page, forms):
                    if isinstance(slip, RegisteredSlip) and slip.code and slip.code.serial in truths:
                        yield slip, truths[slip.code.serial]
