"""Invented slips, filled, laid on pages, sent through channels and written with their truth."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pads.simulate import fax, photo, scanner
from pads.simulate.files import MANY_PAGES, SUFFIXES, write
from pads.simulate.fill import Signer, fill
from pads.simulate.invent import Wish, invent_slip
from pads.simulate.paper import PX_PER_MM, numbered_slip
from pads.simulate.picture import Picture, grey
from pads.simulate.sheet import LETTER_MM, Place, alone, corners_px, lay, on_letter
from pads.simulate.signature import sign
from pads.simulate.truth import Channel, PlacedSlip, ScanTruth, SlipTruth, Trouble, TruthFile
from schemas.code import SERIAL_MAX
from schemas.pad import PadDesign
from schemas.studio import Studio

TROUBLE_SHARE = 0.25  # of slips have something wrong
TURNED_SHARE = 1 / 6  # of pages lie upside down
ALONE_SHARE = 0.4  # of single slips are scanned at their own size, not on a letter page
PHOTO_ALONE_SHARE = 0.7
FAXES = {Channel.FAX_FINE: fax.FINE_LINES, Channel.FAX_STANDARD: fax.STANDARD_LINES}
SCANNERS: dict[Channel, Callable[[NDArray[np.uint8], np.random.Generator], Picture]] = {
    Channel.SCAN_300: scanner.scan_grey,
    Channel.SCAN_300_PNG: scanner.scan_clean,
    Channel.SCAN_200_BW: scanner.scan_bilevel,
    Channel.PHOTO: photo.photograph,
}


NO_WISH = Wish()
DEFAULT_STUDIO = Studio()


@dataclass(frozen=True)
class PlannedSlip:
    """A slip to be invented; `signer` draws what its truth calls a signature."""

    design: PadDesign
    serial: int
    wish: Wish = NO_WISH
    signer: Signer = sign


@dataclass(frozen=True)
class PlannedPage:
    """A page to be filled; None leaves to chance whether it lies upside down, and on what."""

    slips: tuple[PlannedSlip, ...]
    turned: bool | None = None
    on_letter: bool | None = None


@dataclass(frozen=True)
class PlannedFile:
    """A file to be written; its `seed` decides everything left to chance."""

    stem: str
    channel: Channel
    pages: tuple[PlannedPage, ...]
    seed: tuple[int, ...]


def simulate(
    out: Path,
    *,
    designs: Sequence[PadDesign],
    count: int,
    channels: Sequence[Channel],
    seed: int,
    today: date,
    per_page: int | None = None,
    pages_per_file: int = 1,
    studio: Studio = DEFAULT_STUDIO,
    progress: Callable[[int], object] = lambda slips: None,
) -> list[ScanTruth]:
    """Write scans of `count` slips and `truth.json` into the folder `out`.

    `per_page` slips lie on each page, one to four at random when None; channels and designs take turns. The same
    arguments write the same bytes. `progress` is told after each file how many slips it holds.
    """
    out.mkdir(parents=True, exist_ok=True)
    scans: list[ScanTruth] = []
    for planned in plan(designs, count, channels, seed, per_page, pages_per_file):
        scans += make(out, planned, today, studio)
        progress(sum(len(page.slips) for page in planned.pages))
    TruthFile(scans=tuple(scans)).save(out)
    return scans


def plan(
    designs: Sequence[PadDesign],
    count: int,
    channels: Sequence[Channel],
    seed: int,
    per_page: int | None,
    pages_per_file: int = 1,
) -> Iterator[PlannedFile]:
    """The files that hold `count` slips."""
    rng = np.random.default_rng([seed])
    first = int(rng.integers(1, SERIAL_MAX - count))
    slips = [
        PlannedSlip(designs[int(rng.integers(len(designs)))], first + index, _chance(rng)) for index in range(count)
    ]
    number = 0
    while slips:
        channel = channels[number % len(channels)]
        pages = []
        for _ in range(pages_per_file if SUFFIXES[channel] in MANY_PAGES else 1):
            size = per_page or int(rng.integers(1, 5))
            pages += [PlannedPage(tuple(slips[:size]))] if slips else []
            slips = slips[size:]
        number += 1
        yield PlannedFile(f"{number:04d}-{channel.value}", channel, tuple(pages), (seed, number))


def make(out: Path, planned: PlannedFile, today: date, studio: Studio) -> list[ScanTruth]:
    """Write one file; its truth, page by page."""
    rng = np.random.default_rng(planned.seed)
    made = [_page(page, planned.channel, today, studio, rng) for page in planned.pages]
    file = write(out, planned.stem, planned.channel, [picture for picture, _ in made])
    return [
        ScanTruth(
            file=file,
            page=number,
            channel=planned.channel,
            size_px=(picture.pixels.shape[1], picture.pixels.shape[0]),
            dpi=picture.dpi,
            received_on=today,
            slips=slips,
        )
        for number, (picture, slips) in enumerate(made, start=1)
    ]


def _chance(rng: np.random.Generator) -> Wish:
    troubles = list(Trouble)
    return Wish(troubles=(troubles[int(rng.integers(len(troubles)))],)) if rng.random() < TROUBLE_SHARE else Wish()


def _page(
    page: PlannedPage, channel: Channel, today: date, studio: Studio, rng: np.random.Generator
) -> tuple[Picture, tuple[PlacedSlip, ...]]:
    truths = [invent_slip(slip.design, slip.serial, today, rng, slip.wish) for slip in page.slips]
    slips = [
        fill(numbered_slip(slip.design, slip.serial, studio), slip.design, truth, rng, slip.signer)
        for slip, truth in zip(page.slips, truths, strict=True)
    ]
    if channel is not Channel.PHOTO:
        slips = [grey(slip) for slip in slips]
    size_mm, places = _places(page, channel, rng)
    designs = [slip.design for slip in page.slips]
    matrices = [place.matrix(design) for place, design in zip(places, designs, strict=True)]
    size_px = (round(size_mm[0] * PX_PER_MM), round(size_mm[1] * PX_PER_MM))
    picture = _through(channel, lay(slips, matrices, size_px), today, rng)
    placed = [_placed(*each, picture) for each in zip(truths, designs, places, strict=True)]
    return picture, tuple(placed)


def _places(page: PlannedPage, channel: Channel, rng: np.random.Generator) -> tuple[tuple[float, float], list[Place]]:
    """The page's size in mm and where its slips lie."""
    designs = [slip.design for slip in page.slips]
    turned = bool(rng.random() < TURNED_SHARE) if page.turned is None else page.turned
    share = PHOTO_ALONE_SHARE if channel is Channel.PHOTO else ALONE_SHARE
    may_be_alone = len(designs) == 1 and channel not in FAXES
    single = may_be_alone and (rng.random() < share if page.on_letter is None else not page.on_letter)
    if not single:
        return LETTER_MM, on_letter(designs, rng, turned=turned)
    if channel is Channel.PHOTO:
        size = (designs[0].width_mm, designs[0].height_mm)
        return size, [Place(size[0] / 2, size[1] / 2, 180.0 * turned, 1.0)]
    return alone(designs[0], rng, turned=turned)


def _through(channel: Channel, page: NDArray[np.uint8], today: date, rng: np.random.Generator) -> Picture:
    if channel in FAXES:
        return fax.send(page, FAXES[channel], today, rng)
    return SCANNERS[channel](page, rng)


def _placed(truth: SlipTruth, design: PadDesign, place: Place, picture: Picture) -> PlacedSlip:
    first, second, third, fourth = (
        (round(float(x), 1), round(float(y), 1)) for x, y in picture.moved(corners_px(place.matrix(design), design))
    )
    return PlacedSlip(
        slip=truth, corners_px=(first, second, third, fourth), rotation_deg=round(place.turn_deg % 360, 2)
    )
