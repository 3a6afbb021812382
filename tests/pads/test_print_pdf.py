"""The PDF that goes to the printer."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import zxingcpp
from numpy.typing import NDArray
from pdf2image import convert_from_bytes
from PIL import Image

from pads.catalog import find, load_all
from pads.imposition import Paper, Up, impose
from pads.print_pdf import print_pad
from schemas.code import SlipCode
from schemas.pad import PadDesign
from schemas.studio import Studio

PT_PER_MM = 72 / 25.4
DESIGNS = pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))


def _printed(design: PadDesign, slips: int, up: Up = 4, paper: Paper = "letter", studio: Studio | None = None) -> bytes:
    pdf = BytesIO()
    print_pad(design, studio or Studio(), range(101, 101 + slips), pdf, up=up, paper=paper)
    return pdf.getvalue()


def _page(pdf: bytes, dpi: int, page: int = 1) -> NDArray[np.uint8]:
    return np.array(convert_from_bytes(pdf, dpi=dpi, first_page=page, last_page=page, grayscale=True)[0])


def _dictionaries(pdf: pikepdf.Pdf, key: str, value: pikepdf.Name) -> list[pikepdf.Object]:
    """All dictionaries and streams of the file whose `key` is `value`, wherever they hang."""
    found = [object_ for object_ in pdf.objects if isinstance(object_, pikepdf.Dictionary | pikepdf.Stream)]
    return [part for part in found if part.get(key) == value]


def _images(content: bytes) -> int:
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(_dictionaries(pdf, "/Subtype", pikepdf.Name.Image))


@DESIGNS
def test_a_pad_is_all_vectors(design: PadDesign) -> None:
    """It prints sharply on anything; the codes' squares most of all."""
    assert _images(_printed(design, 8)) == 0


def test_only_the_logo_is_a_picture(tmp_path: Path) -> None:
    """What a studio hands in as pixels stays pixels, once in the whole file."""
    logo = tmp_path / "logo.png"
    Image.new("RGB", (60, 60), "navy").save(logo)
    assert _images(_printed(load_all()[0], 8, studio=Studio(logo=logo))) == 1


@DESIGNS
def test_the_typeface_is_in_the_file(design: PadDesign) -> None:
    """A print shop has other fonts than the studio; Helvetica in its place would move every label."""
    with pikepdf.open(BytesIO(_printed(design, 4))) as pdf:
        fonts = _dictionaries(pdf, "/Type", pikepdf.Name.Font)
        assert {str(font.BaseFont)[8:] for font in fonts} == {"LibreFranklin-Medium", "LibreFranklin-Bold"}
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


@pytest.mark.parametrize(("slips", "up", "pages"), [(1, 1, 1), (5, 2, 3), (50, 4, 13), (8, 4, 2)])
def test_there_are_as_many_sheets_as_needed(slips: int, up: Up, pages: int) -> None:
    """Fifty slips, four up, are thirteen sheets."""
    with pikepdf.open(BytesIO(_printed(load_all()[0], slips, up))) as pdf:
        assert len(pdf.pages) == pages


@pytest.mark.parametrize(("paper", "size_pt"), [("letter", (612, 792)), ("a4", (595.28, 841.89))])
def test_the_page_is_the_paper(paper: Paper, size_pt: tuple[float, float]) -> None:
    """A page of another size would be scaled by the printer."""
    with pikepdf.open(BytesIO(_printed(load_all()[0], 2, 2, paper))) as pdf:
        assert [float(side) for side in pdf.pages[0].MediaBox[2:]] == pytest.approx(size_pt, abs=0.01)


def test_the_file_asks_for_its_true_size() -> None:
    """Print dialogues shrink to fit unless a file tells them not to."""
    with pikepdf.open(BytesIO(_printed(load_all()[0], 4))) as pdf:
        assert pdf.Root.ViewerPreferences.PrintScaling == pikepdf.Name("/None")


@DESIGNS
@pytest.mark.parametrize(("paper", "up"), [("letter", 4), ("letter", 2), ("a4", 2), ("letter", 1)])
def test_every_slip_on_a_sheet_says_its_serial_where_the_design_says(design: PadDesign, paper: Paper, up: Up) -> None:
    """Codes are read from their printed place, and piles of the cut stack run on in order."""
    sheets = 2
    found = zxingcpp.read_barcodes(_page(_printed(design, sheets * up, up, paper), 200))
    at = {code.text: (code.position.top_left.x / 200 * 25.4, code.position.top_left.y / 200 * 25.4) for code in found}
    code = design.code_box_mm()
    for place, slip in enumerate(impose(design, up, paper).slips):
        text = SlipCode(design=design.design, edition=design.edition, serial=101 + place * sheets).text()
        assert at[text] == pytest.approx((slip.x + code.x, slip.y + code.y), abs=0.5)
    assert len(found) == up


def test_places_without_a_slip_stay_empty() -> None:
    """Half a pad of blank codes would be handed out."""
    page = _page(_printed(find(load_all(), "met"), 3), 100)
    assert page[page.shape[0] // 2 + 20 :, page.shape[1] // 2 + 20 :].min() == 255


def test_cut_marks_are_printed() -> None:
    """On a sheet with room, outside the slip; the slip itself keeps none of them."""
    design = find(load_all(), "met")
    sheet, page = impose(design, 1, "letter"), _page(_printed(design, 1, 1), 100)
    slip, per_mm = sheet.slips[0], 100 / 25.4
    above = page[: int((slip.y - 1) * per_mm), int((slip.x - 1) * per_mm) : int((slip.x + 1) * per_mm)]
    assert above.min() < 128
    assert page[: int((slip.y - 1) * per_mm), int((slip.x + 3) * per_mm) : int((slip.right - 3) * per_mm)].min() == 255


def test_the_same_slips_give_the_same_file() -> None:
    """A reprint can be compared with the first print."""
    design = load_all()[0]
    assert _printed(design, 4) == _printed(design, 4)


def test_an_unnumbered_slip_says_so() -> None:
    """A proof is never taken for slip number 0000000."""
    pdf = BytesIO()
    print_pad(load_all()[0], Studio(), [0], pdf, up=1, paper="letter")
    found = zxingcpp.read_barcodes(_page(pdf.getvalue(), 200))
    assert [code.text for code in found] == ["MET/1/0000000"]
