"""Draw simulated scans: invent slips, fill them, place them on pages, send them through channels, write the truth."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pads.simulate.channels import fax, photo, scanner
from pads.simulate.displacement import Move, by_matrix, compose, no_move
from pads.simulate.files import MANY_PAGES, SUFFIXES, write_file
from pads.simulate.invent import SlipSpec, invent_slip
from pads.simulate.paper.kinds import PaperKind
from pads.simulate.paper.overlays import Overlay, lay_over
from pads.simulate.paper.patient_labels import LabelMake, PatientLabel, invent_label, stick
from pads.simulate.paper.sheet import LETTER_MM, Place, draw_page, on_letter, on_own_page
from pads.simulate.pen.fill import NO_HABITS, Habits, Signer, fill
from pads.simulate.pen.signature import sign
from pads.simulate.picture import DevicePicture, gray
from pads.simulate.printed_slips import PAPER_DPI, PX_PER_MM, numbered_slip
from pads.simulate.truth import Channel, PlacedSlip, ScanTruth, SlipTruth, Trouble, TruthFile
from schemas.code import SERIAL_MAX
from schemas.pad import PadDesign
from schemas.studio import Studio

TROUBLE_SHARE = 0.25  # of slips have something wrong
TURNED_SHARE = 1 / 6  # of pages lie upside down
ALONE_SHARE = 0.4  # of single slips are scanned at their own size, not on a letter page
PHOTO_ALONE_SHARE = 0.7
HALF_PX = 0.5  # from a pixel's edge to its middle, in which OpenCV counts
FAXES = {Channel.FAX_FINE: fax.FINE_LINES, Channel.FAX_STANDARD: fax.STANDARD_LINES}
SCANNERS: dict[Channel, Callable[[NDArray[np.uint8], np.random.Generator], DevicePicture]] = {
    Channel.SCAN_300: scanner.scan_gray,
    Channel.SCAN_300_PNG: scanner.scan_clean,
    Channel.SCAN_200_BW: scanner.scan_bilevel,
}


NO_SPEC = SlipSpec()
DEFAULT_STUDIO = Studio()


@dataclass(frozen=True)
class PlannedSlip:
    """A slip to be invented.

    `paper` draws the empty form (H, W) at so many dpi where others have printed it; `signer` draws what its truth calls
    a signature; `overlay` comes over the filled slip and changes nothing of what it says. Who the patient is says a
    `label` of this make, if there is one, and not the pen.
    """

    design: PadDesign
    serial: int
    spec: SlipSpec = NO_SPEC
    paper: Callable[[int], NDArray[np.uint8]] | None = None
    signer: Signer = sign
    overlay: Overlay | None = None
    habits: Habits = NO_HABITS
    label: LabelMake | None = None


@dataclass(frozen=True)
class PlannedPage:
    """A page to be filled; None leaves to chance whether it lies upside down, and on what. `kind` makes it awkward."""

    slips: tuple[PlannedSlip, ...]
    turned: bool | None = None
    on_letter: bool | None = None
    kind: PaperKind | None = None


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
    kind: PaperKind | None = None,
    studio: Studio = DEFAULT_STUDIO,
    progress: Callable[[int], object] = lambda slips: None,
) -> list[ScanTruth]:
    """Write scans of `count` slips and `truth.json` into the folder `out`.

    `per_page` slips lie on each page, one to four at random when None; channels and designs take turns. `kind` makes
    all paper awkward, and knows its own channel and how many slips lie on a page. The same arguments write the same
    bytes. `progress` is told after each file how many slips it holds.
    """
    out.mkdir(parents=True, exist_ok=True)
    scans: list[ScanTruth] = []
    ways = channels if kind is None else [kind.channel]
    for planned in plan(designs, count, ways, seed, per_page, pages_per_file, kind):
        scans += make_file(out, planned, today, studio)
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
    kind: PaperKind | None = None,
) -> Iterator[PlannedFile]:
    """The files that hold `count` slips."""
    rng = np.random.default_rng([seed])
    first = int(rng.integers(1, SERIAL_MAX - count))
    slips = [
        PlannedSlip(designs[int(rng.integers(len(designs)))], first + index, _random_spec(rng))
        for index in range(count)
    ]
    number = 0
    while slips:
        channel = channels[number % len(channels)]
        pages = []
        for _ in range(pages_per_file if SUFFIXES[channel] in MANY_PAGES else 1):
            least, most = kind.slips if kind else (1, 4)
            size = per_page or int(rng.integers(least, most + 1))
            pages += [PlannedPage(tuple(slips[:size]), kind=kind)] if slips else []
            slips = slips[size:]
        number += 1
        yield PlannedFile(f"{number:04d}-{kind.name if kind else channel.value}", channel, tuple(pages), (seed, number))


def make_file(out: Path, planned: PlannedFile, today: date, studio: Studio) -> list[ScanTruth]:
    """Write one file; its truth, page by page."""
    rng = np.random.default_rng(planned.seed)
    drawn = [draw(page, planned.channel, today, studio, rng) for page in planned.pages]
    file = write_file(out, planned.stem, planned.channel, [scene.picture for scene in drawn], _suffix(planned))
    return [
        ScanTruth(
            file=file,
            page=number,
            channel=planned.channel,
            size_px=(scene.picture.pixels.shape[1], scene.picture.pixels.shape[0]),
            dpi=scene.picture.dpi,
            received_on=today,
            slips=scene.placed,
        )
        for number, scene in enumerate(drawn, start=1)
    ]


def _suffix(planned: PlannedFile) -> str | None:
    kind = planned.pages[0].kind
    return kind.suffix if kind else None


def _random_spec(rng: np.random.Generator) -> SlipSpec:
    troubles = list(Trouble)
    return (
        SlipSpec(troubles=(troubles[int(rng.integers(len(troubles)))],)) if rng.random() < TROUBLE_SHARE else SlipSpec()
    )


@dataclass(frozen=True, eq=False)
class Scene:
    """A page as a device delivers it.

    `moves` take each slip's millimeters (N, 2) to pixels of `picture`, whole numbers being the middles of pixels.
    """

    picture: DevicePicture
    designs: tuple[PadDesign, ...]
    truths: tuple[SlipTruth, ...]
    places: tuple[Place, ...]
    moves: tuple[Move, ...]

    @property
    def placed(self) -> tuple[PlacedSlip, ...]:
        """Each slip's truth with its corners."""
        return tuple(
            _placed_slip(truth, design, place, move)
            for truth, design, place, move in zip(self.truths, self.designs, self.places, self.moves, strict=True)
        )


