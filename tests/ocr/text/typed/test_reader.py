"""Typed slips, read end to end with the real readers."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.recognizers import open_recognizers
from ocr.recognizers.recognizer import RecognizedLine, TextRecognizer
from ocr.scale import PX_PER_MM
from ocr.text import read_text
from ocr.text.field_reader import FieldReader
from ocr.text.read_fields import open_fields
from ocr.text.typed.reader import TypedFieldReader
from schemas.bars import SHIPPED, ValueKind
from schemas.limits import Limits
from schemas.pad import TextField
from tests.ocr.text.slips import FILLED, TODAY, filled_slip, template

SURE = SHIPPED[ValueKind.PHRASE]
# Words that no list has, a space that could be anywhere, an apostrophe, a near miss of a known word.
HARD = FILLED | {
    "patient_name": "Ian O'Rourke",
    "diagnosis": "s/p R RTC repair 6/2/26, 20 wks",
    "goals": "Pilates, RTW full duty",
    "precautions": "Monitor BP, stop if > 180/100",
    "provider_name": "Selma Mbeki, PA-C",
}
WORDS = HARD.keys() - {"patient_phone", "signed_on"}


@pytest.fixture(scope="module")
def readers() -> tuple[TextRecognizer, ...]:
    """All listed recognizers."""
    return open_recognizers(Limits())


@dataclass
class ChangingReader:
    """A real reader of print that takes each letter of `plain` for that of `other` at its place, and counts calls."""

    reader: TextRecognizer
    plain: str = ""
    other: str = ""
    calls: int = 0

    @property
    def name(self) -> str:
        return self.reader.name

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        self.calls += 1
        changed = str.maketrans(self.plain, self.other)
        return [RecognizedLine(line.text.translate(changed), line.confidence) for line in self.reader.recognize(lines)]


@pytest.mark.parametrize("face", ["arimo", "tinos"])
def test_typed_words_that_both_readers_read_alike_pass(face: str, readers: Sequence[TextRecognizer]) -> None:
    """Print is what machines read best; who gave the value stays visible, and the reader of print is named first."""
    text = read_text(filled_slip(HARD, hand=face), template(), readers, TODAY, "US").readings
    assert {name: text[name].value for name in WORDS} == {name: HARD[name] for name in WORDS}
    assert {name for name in WORDS if text[name].confidence < SURE} == set()
    assert {text[name].reader for name in WORDS} - {"ppocr"} == {"tesseract+ppocr"}


def test_typed_words_that_the_readers_read_otherwise_are_doubted(readers: Sequence[TextRecognizer]) -> None:
    """One letter apart is no agreement; what the reader of print said is offered beside the value."""
    other = str.maketrans("bP", "hF")
    second = ChangingReader(readers[1], "bP", "hF")
    text = read_text(filled_slip(HARD, hand="tinos"), template(), [readers[0], second], TODAY, "US").readings
    for name in ("goals", "provider_name"):
        assert (text[name].value, text[name].reader) == (HARD[name], "ppocr")
        assert text[name].confidence < SURE
        assert HARD[name].translate(other) in {candidate.value for candidate in text[name].candidates}
    assert text["diagnosis"].confidence >= SURE  # has none of these letters


def test_all_typed_fields_of_a_slip_cost_one_call(readers: Sequence[TextRecognizer]) -> None:
    """Starting Tesseract costs as much as reading ten lines."""
    second = ChangingReader(readers[1])
    read_text(filled_slip(HARD, hand="arimo"), template(), [readers[0], second], TODAY, "US")
    assert second.calls == 1


def test_typed_words_with_a_line_through_them_are_doubted(readers: Sequence[TextRecognizer]) -> None:
    """Both readers may read every struck letter: they agree on what nobody means."""
    slip = filled_slip(HARD, hand="tinos")
    for field in template().design.writing:
        if isinstance(field, TextField) and field.name in HARD:
            box, pitch = field.box_mm, field.box_mm.h / field.lines
            y = round((box.y + pitch - 2.0) * PX_PER_MM)
            ends = [round((box.x + across) * PX_PER_MM) for across in (0.5, 30.0)]
            cv2.line(slip, (ends[0], y), (ends[1], y), 40, 3, cv2.LINE_AA)
    text = read_text(slip, template(), readers, TODAY, "US").readings
    assert [name for name in WORDS if text[name].confidence >= SURE] == []


def test_an_accent_that_one_reader_sees_is_doubted_on_typed_slips_too(readers: Sequence[TextRecognizer]) -> None:
    """English has none, and the dots of a fax make them."""
    second = ChangingReader(readers[1], "ae", "\u00e4\u00e9")
    text = read_text(filled_slip(HARD, hand="tinos"), template(), [readers[0], second], TODAY, "US").readings
    assert text["goals"].confidence < SURE
    assert text["goals"].value == HARD["goals"]


def test_a_hand_taken_for_print_passes_only_what_both_readers_read(readers: Sequence[TextRecognizer]) -> None:
    """Somebody writes as level as a machine: then the second reader decides no more than it would on print."""
    lines = filled_slip(HARD, hand="kalam")
    typed = [name for name, field in _fields(lines).items() if isinstance(field, TypedFieldReader)]
    assert typed
    second = ChangingReader(readers[1], "aeo", "eoa")
    alone = read_text(lines, template(), readers[:1], TODAY, "US").readings
    text = read_text(lines, template(), [readers[0], second], TODAY, "US").readings
    assert {name for name in typed if text[name].confidence >= SURE} <= {
        name for name in typed if alone[name].confidence >= SURE
    }


def _fields(slip: NDArray[np.uint8]) -> dict[str, FieldReader]:
    return {field.name: field for field in open_fields(slip, template()) if field.ink.lines}


def test_a_typed_name_with_a_signature_through_its_letters_is_doubted(readers: Sequence[TextRecognizer]) -> None:
    """Both readers see a letter less, or another one."""
    slip = filled_slip(HARD, hand="tinos")
    box = next(field.box_mm for field in template().design.fields if field.name == "provider_name")
    x, y = round((box.x + 6) * PX_PER_MM), round((box.bottom - 0.5) * PX_PER_MM)
    cv2.ellipse(slip, (x, y + 50), (24, 55), 0, 0, 360, 40, 3, cv2.LINE_AA)
    assert _fields(slip)["provider_name"].ink.torn
    assert read_text(slip, template(), readers, TODAY, "US").readings["provider_name"].confidence < SURE
