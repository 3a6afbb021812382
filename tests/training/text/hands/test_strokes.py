"""Lines, words and letters out of UNIPEN's files, stood on one baseline."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.text.conftest import zigzag
from training.text.hands.strokes import X_HEIGHT, letter_sample, line_sample, read_pen_writers
from training.unipen import Stroke


def _file(*strokes: Stroke) -> str:
    rows = ["\n".join(f"{x:.2f} {-y:.2f}" for x, y in stroke) for stroke in strokes]
    return ".COORD X Y\n.WRITER_ID anna\n" + "".join(f".PEN_DOWN\n{row}\n.PEN_UP\n0 0\n" for row in rows)


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Two files of one person: a line with a word, and letters."""
    wide = zigzag(0, 3) * (40, 1)
    files = {
        "include/abc/line.dat": _file(zigzag(0, 5), zigzag(60, 5), wide),
        "include/abc/letters.dat": _file(zigzag(0, 2)),
        "data/8/abc/line.dat": '.INCLUDE abc/line.dat\n.SEGMENT TEXT 0-2 OK "mum , mum"\n.SEGMENT TEXT 4 OK "nine"\n',
        "data/7/abc/line.dat": '.INCLUDE abc/line.dat\n.SEGMENT WORD 0 OK "m\\@um"\n.SEGMENT WORD 2 BAD "mum"\n',
        "data/1b/abc/letters.dat": '.INCLUDE abc/letters.dat\n.SEGMENT CHARACTER 0 OK "M"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="latin-1")
    return tmp_path


def test_a_person_has_lines_words_and_letters_from_all_files(collection: Path) -> None:
    """One person's hand is in several categories; it is one hand, and is trained on or checked with as a whole."""
    (name, writer) = next(iter(read_pen_writers(collection).items()))
    assert name == "abc/anna"
    assert [line.text for line in writer.lines] == ["mum, mum"]
    assert [word.text for word in writer.words] == ["mum"]
    assert list(writer.letters) == ["M"]


def test_strokes_far_wider_than_their_label_are_left_out(collection: Path) -> None:
    """They belong to another text, and would teach letters that are not there."""
    (writer,) = read_pen_writers(collection).values()
    assert "nine" not in [line.text for line in writer.lines]


@pytest.mark.parametrize("tilt", [0.0, 0.08, -0.08])
def test_a_line_is_level_and_its_small_letters_are_of_one_height(tilt: float) -> None:
    """Tablets differ in size and people write uphill: a slip's habit decides both."""
    tilted = [
        stroke + np.stack([0 * stroke[:, 0], tilt * stroke[:, 0]], axis=1) for stroke in (zigzag(0, 8), zigzag(80, 8))
    ]
    line = line_sample("mumu mumu", tilted)
    assert line is not None
    points = np.concatenate(line.strokes)
    assert points[:, 1].min() == pytest.approx(-X_HEIGHT, abs=0.15)
    assert points[:, 1].max() == pytest.approx(0, abs=0.15)
    assert points[:, 0].min() == pytest.approx(0, abs=1e-5)


def test_letters_are_as_high_as_their_kind_is() -> None:
    """Written one by one, an x fills its box as an H does; side by side they differ."""
    heights = {
        letter: np.concatenate(letter_sample(letter, [zigzag(0, 1)]).strokes)[:, 1] for letter in ("H", "x", "g", "-")
    }
    assert np.ptp(heights["H"]) == pytest.approx(1.0, abs=0.01)
    assert heights["H"].max() == pytest.approx(0, abs=0.01)
    assert np.ptp(heights["x"]) == pytest.approx(X_HEIGHT, abs=0.01)
    assert heights["g"].max() > 0.3
    assert heights["-"].max() < -0.2
