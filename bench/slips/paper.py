"""Measure awkward paper, kind by kind: was each slip read in its place, or refused with a reason; never shifted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.slips.score import score_slip
from bench.slips.simulated import BENCH_DAY
from ocr.page import Page
from ocr.reader import ReadSlip, SlipResult
from ocr.registration.transform import SlipTransform
from pads.simulate.displacement import Move
from pads.simulate.files import write_file
from pads.simulate.paper.kinds import KINDS, PaperKind
from pads.simulate.picture import DevicePicture
from pads.simulate.scenes import PlannedPage, PlannedSlip, Scene, draw
from refpad.services.reading.file_reader import FileReader
from schemas.acceptance import Policy
from schemas.errors import SetAsideError
from schemas.pad import PadDesign
from schemas.reading import SlipReading
from schemas.reasons import FindingCode
from schemas.studio import Studio

# A box is looked for within 1.0 mm of its place (ocr.marks.measure.SEARCH_MM) and boxes stand 1.0 mm apart: what lies
# further off is read in another's place.
SHIFTED_MM = 1.0
COVERED_SHARE = 0.15
ABOUT_PAPER = frozenset(
    {
        FindingCode.UNKNOWN_DESIGN,
        FindingCode.CODE_UNREADABLE,
        FindingCode.REGISTRATION_RESIDUAL,
        FindingCode.SLIP_CUT_OFF,
        FindingCode.IMAGE_BLURRED,
        FindingCode.IMAGE_FAINT,
        FindingCode.IMAGE_TOO_SMALL,
    }
)


@dataclass
class PaperRow:
    """Counts over the slips of one kind.

    `in_place` were read where they are, of which `doubted` with a finding about the paper; `refused` were found and not
    read, with a finding; `page_shown` lie on a page that a person is shown as a whole; `lost` are those of which
    nothing is said. `shifted` were read although a field lies more than SHIFTED_MM off; `misnamed` carry a serial that
    is not theirs; `mixed` were read, without a word, although another slip covers one of their fields; `extra` are
    slips that are not there. `off_mm` has the mean and the largest error of the fields'
    places for each slip that was read.
    """

    kind: str
    what: str
    slips: int = 0
    in_place: int = 0
    doubted: int = 0
    refused: int = 0
    page_shown: int = 0
    lost: int = 0
    shifted: int = 0
    misnamed: int = 0
    mixed: int = 0
    extra: int = 0
    boxes_decided: int = 0
    boxes_wrong: int = 0
    off_mm: list[tuple[float, float]] = field(default_factory=list)
    notable: list[str] = field(default_factory=list)

    @property
    def mean_mm(self) -> float:
        return float(np.mean([mean for mean, _ in self.off_mm])) if self.off_mm else 0.0

    @property
    def most_mm(self) -> float:
        return max((most for _, most in self.off_mm), default=0.0)


@dataclass(frozen=True)
class PaperMaterial:
    """What is simulated: `slips` of each kind, at least, from `seed`, over `designs`; files go through `folder`."""

    designs: Sequence[PadDesign]
    slips: int
    seed: int
    folder: Path


def measure_paper(
    material: PaperMaterial,
    files: FileReader,
    progress: Callable[[str, int], object] = lambda kind, slips: None,
    kinds: Sequence[PaperKind] = KINDS,
) -> Iterator[PaperRow]:
    """One row a kind; `progress` is told its name and how many slips of each page were read."""
    material.folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        row = PaperRow(kind.name, kind.what)
        while row.slips < material.slips:
            scene = scene_of(kind, material, row.slips)
            name = f"{kind.name}-{row.slips:04d}"
            count_page(row, name, scene, read_scene(kind, name, scene.picture, material.folder, files))
            progress(kind.name, len(scene.truths))
        yield row


def scene_of(kind: PaperKind, material: PaperMaterial, number: int) -> Scene:
    """Page `number` of a kind; the same arguments draw the same page."""
    rng = np.random.default_rng([material.seed, *kind.name.encode(), number])
    count = int(rng.integers(kind.slips[0], kind.slips[1] + 1))
    slips = tuple(
        PlannedSlip(material.designs[int(rng.integers(len(material.designs)))], 1000 + number + index)
        for index in range(count)
    )
    return draw(PlannedPage(slips, kind=kind), kind.channel, BENCH_DAY, Studio(), rng)


def read_scene(
    kind: PaperKind, name: str, picture: DevicePicture, folder: Path, files: FileReader
) -> tuple[SlipResult, ...]:
    """The slips read of a page that went through a file of its kind, in `folder`."""
    path = folder / write_file(folder, name, kind.channel, [picture], kind.suffix)
    try:
        page = next(files.opener.pages(path))
    except SetAsideError:
        return ()
    finally:
        path.unlink()
    return files.reader.read_page(page, name, BENCH_DAY).slips if isinstance(page, Page) else ()


def count_page(row: PaperRow, name: str, scene: Scene, found: tuple[SlipResult, ...]) -> None:
    """Add the results of one page to `row`; `name` is the page's in `row.notable`."""
    left, serials = list(found), [truth.serial for truth in scene.truths]
    dpi = scene.picture.dpi
    square = np.array([1.0, dpi[0] / dpi[1]]) if dpi else np.ones(2)
    for index, (truth, design, move) in enumerate(zip(scene.truths, scene.designs, scene.moves, strict=True)):
        row.slips += 1
        outline = move(np.array(design.slip_mm.corners)) * square  # to half a pixel
        own = [result for result in left if result.reading.serial == truth.serial]
        strange = [result for result in left if result.reading.serial not in serials]
        slip = _nearest(outline, own) or _nearest(outline, strange)
        if slip is None:
            row.page_shown += not found
            row.lost += bool(found)
            if found:
                row.notable.append(f"{name}: lost")
            continue
        left.remove(slip)
        row.misnamed += slip.reading.serial not in (None, truth.serial)
        score = score_slip(truth, _same_design(slip.reading, design), Policy(text_confidence=1))
        row.boxes_wrong += score.boxes_wrong
        row.notable += [f"{name}: a box is wrong"] * score.boxes_wrong
        row.boxes_decided += score.boxes - score.boxes_doubtful
        _count_place(row, name, slip, design, move, square)
        doubted = {finding.field for finding in slip.reading.findings}
        if isinstance(slip, ReadSlip) and covered_fields(scene, index) - doubted:
            row.mixed += 1
            row.notable.append(f"{name}: read under another slip")
    row.extra += len(left)
    row.notable += [f"{name}: one slip too many"] * len(left)


