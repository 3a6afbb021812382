"""Accuracy on folders of real lines: pictures with a `truth.csv` (columns file, text), read as on slips."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from bench.text.line_pictures import gray_picture, line_readers, ruled_line_readers
from bench.text.metrics import fold_case, levenshtein, same_digits
from ocr.language.ngrams import Kind
from ocr.recognizers.recognizer import TextRecognizer
from ocr.text.field_reader import FieldReader
from ocr.text.meaning import without_end_pause
from ocr.text.read_fields import read_open_fields
from schemas.reading import TextReading

TRUTH = "truth.csv"


def same_text(truth: str, read: str) -> bool:
    """Whether both say the same; case, runs of spaces and a pause at the very end aside."""
    return _compared(truth) == _compared(read)


def _compared(text: str) -> str:
    """Lines that are cut from a text may end in a comma; no field of a slip does, and none is read there."""
    return without_end_pause(fold_case(text))


PHONE_REGION = "US"  # where the lines of all materials were written


@dataclass(frozen=True)
class TextMaterial:
    """A folder of lines: what is written in it, when a line counts as read exactly, and what else is known of it.

    `ruled` pictures show one printed form; of a `closed` folder the reader is given the list of all texts.
    """

    folder: str
    kind: Kind = "text"
    same: Callable[[str, str], bool] = same_text
    ruled: bool = False
    closed: bool = False

    @property
    def name(self) -> str:
        """What rows call it."""
        return f"{self.folder}, list given" if self.closed else self.folder


MATERIALS = (
    TextMaterial("synthetic_phrases"),
    TextMaterial("lines"),
    TextMaterial("lines_on_rule", ruled=True),
    TextMaterial("words"),
    TextMaterial("words", closed=True),
    TextMaterial("phone_date", kind="numbers", same=same_digits),
)


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
    data: Path, recognizers: Sequence[TextRecognizer], sure_from: float, received_on: date
) -> Iterator[MaterialRow]:
    """One row for each known folder of `data` that is there and has a truth; `sure_from` is the policy's confidence."""
    for material in known_materials(data):
        yield measure_material(material, data, recognizers, sure_from, received_on)


def known_materials(data: Path) -> list[TextMaterial]:
    """The materials whose folders lie in `data`."""
    return [material for material in MATERIALS if (data / material.folder / TRUTH).is_file()]


def open_material(material: TextMaterial, data: Path) -> tuple[list[str], list[FieldReader]]:
    """The truths of a material's lines, and the lines as fields that are still unread."""
    with (data / material.folder / TRUTH).open(newline="", encoding="utf-8") as file:
        rows = [(row["file"], row["text"]) for row in csv.DictReader(file)]
    truths = [text for _, text in rows]
    pictures = [gray_picture(data / material.folder / name) for name, _ in rows]
    choices = tuple(sorted(set(truths))) if material.closed else ()
    return truths, (ruled_line_readers(pictures) if material.ruled else line_readers(pictures, material.kind, choices))


def measure_material(
    material: TextMaterial, data: Path, recognizers: Sequence[TextRecognizer], sure_from: float, received_on: date
) -> MaterialRow:
    """Read every line of one material."""
    start = perf_counter()
    truths, fields = open_material(material, data)
    readings = read_open_fields(fields, recognizers, received_on, PHONE_REGION).readings
    seconds = perf_counter() - start
    return _row(material, truths, [readings[field.name] for field in fields], sure_from, seconds)


def _row(
    material: TextMaterial, truths: Sequence[str], read: Sequence[TextReading], sure_from: float, seconds: float
) -> MaterialRow:
    same = [material.same(truth, reading.value) for truth, reading in zip(truths, read, strict=True)]
    sure = [reading.confidence >= sure_from for reading in read]
    edits = [levenshtein(_compared(true), _compared(reading.value)) for true, reading in zip(truths, read, strict=True)]
    return MaterialRow(
        material=material.name,
        count=len(truths),
        exact=sum(same),
        edits=sum(edits),
        letters=sum(len(_compared(truth)) for truth in truths),
        sure=sum(sure),
        sure_wrong=sum(sure_one and not right for sure_one, right in zip(sure, same, strict=True)),
        seconds=seconds,
    )