def draw(page: PlannedPage, channel: Channel, today: date, studio: Studio, rng: np.random.Generator) -> Scene:
    """Invent, fill, place and send the slips of one page."""
    truths = [invent_slip(slip.design, slip.serial, today, rng, slip.spec) for slip in page.slips]
    labels: list[PatientLabel | None] = [None] * len(truths)
    for number, slip in enumerate(page.slips):
        if slip.label:
            truths[number], labels[number] = invent_label(truths[number], slip.label, rng)
    filled = [
        fill_slip(slip, truth, page.kind, studio, rng, label)
        for slip, truth, label in zip(page.slips, truths, labels, strict=True)
    ]
    return send(page, tuple(truths), filled, channel, today, rng)


def send(
    page: PlannedPage,
    truths: tuple[SlipTruth, ...],
    filled: Sequence[tuple[NDArray[np.uint8], Move]],
    channel: Channel,
    today: date,
    rng: np.random.Generator,
) -> Scene:
    """Place and send slips that `fill_slip` has filled; the same may be sent several times."""
    slips = [slip if channel is Channel.PHOTO else gray(slip) for slip, _ in filled]
    designs = tuple(slip.design for slip in page.slips)
    size_mm, places = _places(page, channel, rng)
    matrices = [place.matrix(design) for place, design in zip(places, designs, strict=True)]
    laid = draw_page(slips, matrices, (round(size_mm[0] * PX_PER_MM), round(size_mm[1] * PX_PER_MM)))
    passed, move = page.kind.page_damage(laid, rng) if page.kind and page.kind.page_damage else (laid, no_move)
    picture = _send(channel, passed, page.kind, today, rng)
    moves = [
        _compose_all(
            lambda mm: mm * PX_PER_MM - HALF_PX,
            bend,
            by_matrix(np.vstack([matrix, (0, 0, 1)])),
            move,
            picture.to_picture,
        )
        for (_, bend), matrix in zip(filled, matrices, strict=True)
    ]
    return Scene(picture, designs, truths, tuple(places), tuple(moves))