def _count_place(
    row: PaperRow, name: str, slip: SlipResult, design: PadDesign, move: Move, square: NDArray[np.float64]
) -> None:
    if not isinstance(slip, ReadSlip):
        row.refused += bool(slip.reading.findings)
        row.lost += not slip.reading.findings
        return
    off = off_mm(design, slip.found.transform, move, square)
    row.off_mm.append((float(off.mean()), float(off.max())))
    named = slip.reading.pad_id == design.pad_id
    if off.max() > SHIFTED_MM or not named:
        row.shifted += 1
        row.notable.append(f"{name}: {off.max():.1f} mm off")
        return
    row.in_place += 1
    row.doubted += any(finding.code in ABOUT_PAPER for finding in slip.reading.findings)


def off_mm(design: PadDesign, transform: SlipTransform, move: Move, square: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far `transform` puts the middle of each field from its true place (N,), in millimeters of the slip."""
    middles = np.array([field.box_mm.center for field in design.fields])
    origin, beside, below = (transform.px(middles + step) for step in ((0, 0), (1, 0), (0, 1)))
    away = (move(middles) + 0.5) * square - 0.5 - origin  # pixels are made square from edge to edge
    a_mm = np.stack([beside - origin, below - origin], axis=2)
    return np.asarray(np.linalg.norm(np.linalg.solve(a_mm, away[..., None])[..., 0], axis=1))


def covered_fields(scene: Scene, index: int) -> set[str]:
    """The fields to write in of slip `index` of which a later slip covers more than COVERED_SHARE."""
    covers = []
    for design, move in list(zip(scene.designs, scene.moves, strict=True))[index + 1 :]:
        covers.append(move(np.array(design.slip_mm.corners)).astype(np.float32))
    design, move = scene.designs[index], scene.moves[index]
    found = set()
    for part in (*design.writing, *design.signatures):
        place = move(np.array(part.box_mm.corners)).astype(np.float32)
        shared = sum(cv2.intersectConvexConvex(place, cover)[0] for cover in covers)
        if shared > COVERED_SHARE * cv2.contourArea(place):
            found.add(part.name)
    return found


def _same_design(reading: SlipReading, design: PadDesign) -> SlipReading | None:
    return reading if reading.pad_id == design.pad_id else None


def _nearest(outline: NDArray[np.float64], found: Sequence[SlipResult]) -> SlipResult | None:
    """The slip whose middle lies within this outline, the nearest if there are several."""

    def away(slip: SlipResult) -> float:
        return float(np.linalg.norm(np.mean(slip.reading.corners_px, axis=0) - outline.mean(axis=0)))

    def is_inside(slip: SlipResult) -> bool:
        x, y = np.mean(slip.reading.corners_px, axis=0).tolist()
        return cv2.pointPolygonTest(outline.astype(np.float32), (x, y), False) >= 0

    return min(filter(is_inside, found), key=away, default=None)
