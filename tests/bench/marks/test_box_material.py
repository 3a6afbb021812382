"""Real boxes of strange forms, measured by the scorer that reads slips."""

import csv
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.marks.box_material import BoxRow, measure_boxes_of

PAGES = 5
SIDE_PX = 60
PLACES = [(300 + 260 * column, 300 + 220 * row) for row in range(3) for column in range(3)]
FIELDS = ["file", "question", "column", "cx", "cy", "w", "h", "marked", "difficulty"]


def _page(ticked: set[int], dot: int | None = None) -> NDArray[np.uint8]:
    page = np.full((1100, 1100), 255, np.uint8)
    for number, (x, y) in enumerate(PLACES):
        half = SIDE_PX // 2
        cv2.rectangle(page, (x - half, y - half), (x + half, y + half), 0, 3)
        cv2.putText(page, "Good", (x - 50, y - 45), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
        if number in ticked:
            cv2.line(page, (x - 40, y + 30), (x + 60, y - 45), 0, 5)
        if number == dot:
            cv2.circle(page, (x, y), 4, 0, -1)
    return page


def _survey(data: Path, pages: list[tuple[set[int], int | None]], difficulty: str = "normal") -> None:
    folder = data / "survey_pages"
    folder.mkdir()
    with (folder / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(FIELDS)
        for page, (ticked, dot) in enumerate(pages):
            cv2.imwrite(str(folder / f"{page}.png"), _page(ticked, dot))
            for number, (x, y) in enumerate(PLACES):
                marked = number in ticked or number == dot
                why = difficulty if number == dot else ""
                place = (f"{page}.png", number // 3, number % 3, x, y, SIDE_PX, SIDE_PX)
                table.writerow([*place, int(marked), why])


def _only(data: Path) -> BoxRow:
    (row,) = measure_boxes_of(data)
    return row


def test_boxes_of_a_form_are_read_without_its_blank(tmp_path: Path) -> None:
    """What the pages have in common stands for the blank; what differs was written."""
    _survey(tmp_path, [({page, 8 - page}, None) for page in range(PAGES)])
    row = _only(tmp_path)
    assert (row.material, row.boxes, row.wrong, row.undecided) == ("survey_pages", PAGES * len(PLACES), 0, 0)


def test_a_wrong_call_is_counted_and_comes_first(tmp_path: Path) -> None:
    """The figure that counts, and the picture to look at."""
    _survey(tmp_path, [({page}, None) for page in range(PAGES)])
    truth = tmp_path / "survey_pages" / "truth.csv"
    truth.write_text(
        truth.read_text(encoding="utf-8").replace("0.png,0,0,300,300,60,60,1", "0.png,0,0,300,300,60,60,0")
    )
    row = _only(tmp_path)
    assert (row.wrong, row.decided) == (1, row.boxes)
    assert max(row.specimens, key=lambda specimen: specimen.badness).lines[:3] == (
        "0.png 0.0",
        "truth: empty",
        "read: checked",
    )


def test_arguable_boxes_are_counted_aside(tmp_path: Path) -> None:
    """People would not agree on them either."""
    _survey(tmp_path, [({page}, 7) for page in range(PAGES)], "hard")
    row = _only(tmp_path)
    assert (row.boxes, row.aside, row.wrong) == (PAGES * (len(PLACES) - 1), PAGES, 0)
    assert row.aside_undecided == PAGES


def test_crops_need_no_geometry(tmp_path: Path) -> None:
    """The outline is found around the middle, whatever size it was scanned in."""
    folder = tmp_path / "checkbox_crops"
    folder.mkdir()
    rows = ["file,marked,difficulty,note"]
    for number, half in enumerate((12, 13, 14) * 2):
        crop = np.full((96, 96), 255, np.uint8)
        cv2.rectangle(crop, (48 - half, 48 - half), (48 + half, 48 + half), 20, 3)
        cv2.putText(crop, "No", (68, 58), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 20, 2)
        if number >= 3:
            cv2.line(crop, (34, 50), (44, 60), 60, 4, cv2.LINE_AA)
            cv2.line(crop, (44, 60), (80, 20), 60, 4, cv2.LINE_AA)
        cv2.imwrite(str(folder / f"{number}.png"), crop)
        rows.append(f"{number}.png,{int(number >= 3)},normal,")
    (folder / "truth.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    row = _only(tmp_path)
    assert (row.material, row.boxes, row.wrong, row.undecided) == ("checkbox_crops", 6, 0, 0)
