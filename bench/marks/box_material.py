"""Accuracy on real checkboxes of other people's forms, measured and judged by the same code as on slips."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.contact_sheet import Specimen
from bench.marks.box_pictures import CROPS, SURVEY, BoxPicture, checkbox_crops, survey_pages
from ocr.ink import cut
from ocr.marks.judge import judge_mark
from ocr.marks.measure import BoxPlace, measure_boxes
from ocr.scale import PX_PER_MM
from ocr.streaks import LINE_LEAST_MM, NO_LINES, Lines, find_lines
from schemas.reading import MarkReading, MarkState

TRUTH = "truth.csv"
AROUND_MM = 3.0  # shown around a box on the contact sheet
FOLDERS: dict[str, Callable[[Path], Iterator[BoxPicture]]] = {SURVEY: survey_pages, CROPS: checkbox_crops}


@dataclass(frozen=True)
class BoxRow:
    """Counts over one folder; boxes that people call arguable are counted in `aside`, and only there.

    `specimens` are all boxes worth a look, the worst first.
    """

    material: str
    boxes: int
    wrong: int
    undecided: int
    aside: int
    aside_wrong: int
    aside_undecided: int
    specimens: tuple[Specimen, ...]

    @property
    def decided(self) -> int:
        return self.boxes - self.undecided


def measure_boxes_of(data: Path) -> Iterator[BoxRow]:
    """One row for each known folder of `data` that is there and has a truth."""
    for name, pictures in FOLDERS.items():
        if (data / name / TRUTH).is_file():
            yield _row(name, list(_readings(pictures(data / name))))


@dataclass(frozen=True)
class _BoxReading:
    marked: bool
    arguable: bool
    reading: MarkReading
    specimen: Specimen

    @property
    def undecided(self) -> bool:
        return self.reading.value is MarkState.AMBIGUOUS

    @property
    def wrong(self) -> bool:
        return not self.undecided and (self.reading.value is MarkState.CHECKED) is not self.marked


def _readings(pictures: Iterator[BoxPicture]) -> Iterator[_BoxReading]:
    for picture in pictures:
        measures = measure_boxes(picture.ink, _lines(picture), picture.boxes, picture.printed)
        for box, truth in zip(picture.boxes, picture.truths, strict=True):
            reading = judge_mark(measures[box.name])
            wrong = (
                reading.value is not MarkState.AMBIGUOUS and (reading.value is MarkState.CHECKED) is not truth.marked
            )
            badness = 2.0 * wrong + (1 - reading.confidence)
            yield _BoxReading(
                truth.marked, truth.arguable, reading, _specimen(picture, box, reading, truth.marked, badness)
            )


def _lines(picture: BoxPicture) -> Lines:
    """Lines as on a slip; a crop shorter than the shortest line has none."""
    least_px = LINE_LEAST_MM * PX_PER_MM
    return find_lines(picture.ink, picture.printed) if min(picture.ink.shape) > least_px else NO_LINES


def _specimen(picture: BoxPicture, box: BoxPlace, reading: MarkReading, marked: bool, badness: float) -> Specimen:
    said = f"{picture.name} {box.name}", f"truth: {'ticked' if marked else 'empty'}"
    return Specimen(
        255 - cut(picture.ink, box.box_mm.grown(AROUND_MM)), (*said, f"read: {reading.value}", reading.reason), badness
    )


def _row(material: str, readings: list[_BoxReading]) -> BoxRow:
    plain = [reading for reading in readings if not reading.arguable]
    arguable = [reading for reading in readings if reading.arguable]
    return BoxRow(
        material=material,
        boxes=len(plain),
        wrong=sum(reading.wrong for reading in plain),
        undecided=sum(reading.undecided for reading in plain),
        aside=len(arguable),
        aside_wrong=sum(reading.wrong for reading in arguable),
        aside_undecided=sum(reading.undecided for reading in arguable),
        specimens=tuple(reading.specimen for reading in readings),
    )
