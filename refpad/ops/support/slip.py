"""One slip in a support bundle: what was measured on it, and a stand-in that is doubted alike."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pads.catalog import load_all
from pads.simulate.files import write_file
from pads.simulate.stand_in.answers import OtherAnswers, legibility_of, other_answers
from pads.simulate.stand_in.other_words import RECEIVED_ON
from pads.simulate.stand_in.paper import CHANNELS, draw_stand_in, laid
from pads.simulate.truth import Channel, Legibility
from refpad.ops.support.redaction import Redaction
from refpad.services.reading.file_reader import FileReader, open_reader
from refpad.settings import Settings
from schemas.pad import PadDesign
from schemas.reading import SlipReading, TextReading
from schemas.reasons import FindingCode
from store.support import SupportSlip

TRIES = 6  # hands and pens; a doubt about a box comes again in one or two of them, one about writing by chance
# Doubts that only the record has: no paper shows them.
OF_RECORD = frozenset(
    {
        FindingCode.POSSIBLE_DUPLICATE,
        FindingCode.SERIAL_UNKNOWN,
        FindingCode.SERIAL_OF_ANOTHER_STUDIO,
        FindingCode.ANSWER_SHEET,
    }
)
Doubts = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class _Try:
    """One stand-in: its file, what it says, and how it was read."""

    file: str
    content: bytes
    answers: OtherAnswers
    channel: Channel
    reading: SlipReading | None

    def missed(self, wanted: Doubts) -> tuple[int, int]:
        """How many doubts did not come again, and how many came that were not there."""
        found = doubts(self.reading)
        return len(wanted - found), len(found - wanted)


def slip_parts(settings: Settings, redaction: Redaction, slip: SupportSlip, seed: int) -> dict[str, object]:
    """The files about one slip, by their names: bytes, or what JSON takes. The same `seed` draws the same stand-in."""
    design = next((one for one in load_all() if one.pad_id == slip.reading.pad_id), None)
    parts: dict[str, object] = {"slip/measured.json": measured(slip, redaction, is_shipped=design is not None)}
    if design is None or len(slip.reading.corners_px) != len(design.slip_mm.corners):
        return parts | {"slip/stand-in.json": {"none": "only slips of a pad that comes with refpad have a stand-in"}}
    wanted = doubts(slip.reading)
    with open_reader(settings) as reader, tempfile.TemporaryDirectory() as folder:
        best = _best(reader, settings, design, slip, seed, Path(folder))
    found = doubts(best.reading)
    told = {
        "file": best.file,
        "received_on": RECEIVED_ON,
        "seed": seed,
        "channel": best.channel,
        "seen_again": sorted(wanted & found),
        "not_seen_again": sorted(wanted - found),
        "seen_besides": sorted(found - wanted),
        "not_drawn": best.answers.not_drawn,
        "truth": best.answers.truth.model_dump(mode="json"),
        "reading": best.reading.model_dump(mode="json") if best.reading else None,
    }
    return parts | {f"slip/{best.file}": best.content, "slip/stand-in.json": told}


def doubts(reading: SlipReading | None) -> Doubts:
    """The doubts that paper can show, each with its field."""
    found = reading.findings if reading else ()
    return frozenset((one.code.value, one.field or "") for one in found if one.code not in OF_RECORD)


def _best(
    reader: FileReader, settings: Settings, design: PadDesign, slip: SupportSlip, seed: int, folder: Path
) -> _Try:
    """The try whose reading is doubted most alike; the first that is doubted quite alike ends the search."""
    wanted, tried = doubts(slip.reading), list[_Try]()
    for number in range(TRIES):
        rng = np.random.default_rng([seed, number])
        tried.append(_one_try(reader, settings, design, slip, number, folder, rng))
        if tried[-1].missed(wanted) == (0, 0):
            break
    return min(tried, key=lambda one: one.missed(wanted))


def _one_try(
    reader: FileReader,
    settings: Settings,
    design: PadDesign,
    slip: SupportSlip,
    number: int,
    folder: Path,
    rng: np.random.Generator,
) -> _Try:
    legibility = _hands(legibility_of(slip.reading))[number // 2]
    region = settings.policy.phone_region
    answers = other_answers(design, slip.reading, slip.received_on, region, legibility, rng)
    channel = CHANNELS[slip.reading.channel] if slip.reading.channel else Channel.SCAN_300
    if channel is Channel.FAX_FINE and number % 2:  # which of the two it was is not known of a page that was read
        channel = Channel.FAX_STANDARD
    picture = draw_stand_in(design, answers, laid(design, slip.reading, slip.slips_on_page), channel, rng)
    file = write_file(folder, "stand-in", channel, [picture])
    pages = reader.read(folder / file, RECEIVED_ON)
    found = next((one for page in pages for one in page.page.slips), None)
    return _Try(file, (folder / file).read_bytes(), answers, channel, found)


def _hands(first: Legibility) -> list[Legibility]:
    """The kinds of hands that are tried: the one that is read as well, then others."""
    return [first, *(one for one in (Legibility.FAIR, Legibility.MESSY, Legibility.NEAT) if one is not first)]


def measured(slip: SupportSlip, redaction: Redaction, *, is_shipped: bool) -> dict[str, object]:
    """Figures of the slip, its states and doubts; no value that was read, and of own pads no name of a field."""
    read = slip.reading
    names = _Names(is_shipped=is_shipped)
    signatures = read.signatures | ({"signature": read.signature} if read.signature else {})
    return {
        "pad": str(read.pad_id) if is_shipped else "one of the studio's own",
        "channel": read.channel,
        "residual_mm": read.residual_mm,
        "corners_px": read.corners_px,
        "slips_on_page": slip.slips_on_page,
        "verdict": read.verdict,
        "findings": [{"code": one.code, "field": names.told(one.field)} for one in read.findings],
        "boxes": {
            names.told(name): mark.model_dump(mode="json") | {"reason": redaction.clean(mark.reason)}
            for name, mark in read.marks.items()
        },
        "signatures": {
            names.told(name): {"state": one.value, "confidence": one.confidence, "words": len(one.words.split())}
            for name, one in signatures.items()
        },
        "text": {names.told(name): _told_text(text) for name, text in read.text.items()},
        "suggestions": [one.score for one in read.suggestions],
    }


class _Names:
    """What fields are called: by their names on pads that come with refpad, by a number on others."""

    def __init__(self, *, is_shipped: bool) -> None:
        self._is_shipped, self._numbers = is_shipped, dict[str, int]()

    def told(self, name: str | None) -> str | None:
        if self._is_shipped or name is None:
            return name
        return f"field-{self._numbers.setdefault(name, len(self._numbers) + 1)}"


def _told_text(text: TextReading) -> Mapping[str, object]:
    return {
        "letters": len(text.value),
        "words": len(text.value.split()),
        "confidence": text.confidence,
        "reader": text.reader,
        "is_on_record": bool(text.known),
        "candidates": [
            {"letters": len(one.value), "confidence": one.confidence, "reader": one.reader} for one in text.candidates
        ],
    }