def fill_slip(
    slip: PlannedSlip,
    truth: SlipTruth,
    kind: PaperKind | None,
    studio: Studio,
    rng: np.random.Generator,
    label: PatientLabel | None = None,
) -> tuple[NDArray[np.uint8], Move]:
    """A filled slip (H, W, 3), its `label` stuck on last, and how its points have moved since it was printed."""
    paper = slip.paper(PAPER_DPI) if slip.paper else numbered_slip(slip.design, slip.serial, studio)
    stock = kind.stock(paper, rng) if kind and kind.stock else paper
    by_pen = {name: text for name, text in truth.text.items() if name not in truth.on_label}
    written = truth.model_copy(update={"text": by_pen})
    filled = fill(stock, slip.design, written, rng, kind.inks if kind else None, slip.signer, slip.habits)
    if slip.overlay is not None:
        lay_over(filled, slip.design, slip.overlay, rng)
    if label is not None:
        stick(filled, slip.design, label, rng)
    return filled, kind.slip_damage(filled, slip.design, rng) if kind and kind.slip_damage else no_move


def _compose_all(*moves: Move) -> Move:
    return reduce(compose, moves)


def _places(page: PlannedPage, channel: Channel, rng: np.random.Generator) -> tuple[tuple[float, float], list[Place]]:
    """The page's size in mm and where its slips lie."""
    designs = [slip.design for slip in page.slips]
    if page.kind and page.kind.arrange:
        return page.kind.arrange(designs, rng)
    turned = bool(rng.random() < TURNED_SHARE) if page.turned is None else page.turned
    share = PHOTO_ALONE_SHARE if channel is Channel.PHOTO else ALONE_SHARE
    may_be_alone = len(designs) == 1 and channel not in FAXES
    single = may_be_alone and (rng.random() < share if page.on_letter is None else not page.on_letter)
    if not single:
        return LETTER_MM, on_letter(designs, rng, turned=turned)
    if channel is Channel.PHOTO:
        size = (designs[0].width_mm, designs[0].height_mm)
        return size, [Place(size[0] / 2, size[1] / 2, 180.0 * turned, 1.0)]
    return on_own_page(designs[0], rng, turned=turned)


def _send(
    channel: Channel, page: NDArray[np.uint8], kind: PaperKind | None, today: date, rng: np.random.Generator
) -> DevicePicture:
    if channel in FAXES:
        return fax.send(page, FAXES[channel], today, rng, kind.dirt if kind else None)
    if channel is Channel.PHOTO:
        return photo.photograph(page, rng, kind.camera if kind else photo.STEADY)
    return SCANNERS[channel](page, rng)


def _placed_slip(truth: SlipTruth, design: PadDesign, place: Place, move: Move) -> PlacedSlip:
    corners = move(np.array(design.slip_mm.corners)) + HALF_PX
    first, second, third, fourth = ((round(float(x), 1), round(float(y), 1)) for x, y in corners)
    return PlacedSlip(
        slip=truth, corners_px=(first, second, third, fourth), rotation_deg=round(place.turn_deg % 360, 2)
    )
