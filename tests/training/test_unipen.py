"""Digits out of the files of UNIPEN's collection."""

from pathlib import Path

import numpy as np

from training.unipen import read_pen_digits

STROKES = """.VERSION 1.0
.COORD X Y
.WRITER_ID anna
.PEN_DOWN
0 0
0 10
0 20
.PEN_UP
5 5
.PEN_DOWN
10 0
10 30
.DT 20
.PEN_DOWN
0 0
400 10
"""
SEGMENTS = """.INCLUDE abc/abc.doc
.INCLUDE abc/data/anna.dat
.SEGMENT CHARACTER 0 ? "1"
.SEGMENT CHARACTER 0-2 OK "4"
.SEGMENT CHARACTER 0:1-0:2 OK "7"
.SEGMENT CHARACTER 3 ? "2"
.SEGMENT CHARACTER 0 ? "a"
"""


def _collection(folder: Path) -> Path:
    for name, text in {"data/1a/abc/anna.dat": SEGMENTS, "include/abc/data/anna.dat": STROKES}.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, encoding="latin-1")
    (folder / "data/1a/abc/lost.dat").write_text(SEGMENTS.replace("anna.dat", "lost.dat"), encoding="latin-1")
    return folder


def test_each_digit_has_its_own_strokes_and_its_writer(tmp_path: Path) -> None:
    """A stroke of the neighbor, or another person's name, would be learned as this one's."""
    found = list(read_pen_digits(_collection(tmp_path)))
    assert [(digit.digit, len(digit.strokes)) for digit in found] == [("1", 1), ("4", 2), ("7", 1)]
    assert {digit.writer for digit in found} == {"abc/anna"}


def test_strokes_stand_upright_as_on_paper(tmp_path: Path) -> None:
    """Tablets count from the bottom up, pictures from the top down: turned over, a 6 is a 9 of sorts."""
    one = next(read_pen_digits(_collection(tmp_path)))
    assert np.array_equal(one.strokes[0], [[0, 0], [0, -10], [0, -20]])


def test_what_is_far_wider_than_a_digit_is_left_out(tmp_path: Path) -> None:
    """A stroke across the line was cut wrongly; labeled as a 2 it would only confuse."""
    assert "2" not in {digit.digit for digit in read_pen_digits(_collection(tmp_path))}
