"""The sample set: one small file of every kind that arrives at a studio, with its truth and a table of what each is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pads.catalog import find, load_all
from pads.simulate.channels.scanner import scan_bilevel
from pads.simulate.files import write_file
from pads.simulate.invent import SlipSpec
from pads.simulate.paper.sheet import LETTER_MM
from pads.simulate.pen import fonts
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.scenes import PlannedFile, PlannedPage, PlannedSlip, make_file
from pads.simulate.truth import Channel, Legibility, ScanTruth, Trouble, TruthFile
from pads.typeface import FILES, FOLDER
from schemas.studio import Studio

DAY = date(2026, 11, 20)
# Picked among 18 for a set that shows slips that pass beside slips that do not: figures come from `refpad bench`.
SEED = 11
FIRST_SERIAL = 1201
README = "README.md"
TYPED = SlipSpec(hand=fonts.TYPED)
TYPED_BRIEF = SlipSpec(hand=fonts.TYPED, brief=True)
NEAT = SlipSpec(legibility=Legibility.NEAT)
NEAT_BRIEF = SlipSpec(legibility=Legibility.NEAT, brief=True)
FAIR = SlipSpec(legibility=Legibility.FAIR)
MESSY = SlipSpec(legibility=Legibility.MESSY)
UNSIGNED = SlipSpec(legibility=Legibility.NEAT, troubles=(Trouble.NOT_SIGNED,))
AMBIGUOUS = SlipSpec(
    legibility=Legibility.NEAT, troubles=(Trouble.SCRIBBLED_BOX, Trouble.CIRCLED_LABEL, Trouble.TICK_BESIDE)
)
LETTER = """Bayside Family Practice
90 Example Avenue, Anytown, NY


November 17, 2026

To the front desk,

Thank you for the pads that you left with us last month.
They are nearly used up. Could you bring two more when you
are next in the building? Mornings are best.

The waiting room will be painted in the first week of
December; please use the side entrance then.

With kind regards,

