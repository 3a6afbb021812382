"""Pictures of how trainings went and of what is read worst."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.recognizer import RecognizedLine
from training.text.lines.shards import LabeledLine
from training.text.pictures import curves, worst, worst_lines


class Says:
    """A reader that says the same of every line."""

    name = "says"

    def __init__(self, text: str) -> None:
        self._text = text

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """See TextRecognizer.recognize."""
        return [RecognizedLine(self._text, 1.0) for _ in lines]


def _line(text: str, source: str = "font") -> LabeledLine:
    return LabeledLine(np.full((48, 200), 255, np.uint8), text, source, "kalam", "scan-300")


def test_the_worst_lines_come_first_and_are_of_fonts_only() -> None:
    """A person's strokes are nobody's to publish; a line that is shown twice tells nothing more."""
    lines = [_line("knee pain"), _line("hip fracture"), _line("hip fracture"), _line("low back pain", "unipen")]
    found = worst_lines(lines, Says("knee pain"))
    assert [line.text for line, _ in found] == ["hip fracture", "knee pain"]


def test_both_pictures_are_written(tmp_path: Path) -> None:
    """Docs show them; a group that one training did not look at is left out of its line."""
    looks = [{"step": step, "loss": 0.5, "error_rates": {"font": 0.1 - step / 1e5}} for step in (0, 250)]
    curves(
        {"fonts": looks, "mix": [*looks, {"step": 500, "loss": 0.4, "error_rates": {"unipen": 0.2}}]},
        tmp_path / "a.png",
    )
    worst([_line("knee pain"), _line("$5 copay")], Says("knee"), Says("knee pain"), tmp_path / "b.png")
    for name in ("a.png", "b.png"):
        assert cv2.imread(str(tmp_path / name)) is not None
