"""A person may say which pad a file's slips are of."""

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from refpad.services.reading.file_reader import open_reader
from refpad.settings import Settings
from schemas.pad_id import PadId

SAMPLES = Path(__file__).parents[4] / "samples"


@pytest.mark.parametrize(("pad", "designs"), [(PadId("met", 1), {"met", None}), (PadId("post", 1), {"post", None})])
def test_slips_are_registered_to_that_pad_alone(pad: PadId, designs: set[str | None], tmp_path: Path) -> None:
    """The file has a slip of each pad: the one that is not of that pad is of none, and never read as another."""
    settings = Settings(folder=tmp_path)
    with open_reader(settings, marks_only=True) as reader:
        pages = reader.read_as(SAMPLES / "two-pads.pdf", date(2026, 11, 20), pad)
    assert {slip.design for page in pages for slip in page.page.slips} == designs


def test_a_page_without_a_slip_says_in_which_document_of_the_file_it_lies(tmp_path: Path) -> None:
    """Somebody has to find the paper again; a slip's own page says so in its notes."""
    joined = tmp_path / "joined.pdf"
    joined.write_bytes((SAMPLES / "neat-slip.png").read_bytes() + (SAMPLES / "not-a-slip.tif").read_bytes())
    with open_reader(Settings(folder=tmp_path), marks_only=True) as reader:
        first, second = (outcome.page for outcome in reader.read(joined, date(2026, 11, 20)))
    assert "this is page 1 of document 1 of 2" in first.slips[0].notes
    assert second.set_aside is not None
    assert second.set_aside.message.endswith("It is page 1 of document 2 of 2.")


def test_a_page_gives_the_same_picture_however_many_pages_follow_it(tmp_path: Path) -> None:
    """By that a slip is known again in a file that grew after it was read."""
    with Image.open(SAMPLES / "neat-slip.png") as slip, Image.open(SAMPLES / "not-a-slip.tif") as other:
        page, further = (image.convert("1", dither=Image.Dither.NONE) for image in (slip, other))
    pictures = []
    with open_reader(Settings(folder=tmp_path), marks_only=True) as reader:
        for pages in ([], [further], [further, page]):
            path = tmp_path / "grown.tif"
            page.save(path, "TIFF", compression="group4", save_all=True, append_images=pages, dpi=(300, 300))
            pictures.append(reader.read(path, date(2026, 11, 20))[0].pictures)
    assert len(pictures[0]) == 1
    assert pictures[1:] == [pictures[0]] * 2
