"""The picture of the empty form, which readers subtract, and the printed squares they look for."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from pads.blank import blank, slip_picture
from pads.catalog import load_all
from schemas.geometry import BoxMm
from schemas.pad import CODE_MODULES, Guides, PadDesign, TextField
from schemas.studio import Studio

HERE = Path(__file__).parent
PER_MM = 200 / 25.4
LOOK_DPI = 72
LOOK_TILE_PX = 8
LOOK_MAX_GRAY = 12.0  # mean over a tile; a label moved by 0.4 mm or a stroke 0.15 mm thicker makes 16 and more
DESIGNS = pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))


def _part(picture: NDArray[np.uint8], box: BoxMm) -> NDArray[np.uint8]:
    return picture[
        round(box.y * PER_MM) : round(box.bottom * PER_MM), round(box.x * PER_MM) : round(box.right * PER_MM)
    ]


@DESIGNS
def test_the_blank_has_the_size_of_the_slip(design: PadDesign) -> None:
    """Readers index it with millimeters."""
    assert blank(design).shape == (round(design.height_mm * PER_MM), round(design.width_mm * PER_MM))
    assert blank(design, 100).shape == (round(design.height_mm * PER_MM / 2), round(design.width_mm * PER_MM / 2))


@DESIGNS
def test_the_blank_is_drawn_once_and_cannot_be_changed(design: PadDesign) -> None:
    """It is shared by all slips a process reads."""
    assert blank(design) is blank(design)
    assert not blank(design).flags.writeable


@DESIGNS
def test_the_blank_holds_neither_studio_nor_code_nor_serial(design: PadDesign) -> None:
    """What differs from slip to slip is no part of the form."""
    assert _part(blank(design), design.studio_mm).min() == 255
    assert _part(blank(design), design.code_mm).min() == 255


@DESIGNS
def test_a_printed_slip_is_the_blank_but_for_studio_code_and_serial(design: PadDesign) -> None:
    """Print and reader come from one drawing; dotted guides are for people alone."""
    differs = slip_picture(design, Studio(), 123) != blank(design)
    guides = [guide for field in design.writing if isinstance(field, TextField) for guide in field.guides_mm]
    for guide in guides if design.guides is Guides.DOTTED else ():
        _part(differs, guide.grown(0.4))[:] = False
    serial = BoxMm(design.serial_at_mm.x - 0.5, design.serial_at_mm.y - 3, 13.5, 4)
    for box in (design.studio_mm.grown(0.3), design.code_mm, serial):
        _part(differs, box)[:] = False
    assert not differs.any()


@DESIGNS
def test_all_four_corner_marks_are_found_where_the_design_says(design: PadDesign) -> None:
    """Registration rests on them; half a pixel at 200 dpi is 0.06 mm."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary).detectMarkers(slip_picture(design, Studio(), 123))
    assert sorted(ids.ravel()) == [0, 1, 2, 3]
    for marker, quad in zip(ids.ravel(), corners, strict=True):
        at_mm = (quad[0].mean(axis=0) + 0.5) / PER_MM
        assert at_mm == pytest.approx(np.array(design.fiducials_mm()[marker].center), abs=0.1)


@DESIGNS
@pytest.mark.parametrize("serial", [1, 123, 9_999_999])
def test_the_code_is_read_and_its_modules_lie_where_the_design_says(design: PadDesign, serial: int) -> None:
    """Readers sample the 21 x 21 modules at their printed place when a scan is too poor to search in."""
    picture = slip_picture(design, Studio(), serial)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == f"{design.design.upper()}/{design.edition}/{serial:07d}"
    box = design.code_box_mm()
    module = box.w / CODE_MODULES
    finder = [
        picture[round((box.y + (i + 0.5) * module) * PER_MM), round((box.x + 0.5 * module) * PER_MM)] for i in range(8)
    ]
    assert finder == [0] * 7 + [255]


@DESIGNS
def test_codes_and_marks_survive_a_standard_fax(design: PadDesign) -> None:
    """204 x 98 lines an inch, one bit: what the oldest office machine sends."""
    picture = slip_picture(design, Studio(), 1234567)
    size = (round(design.width_mm / 25.4 * 204), round(design.height_mm / 25.4 * 98))
    faxed = cv2.threshold(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), 140, 255, cv2.THRESH_BINARY)[1]
    arrived = cv2.resize(faxed, picture.shape[::-1], interpolation=cv2.INTER_LINEAR)
    _, ids, _ = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)).detectMarkers(arrived)
    assert sorted(ids.ravel()) == [0, 1, 2, 3]
    assert [read_barcode.text for read_barcode in zxingcpp.read_barcodes(arrived)] == [
        f"{design.design.upper()}/{design.edition}/1234567"
    ]


@DESIGNS
def test_printed_editions_keep_their_looks(design: PadDesign, request: pytest.FixtureRequest) -> None:
    """The drawing code may change, an edition's picture may not: the reader subtracts it from paper of years ago."""
    path = HERE / "golden" / f"look-{design.design}-{design.edition}.png"
    drawn = blank(design, LOOK_DPI)
    if request.config.getoption("--renew-golden"):
        Image.fromarray(drawn).save(path, optimize=True)
    kept = np.array(Image.open(path))
    assert np.abs(_tiles(drawn) - _tiles(kept)).max() < LOOK_MAX_GRAY


def test_dotted_guides_are_on_the_paper_and_not_in_the_blank() -> None:
    """What a scan loses is nothing to subtract: taking dots away would take the feet of letters with them."""
    dotted = load_all()[0].model_copy(update={"edition": 99, "guides": Guides.DOTTED})
    field = dotted.field("patient_name")
    assert isinstance(field, TextField)
    (guide,) = field.guides_mm
    inside = guide.grown(0.4)._replace(x=guide.x + 1, w=guide.w - 2)
    assert _part(slip_picture(dotted, None, None), inside).min() < 255
    assert _part(blank(dotted), inside).min() == 255
    assert _part(blank(dotted), guide.grown(0.4)).min() < 128  # an upright stroke at each end vouches for the field


def test_of_two_boxes_that_share_their_words_only_one_has_them_printed() -> None:
    """Left and right of a knee stand side by side before one name, and people are told of each by its own."""
    met = load_all()[0]
    first = met.checkboxes[0]
    fields = tuple(field.model_copy(update={"printed": ""}) if field is first else field for field in met.fields)
    silent = met.model_copy(update={"edition": 99, "fields": fields})
    beside = BoxMm(first.box_mm.right + 0.5, first.box_mm.y, 20, first.box_mm.h)
    assert _part(blank(met), beside).min() == 0
    assert _part(blank(silent), beside).min() == 255
    assert silent.labels[first.name] == first.label


def _tiles(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean gray of each tile: deaf to another poppler's smoothing of edges, not to ink that moves."""
    rows, columns = (side // LOOK_TILE_PX for side in picture.shape)
    whole = picture[: rows * LOOK_TILE_PX, : columns * LOOK_TILE_PX].astype(np.float64)
    return whole.reshape(rows, LOOK_TILE_PX, columns, LOOK_TILE_PX).mean(axis=(1, 3))