Ines Fairbanks
Office manager"""


@dataclass(frozen=True)
class Sample:
    """One file of the set. `pages` holds, page by page, the design of each slip and what it must have."""

    stem: str
    what: str
    channel: Channel
    pages: tuple[tuple[tuple[str, SlipSpec], ...], ...]
    turned: bool = False
    on_letter: bool = True


SAMPLES = (
    Sample(
        "typed-slip",
        "filled in by typewriter, signed by pen",
        Channel.SCAN_300,
        ((("met-1", TYPED_BRIEF),),),
        on_letter=False,
    ),
    Sample(
        "neat-slip",
        "neat handwriting, scanned at its own size",
        Channel.SCAN_300_PNG,
        ((("post-1", NEAT_BRIEF),),),
        on_letter=False,
    ),
    Sample(
        "two-pads",
        "two slips of different pads on one page",
        Channel.SCAN_300,
        ((("met-1", NEAT), ("post-1", TYPED_BRIEF)),),
    ),
    Sample(
        "three-pages",
        "three pages in one PDF, a slip on each, the last in a messy hand",
        Channel.SCAN_300,
        ((("met-1", TYPED),), (("post-1", FAIR),), (("met-1", MESSY),)),
        on_letter=False,
    ),
    Sample(
        "upside-down",
        "the slip lay upside down",
        Channel.SCAN_300,
        ((("met-1", TYPED_BRIEF),),),
        turned=True,
        on_letter=False,
    ),
    Sample(
        "four-on-a-page",
        "four slips on the glass, each its own way up",
        Channel.SCAN_200_BW,
        ((("met-1", NEAT_BRIEF), ("met-1", FAIR), ("post-1", NEAT), ("post-1", MESSY)),),
    ),
    Sample("fax-fine", "a fax in fine mode", Channel.FAX_FINE, ((("met-1", TYPED_BRIEF),),)),
    Sample(
        "fax-three-pages",
        "a fax of three pages in fine mode",
        Channel.FAX_FINE,
        ((("met-1", NEAT_BRIEF),), (("post-1", NEAT),), (("met-1", FAIR), ("post-1", FAIR))),
    ),
    Sample(
        "fax-standard",
        "three slips faxed in standard mode, half the lines",
        Channel.FAX_STANDARD,
        ((("met-1", NEAT), ("post-1", FAIR), ("met-1", TYPED)),),
    ),
    Sample("photo", "photographed on a desk", Channel.PHOTO, ((("met-1", NEAT_BRIEF),),), on_letter=False),
    Sample(
        "photo-of-two",
        "two slips on a sheet of paper, photographed",
        Channel.PHOTO,
        ((("post-1", NEAT), ("met-1", FAIR)),),
    ),
    Sample("not-signed", "nobody signed it", Channel.SCAN_200_BW, ((("met-1", UNSIGNED),),), on_letter=False),
    Sample(
        "ambiguous",
        "a box scribbled out, a label circled, and a tick beside its box",
        Channel.SCAN_300,
        ((("met-1", AMBIGUOUS),),),
        on_letter=False,
    ),
)
NO_SLIP, DAMAGED = "not-a-slip.tif", "damaged.pdf"
DAMAGED_FROM = "typed-slip.pdf"


def write_samples(folder: Path, progress: Callable[[str], object] = lambda file: None) -> list[ScanTruth]:
    """Write the set, its truth.json and its README.md into `folder`; the same bytes each time."""
    folder.mkdir(parents=True, exist_ok=True)
    scans: list[ScanTruth] = []
    serial = FIRST_SERIAL
    for number, sample in enumerate(SAMPLES):
        planned = _plan(sample, serial, number)
        scans += make_file(folder, planned, DAY, Studio())
        serial += sum(len(page.slips) for page in planned.pages)
        progress(scans[-1].file)
    scans.append(_write_letter(folder))
    _write_damaged(folder)
    TruthFile(scans=tuple(scans)).save(folder)
    (folder / README).write_text(_table(scans), encoding="utf-8")
    return scans


def _plan(sample: Sample, serial: int, number: int) -> PlannedFile:
    designs = load_all()
    pages = []
    for slips in sample.pages:
        planned = [
            PlannedSlip(find(designs, design), serial + index, spec) for index, (design, spec) in enumerate(slips)
        ]
        serial += len(planned)
        pages.append(PlannedPage(tuple(planned), sample.turned, sample.on_letter))
    return PlannedFile(sample.stem, sample.channel, tuple(pages), (SEED, number))


def _write_letter(folder: Path) -> ScanTruth:
    """A scanned letter: a page that is no slip."""
    scan = scan_bilevel(_letter(), np.random.default_rng([SEED, len(SAMPLES)]))
    stem = NO_SLIP.removesuffix(".tif")
    file = write_file(folder, stem, Channel.SCAN_200_BW, [scan])
    size = (scan.pixels.shape[1], scan.pixels.shape[0])
    return ScanTruth(
        file=file, page=1, channel=Channel.SCAN_200_BW, size_px=size, dpi=scan.dpi, received_on=DAY, slips=()
    )


def _letter() -> NDArray[np.uint8]:
    page = Image.new("L", (round(LETTER_MM[0] * PX_PER_MM), round(LETTER_MM[1] * PX_PER_MM)), 253)
    font = ImageFont.truetype(str(FOLDER / f"{FILES['regular']}.ttf"), 50)
    ImageDraw.Draw(page).multiline_text((300, 330), LETTER, fill=30, font=font, spacing=34)
    return np.asarray(page)


def _write_damaged(folder: Path) -> None:
    """The first half of a good file: what an interrupted transfer leaves."""
    whole = (folder / DAMAGED_FROM).read_bytes()
    (folder / DAMAGED).write_bytes(whole[: len(whole) // 2])


def _table(scans: list[ScanTruth]) -> str:
    """The README of the set."""
    rows = [_row(sample, [scan for scan in scans if Path(scan.file).stem == sample.stem]) for sample in SAMPLES]
    rows.append(f"| `{NO_SLIP}` | {Channel.SCAN_200_BW.value} | 1 | | a letter: a page that is no slip |")
    rows.append(f"| `{DAMAGED}` | | | | the first half of `{DAMAGED_FROM}`: an interrupted transfer |")
    return README_TEXT.format(seed=SEED, day=DAY.isoformat(), rows="\n".join(rows))


def _row(sample: Sample, scans: list[ScanTruth]) -> str:
    serials = ", ".join(str(placed.slip.serial) for scan in scans for placed in scan.slips)
    return f"| `{scans[0].file}` | {sample.channel.value} | {len(scans)} | {serials} | {sample.what} |"


README_TEXT = """# Samples

What arrives at a studio, one small file of each kind. Everything on these slips is invented; nobody's handwriting
or signature is in them. `refpad samples --out samples` writes this folder again, this table included (seed {seed}).
The seed was picked so that some slips pass and some do not: it shows what happens, it measures nothing.
`truth.json` tells what each slip says and where on its page it lies; `pads/simulate/truth.py` describes it. Judge
the slips as received on {day}.

| file | channel | pages | serials | what it is |
|---|---|---|---|---|
{rows}
"""
