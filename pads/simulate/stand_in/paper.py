"""A stand-in on paper: at the place, turn and resolution of the slip that it stands for, through the same channel."""

from dataclasses import dataclass, replace
from math import atan2, degrees

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.paper.kinds import PaperKind
from pads.simulate.paper.sheet import LETTER_MM, Place
from pads.simulate.picture import DevicePicture
from pads.simulate.scenes import DEFAULT_STUDIO, PlannedPage, PlannedSlip, fill_slip, send
from pads.simulate.stand_in.answers import OtherAnswers
from pads.simulate.stand_in.other_words import RECEIVED_ON
from pads.simulate.truth import Channel
from schemas.geometry import MM_PER_INCH
from schemas.pad import PadDesign
from schemas.reading import PageChannel, SlipReading

CHANNELS = {
    PageChannel.SCAN: Channel.SCAN_300,
    PageChannel.BLACK_AND_WHITE: Channel.SCAN_200_BW,
    PageChannel.FAX: Channel.FAX_FINE,
    PageChannel.PHOTO: Channel.PHOTO,
}
RESOLUTIONS = (100, 150, 200, 240, 300, 400, 600)  # of scanners; prints are up to 5 % larger or smaller than drawn
PRINT_SCALE = 0.05
EDGE_MM = 8.0  # nearer to the page's corner a slip that is alone was scanned at its own size
BLACK_BELOW = 160


@dataclass(frozen=True)
class Laid:
    """How a slip lay: its middle on the page in mm, its turn, its printed scale; the page's size and resolution."""

    place: Place
    page_mm: tuple[float, float]
    dpi: float


def laid(design: PadDesign, reading: SlipReading, slips_on_page: int) -> Laid:
    """As the corners tell, which need to have been found."""
    corners = np.array(reading.corners_px)
    across = corners[1] - corners[0]
    measured = float(np.hypot(*across)) / design.width_mm * MM_PER_INCH
    dpi = min(RESOLUTIONS, key=lambda each: abs(each - measured))
    dpi = dpi if abs(dpi / measured - 1) <= PRINT_SCALE else round(measured)
    turn = degrees(atan2(across[1], across[0]))
    points = corners / dpi * MM_PER_INCH
    middle, first, last = points.mean(axis=0), points.min(axis=0), points.max(axis=0)
    is_alone = slips_on_page == 1 and float(first.max()) < EDGE_MM and reading.channel is not PageChannel.FAX
    least = (0.0, 0.0) if is_alone else LETTER_MM
    own = (last + np.maximum(first, 0.5) * is_alone).tolist()
    page_mm = (max(own[0], least[0]), max(own[1], least[1]))
    return Laid(Place(float(middle[0]), float(middle[1]), turn, measured / dpi), page_mm, float(dpi))


def draw_stand_in(
    design: PadDesign, answers: OtherAnswers, how: Laid, channel: Channel, rng: np.random.Generator
) -> DevicePicture:
    """The page as a device delivers it."""
    kind = PaperKind("stand-in", "", channel, arrange=lambda _designs, _rng: _arranged(design, how, channel))
    slip = PlannedSlip(design, answers.truth.serial, signer=answers.signer, overlay=answers.overlay)
    filled = fill_slip(slip, answers.truth, None, DEFAULT_STUDIO, rng)
    picture = send(PlannedPage((slip,), kind=kind), (answers.truth,), [filled], channel, RECEIVED_ON, rng).picture
    return _at_resolution(picture, how.dpi) if channel in (Channel.SCAN_300, Channel.SCAN_200_BW) else picture


def _arranged(design: PadDesign, how: Laid, channel: Channel) -> tuple[tuple[float, float], list[Place]]:
    """A photo's corners tell no millimeters: there the slip fills the picture, upright or upside down."""
    if channel is not Channel.PHOTO:
        return how.page_mm, [how.place]
    turned = 180.0 * (abs(how.place.turn_deg) > 90)
    return (design.width_mm, design.height_mm), [Place(design.width_mm / 2, design.height_mm / 2, turned, 1.0)]


def _at_resolution(picture: DevicePicture, dpi: float) -> DevicePicture:
    """The scan as if it were made at so many dots an inch; one in black and white stays so."""
    own = picture.dpi[0] if picture.dpi else dpi
    if own == dpi:
        return picture
    height, width = picture.pixels.shape[:2]
    size = (round(width * dpi / own), round(height * dpi / own))
    way = cv2.INTER_AREA if dpi < own else cv2.INTER_CUBIC
    pixels: NDArray[np.uint8] = np.asarray(cv2.resize(picture.pixels, size, interpolation=way), dtype=np.uint8)
    if set(np.unique(picture.pixels[:64])) <= {0, 255}:
        pixels = np.where(pixels < BLACK_BELOW, 0, 255).astype(np.uint8)
    return replace(picture, pixels=pixels, dpi=(dpi, dpi))
