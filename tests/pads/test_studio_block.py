"""The studio's name and contact on a slip."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pads.blank import slip_picture
from pads.catalog import load_all
from pads.print_pdf import print_slip
from pads.studio_block import _fit
from schemas.errors import UsageError
from schemas.pad import PadDesign
from schemas.studio import Studio

DESIGNS = pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))
STUDIOS = [
    Studio(),
    Studio(name="Żółkiewski & Müller Medical Exercise of New York"),
    Studio(address="1200 Example Avenue of the Americas, Suite 1400, New York, NY"),
    Studio(specialist="", phone="", fax="", email="", address=""),
]


@DESIGNS
@pytest.mark.parametrize("studio", STUDIOS, ids=["default", "long name", "long address", "name only"])
def test_the_block_stays_within_its_room(design: PadDesign, studio: Studio) -> None:
    """Ink outside it would be read as writing."""
    outside = slip_picture(design, studio, None) != slip_picture(design, None, None)
    room = design.studio_mm.grown(0.8)  # an accent on a capital reaches that far over the block
    top, bottom, left, right = (round(mm * 200 / 25.4) for mm in (room.y, room.bottom, room.x, room.right))
    assert outside[top:bottom, left:right].any()
    outside[top:bottom, left:right] = False
    assert not outside.any()


ADDRESSES = (
    "12 Sample Street, Anytown, NY",
    "1420 North Milwaukee Avenue, Suite 300, Chicago, IL 60622",
    "1200 Example Avenue of the Americas, Suite 1400, New York, NY",
    "8 Old County Road, Building C, Second Floor, Bridgehampton, NY 11932",
)


LONG_NAME = "Lakeside Center for Medical Exercise and Movement Care, PLLC"


@DESIGNS
@pytest.mark.parametrize(
    ("name", "address"), [*(("Harbor Medical Exercise", address) for address in ADDRESSES), (LONG_NAME, ADDRESSES[0])]
)
def test_an_address_breaks_where_addresses_break(design: PadDesign, name: str, address: str) -> None:
    """A house number stays with its street, a ZIP code with its state, an area code with its number."""
    studio = Studio(name=name, address=address)
    whole = [*(part.strip() for part in re.findall(r"[^,]+,?", address)), f"Tel {studio.phone}", f"Fax {studio.fax}"]
    lines = [line.text for line in _fit(studio, design, 0.0)]
    for part in (*whole, studio.email):
        assert any(part in line for line in lines), lines


@pytest.mark.parametrize(
    ("studio", "sentence"),
    [
        (Studio(name="X" * 60), r"need \d+\.\d x \d+\.\d mm at 6\.5 pt, and pad met-1 has 55\.5 x 14\.6 mm"),
        (
            Studio(name="Long words " * 5, specialist="Long words " * 5, address="Long words " * 10),
            r"shorten the studio's address \(110 characters\) or name \(55\)",
        ),
        (Studio(name="体操"), r"studio\.name: 体 操 have no shape"),
        (Studio(logo=Path("nowhere.png")), r"studio\.logo: nowhere\.png is no PNG or JPEG"),
        (Studio(logo=Path(__file__)), r"studio\.logo: .* is no PNG or JPEG"),
    ],
)
def test_a_block_that_cannot_be_printed_is_refused_with_figures(studio: Studio, sentence: str) -> None:
    """Better before the pads are paid for."""
    with pytest.raises(UsageError, match=sentence):
        print_slip(load_all()[0], studio, 1, BytesIO())


@pytest.mark.parametrize("size", [(300, 300), (900, 100), (80, 400)])
def test_a_logo_keeps_its_proportions_and_its_place(tmp_path: Path, size: tuple[int, int]) -> None:
    """Logos come in all shapes; none may push the name off the block."""
    logo = tmp_path / "logo.png"
    Image.new("L", size, 0).save(logo)
    design = load_all()[0]
    room = design.studio_mm
    picture = slip_picture(design, Studio(logo=logo), None)
    left, top = round(room.x * 200 / 25.4), round(room.y * 200 / 25.4)
    dark = np.argwhere(picture[top : top + round(6.0 * 200 / 25.4), left : left + round(16.0 * 200 / 25.4)] == 0)
    assert dark.size
    assert dark[:, 1].min() <= 1


def test_contact_is_set_in_the_size_that_the_edition_asks_for() -> None:
    """A number to call is read at arm's length; where the block would not fit it shrinks as on every pad."""
    met = load_all()[0]
    room = met.imprint.studio_mm._replace(h=16.5)
    large = met.model_copy(update={"contact_pt": 8.0, "studio_mm": room})
    assert {line.size_pt for line in _fit(Studio(), large, 0.0)[2:]} == {8.0}
    assert all(line.size_pt <= 7.0 for line in _fit(Studio(), met, 0.0)[2:])
