"""What a label says is believed where two readers, or a barcode, say it; it fills, covers, and may differ."""

from datetime import date

import numpy as np
import pytest

from ocr.patient_label.judge import LETTER_LEAST, SURE, LabelReadings, judge_label, with_covered, with_label
from ocr.patient_label.read import LabelRead
from schemas.reading import LABEL, MarkReading, MarkState, TextReading
from schemas.reasons import FindingCode

TODAY = date(2026, 11, 23)
LINES = ("DOE, JANE Q", "DOB: 03/04/1961")
LABELS = {"patient_name": "Patient", "birth_date": "Date of birth", "next_visit_on": "Next visit"}
BARCODE = "DOE^JANE^Q|19610304|F"


def judged(
    printed: tuple[str, ...] = LINES,
    lines: tuple[str, ...] = LINES,
    sure: float = 1.0,
    barcodes: tuple[str, ...] = (),
    spaced: bool = True,
) -> dict[str, TextReading]:
    count = len(printed)
    read = LabelRead(printed, lines, (sure,) * count, (spaced,) * count, barcodes, np.zeros((3, 2)))
    return judge_label(read, TODAY, "US")


def passing(said: dict[str, TextReading]) -> dict[str, str]:
    return {name: reading.value for name, reading in said.items() if reading.confidence >= SURE}


def test_what_two_readers_see_alike_is_believed() -> None:
    """Spaces aside, which the reader of lines often drops; the reading says that it is a label's."""
    said = judged(lines=("DOE,JANEQ", "DOB:03/04/1961"))
    assert passing(said) == {"patient_name": "Jane Q Doe", "birth_date": "1961-03-04"}
    assert said["patient_name"].reader == "label+tesseract+ppocr"


@pytest.mark.parametrize(
    ("lines", "sure"), [(("DOE, JANA Q", "DOB: 03/04/1967"), 1.0), (("", ""), 1.0), (LINES, LETTER_LEAST - 0.01)]
)
def test_print_that_is_unsure_is_a_doubt(lines: tuple[str, ...], sure: float) -> None:
    """Readers that differ, one that sees nothing, or a letter that a coarse fax has spoiled for both."""
    said = judged(lines=lines, sure=sure)
    assert passing(said) == {}
    assert said["patient_name"].candidates[0].value == "Jane Q Doe"


def test_a_name_whose_spaces_are_not_clear_is_a_doubt() -> None:
    """Narrow print makes one word of a given name and an initial, for both readers."""
    assert passing(judged(spaced=False)) == {"birth_date": "1961-03-04"}


def test_a_barcode_is_believed_unless_the_print_says_otherwise() -> None:
    """It checks itself; a label over another one's print would differ."""
    assert passing(judged(("~",), ("",), barcodes=(BARCODE,))) == {
        "patient_name": "Jane Q Doe", "birth_date": "1961-03-04",
    }  # fmt: skip
    spoiled = judged(("DQE, JANF Q",), ("0OE, JANE Q",), sure=0.5, barcodes=(BARCODE,))
    assert passing(spoiled)["patient_name"] == "Jane Q Doe"
    other = judged(("SMITH, ALAN",), ("SMITH, ALAN",), barcodes=(BARCODE,))
    assert passing(other) == {"birth_date": "1961-03-04"}


def written(value: str = "", confidence: float = 1.0) -> TextReading:
    return TextReading(value=value, confidence=confidence, reader="ppocr" if value else "ink")


def test_a_label_fills_the_field_of_its_name_and_covers_others() -> None:
    """What lies under it nobody has read: a doubt each, and none about what the label says."""
    label = LabelReadings(judged(), frozenset({"patient_name", "next_visit_on"}))
    pen = {"patient_name": written("scraps"), "birth_date": written(), "next_visit_on": written()}
    readings, findings = with_label(pen, label, LABELS)
    assert (readings["patient_name"].value, readings["birth_date"].value) == ("Jane Q Doe", "1961-03-04")
    assert [(finding.field, finding.code) for finding in findings] == [("next_visit_on", FindingCode.FIELD_DOUBTFUL)]
    assert (readings["next_visit_on"].confidence, readings["next_visit_on"].reader) == (0.0, LABEL)


def test_writing_and_label_that_differ_are_a_doubt_with_both_to_choose_from() -> None:
    """A label of another patient is stuck on by mistake now and then."""
    label = LabelReadings(judged())
    readings, findings = with_label({"birth_date": written("1961-03-05")}, label, LABELS)
    assert [finding.field for finding in findings] == ["birth_date"]
    assert readings["birth_date"].confidence < SURE
    assert [one.value for one in readings["birth_date"].candidates][:2] == ["1961-03-05", "1961-03-04"]
    same, none = with_label({"birth_date": written("1961-03-04", 0.6)}, label, LABELS)
    assert (passing(same), none) == ({"birth_date": "1961-03-04"}, ())


def test_a_birth_date_that_was_not_read_on_a_label_is_not_missing_silently() -> None:
    """The field beside the label is empty since the label has it."""
    label = LabelReadings({"patient_name": judged()["patient_name"]})
    readings, findings = with_label({"birth_date": written()}, label, LABELS)
    assert (readings["birth_date"].confidence, [finding.field for finding in findings]) == (0.0, ["birth_date"])


def test_a_box_under_a_label_is_neither_checked_nor_empty() -> None:
    """White paper over a tick looks like an empty box."""
    empty = MarkReading(value=MarkState.UNCHECKED, confidence=1.0, ink=0.0)
    marks = with_covered({"stroke": empty, "sciatica": empty}, frozenset({"stroke"}))
    assert [mark.value for mark in marks.values()] == [MarkState.AMBIGUOUS, MarkState.UNCHECKED]
