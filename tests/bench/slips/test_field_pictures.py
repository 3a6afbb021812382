"""Contact sheets show the fields that were read wrong, and those that were right and doubted all the same."""

from datetime import date
from pathlib import Path

from bench.slips.field_pictures import FieldPictures, write_field_sheets
from ocr.reader import Reader, ReadSlip
from pads.simulate.truth import Legibility, SlipTruth
from schemas.acceptance import Policy
from schemas.reading import TextReading
from tests.ocr.paper import page, place, slip, templates

WRITTEN = {"patient_name": "Ana Reyes", "goals": "walk", "diagnosis": "OA", "precautions": "none"}
READ = {
    "patient_name": TextReading(value="Ana Reyes", confidence=0.999, reader="ppocr"),
    "goals": TextReading(value="walk", confidence=0.5, reader="ppocr"),
    "diagnosis": TextReading(value="0B", confidence=0.2, reader="ppocr"),
    "precautions": TextReading(value="nine", confidence=0.999, reader="ppocr"),
}


def test_wrong_fields_and_right_but_doubted_ones_have_a_sheet_each(tmp_path: Path) -> None:
    """What passes and is right is on neither; what is wrong though sure comes before what is wrong and doubted."""
    reader = Reader(templates(), (), Policy(), marks_only=True)
    (found,) = reader.read_page(page(place(slip())), "scan.tif", date(2026, 11, 23)).slips
    assert isinstance(found, ReadSlip)
    read = ReadSlip(found.found, found.reading.model_copy(update={"text": READ}))
    truth = SlipTruth(
        design="met",
        edition=1,
        serial=1,
        marks={},
        mark_styles={},
        signed=True,
        text=WRITTEN,
        hand="some hand",
        legibility=Legibility.NEAT,
    )
    pictures = FieldPictures()
    pictures.add("photo 1", truth, read, Policy())
    assert [one.lines[0] for one in pictures.worst] == ["photo 1, precautions", "photo 1, diagnosis"]
    assert [one.lines for one in pictures.right_but_doubted] == [
        ("photo 1, goals", "written: walk", "read: walk (0.50)")
    ]
    write_field_sheets(tmp_path, [pictures])
    assert {path.name for path in tmp_path.iterdir()} == {"fields-worst.png", "fields-right-but-doubted.png"}
