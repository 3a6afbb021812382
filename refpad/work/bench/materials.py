"""Accuracy on folders of real lines: pictures with a `truth.csv` (columns file, text), read as on slips."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from ocr.recognisers.recogniser import TextRecogniser
from ocr.text.reading import read_written
from refpad.work.bench.loose_lines import grey_picture, loose_lines, ruled_lines
from refpad.work.bench.metrics import folded, levenshtein, same_digits
from schemas.reading import TextReading

TRUTH = "truth.csv"
RULED = "lines_on_rule"


def same_text(truth: str, read: str) -> bool:
    """Whether both say the same; case and runs of spaces aside."""
    return folded(truth) == folded(read)


# When a line counts as read exactly, by folder.
MATERIALS: dict[str, Callable[[str, str], bool]] = {
    "lines": same_text,
    RULED: same_text,
    "phone_date": same_digits,
    "words": same_text,
    "synthetic_phrases": same_text,
}


@dataclass(frozen=True)
class MaterialRow:
    """Counts over one folder. `sure` lines would pass without a person; `edits` and `letters` make the CER.

    `seconds` is for preparing and reading all lines together.
    """

    material: str
    count: int
    exact: int
    edits: int
    letters: int
    sure: int
    sure_wrong: int
    seconds: float

    @property
    def cer(self) -> float:
        return self.edits / max(self.letters, 1)

    @property
    def ms_a_line(self) -> float:
        return 1000 * self.seconds / max(self.count, 1)


def measure_materials(
    data: Path, recognisers: Sequence[TextRecogniser], sure_from: float, received_on: date
) -> Iterator[MaterialRow]:
    """One row for each known folder of `data` that is there and has a truth; `sure_from` is the policy's confidence."""
    for name in MATERIALS:
        if (data / name / TRUTH).is_file():
            yield measure_material(data / name, recognisers, sure_from, received_on)


def measure_material(
    folder: Path, recognisers: Sequence[TextRecogniser], sure_from: float, received_on: date
) -> MaterialRow:
    """Read every line of one folder, named as in MATERIALS."""
    truths = _truths(folder)
    pictures = [grey_picture(folder / file) for file, _ in truths]
    start = perf_counter()
    written = ruled_lines(pictures) if folder.name == RULED else loose_lines(pictures)
    readings = read_written(written, recognisers, received_on).readings
    seconds = perf_counter() - start
    read = [readings[each.field.name] for each in written]
    return _row(folder.name, [text for _, text in truths], read, sure_from, seconds)


def _row(
    material: str, truths: Sequence[str], read: Sequence[TextReading], sure_from: float, seconds: float
) -> MaterialRow:
    same = [MATERIALS[material](truth, reading.value) for truth, reading in zip(truths, read, strict=True)]
    sure = [reading.confidence >= sure_from for reading in read]
    edits = [levenshtein(folded(true), folded(reading.value)) for true, reading in zip(truths, read, strict=True)]
    return MaterialRow(
        material=material,
        count=len(truths),
        exact=sum(same),
        edits=sum(edits),
        letters=sum(len(folded(truth)) for truth in truths),
        sure=sum(sure),
        sure_wrong=sum(sure_one and not right for sure_one, right in zip(sure, same, strict=True)),
        seconds=seconds,
    )


def _truths(folder: Path) -> list[tuple[str, str]]:
    with (folder / TRUTH).open(newline="", encoding="utf-8") as file:
        return [(row["file"], row["text"]) for row in csv.DictReader(file)]
