"""Folders of real lines, measured the way slips are read."""

import csv
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from bench.text.materials import measure_materials, same_text
from ocr.recognizers import open_recognizers
from schemas.errors import UsageError
from schemas.limits import Limits

FONT = Path(__file__).parents[3] / "pads" / "fonts" / "hand" / "patrick-hand.ttf"
DAY = date(2026, 10, 14)


def _picture(text: str, left: int, *, ruled: bool) -> NDArray[np.uint8]:
    picture = Image.new("L", (900, 170 if ruled else 80), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((left, 66 if ruled else 6), text, fill=0, font=ImageFont.truetype(str(FONT), 52))
    if ruled:
        draw.text((30, 2), "Name of the town", fill=0, font=ImageFont.truetype(str(FONT), 30))
        draw.line((30, 125, 800, 125), fill=0, width=5)
    return np.asarray(picture, np.uint8)


def _folder(data: Path, name: str, texts: list[str], *, ruled: bool = False) -> Path:
    folder = data / name
    folder.mkdir()
    with (folder / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["file", "text"])
        for number, text in enumerate(texts):
            cv2.imwrite(str(folder / f"{number}.png"), _picture(text, 40 + 70 * number, ruled=ruled))
            table.writerow([f"{number}.png", text])
    return folder


def test_each_known_folder_becomes_a_row_of_counts(tmp_path: Path) -> None:
    """The bench reads what is there and says how many lines each figure stands on."""
    _folder(tmp_path, "lines", ["return to tennis", "walk 30 min"])
    _folder(tmp_path, "phone_date", ["10/09/26"])
    _folder(tmp_path, "elsewhere", ["not measured"])
    rows = {row.material: row for row in measure_materials(tmp_path, open_recognizers(Limits()), 0.9, DAY)}
    assert set(rows) == {"lines", "phone_date"}
    assert (rows["lines"].count, rows["lines"].exact, rows["lines"].letters) == (2, 2, 27)
    assert rows["lines"].cer == 0
    assert rows["lines"].sure >= 1
    assert rows["lines"].sure_wrong == 0
    assert rows["phone_date"].exact == 1
    assert rows["lines"].ms_a_line > 0


def test_a_wrong_value_that_would_pass_is_counted(tmp_path: Path) -> None:
    """The figure that counts: wrong, and nobody would look."""
    folder = _folder(tmp_path, "lines", ["return to tennis"])
    (folder / "truth.csv").write_text("file,text\n0.png,return to dennis\n", encoding="utf-8")
    (row,) = measure_materials(tmp_path, open_recognizers(Limits()), 0.5, DAY)
    assert (row.exact, row.edits, row.sure, row.sure_wrong) == (0, 1, 1, 1)


@pytest.mark.parametrize(
    ("read", "same"), [("Knee pain,", True), ("knee pain", True), ("knee pain.", False), ("knee, pain", False)]
)
def test_a_pause_at_the_end_of_a_cut_line_is_not_counted(read: str, same: bool) -> None:
    """No field ends in a comma, so that none is read there; within a text each counts."""
    assert same_text("knee pain,", read) is same


def test_what_pictures_of_one_form_have_in_common_is_taken_away(tmp_path: Path) -> None:
    """Rule and label are on every crop; writing is not, so the blank form can be found without being given."""
    texts = ["garden town", "bridge end", "south hill", "market place", "old mill", "west park"]
    _folder(tmp_path, "lines_on_rule", texts, ruled=True)
    (row,) = measure_materials(tmp_path, open_recognizers(Limits()), 0.9, DAY)
    assert row.cer <= 0.1


def test_what_an_edge_has_left_of_the_next_line_is_not_read(tmp_path: Path) -> None:
    """Whoever cut the crops cut through the line below; what is left of it says nothing."""
    folder = _folder(tmp_path, "phone_date", ["10/09/26"])
    crop = _picture("10/09/26", 40, ruled=False)
    cv2.imwrite(str(folder / "0.png"), np.vstack([crop, crop[20:40]]))
    (row,) = measure_materials(tmp_path, open_recognizers(Limits()), 0.9, DAY)
    assert (row.count, row.exact) == (1, 1)


def test_a_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    """Whoever put it there can take it out."""
    folder = _folder(tmp_path, "words", ["gait"])
    (folder / "0.png").write_text("no picture")
    with pytest.raises(UsageError, match=r"words/0\.png is no picture"):
        list(measure_materials(tmp_path, [], 0.9, DAY))
