"""A slip's writing read end to end, with the real readers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.language.fields import Languages
from ocr.page import Page
from ocr.reader import Reader
from ocr.recognizers import open_recognizers
from ocr.recognizers.recognizer import EngineFailedError, RecognizedLine, TextRecognizer
from ocr.scale import PX_PER_MM, REGISTERED_DPI
from ocr.text import digit_reader, read_text
from ocr.text.cells.digits import Decoded, Number
from ocr.text.confidence.judge import DOUBT
from ocr.text.field_reader import looks_again
from ocr.text.read_fields import open_fields, read_open_fields
from pads.simulate.pen.fill import DigitWriter, Habits
from pads.simulate.pen.handwriting import Script, write_digit
from pads.simulate.strokes import Box, Mask
from schemas.acceptance import Policy
from schemas.bars import SHIPPED, ValueKind
from schemas.limits import Limits
from schemas.reading import TextReading
from schemas.reasons import FindingCode
from tests.ocr.text.rivals.drawn_lines import seen_line
from tests.ocr.text.slips import FILLED, TODAY, filled_slip, template

SURE = SHIPPED[ValueKind.PHRASE]
NUMBERS = {name: FILLED[name] for name in ("patient_phone", "signed_on")}


@pytest.fixture(scope="module")
def readers() -> tuple[TextRecognizer, ...]:
    """All listed recognizers."""
    return open_recognizers(Limits())


@dataclass
class BrokenReader:
    """A reader whose engine dies."""

    name: str = "broken"

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        raise EngineFailedError(f"The engine died on {len(lines)} lines.")


@dataclass
class CountingReader:
    """A reader that sees nothing and remembers how much it was asked."""

    name: str = "counting"
    calls: int = 0
    lines: int = 0

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        self.calls += 1
        self.lines += len(lines)
        return [RecognizedLine("", 0.0) for _ in lines]


@dataclass
class WatchedReader:
    """A real reader of which is counted how many pictures it was shown."""

    reader: TextRecognizer
    lines: int = 0

    @property
    def name(self) -> str:
        return self.reader.name

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        self.lines += len(lines)
        return self.reader.recognize(lines)


@dataclass
class SwappingReader:
    """A real reader that takes each letter of `plain` for that of `foreign` at its place."""

    reader: TextRecognizer
    plain: str
    foreign: str
    name: str = "swapping"

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        return [self._swapped(line) for line in self.reader.recognize(lines)]

    def _swapped(self, line: RecognizedLine) -> RecognizedLine:
        swap = str.maketrans(self.plain + self.foreign, self.foreign + self.plain)
        assert line.spread is not None
        spread = replace(line.spread, symbols=line.spread.symbols.translate(swap))
        return replace(line, text=line.text.translate(swap), spread=spread)


@dataclass
class NameReader:
    """A reader that sees `written` in every view, and at one place another letter with a share of its own."""

    written: str
    at: int
    other: str
    share: float
    name: str = "names"

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        written = self.written.lower()
        line = seen_line(written, {self.at: {written[self.at]: 1 - self.share, self.other: self.share}})
        assert line.spread is not None
        capitals = replace(line.spread, symbols=line.spread.symbols.translate(str.maketrans("db", "DB")))
        return [replace(line, text=self.written, spread=capitals) for _ in lines]


def test_a_neatly_filled_slip_is_read_as_written(readers: Sequence[TextRecognizer]) -> None:
    """The whole way: print removed, lines found, both readers, dates and phones in the form of records."""
    text = read_text(filled_slip(FILLED), template(), readers, TODAY, "US")
    assert {name: reading.value for name, reading in text.readings.items() if reading.value} == FILLED
    assert text.findings == ()
    assert text.readings["signed_on"].confidence >= SURE
    assert text.readings["patient_phone"].confidence >= SURE


def test_a_name_with_another_one_near_it_goes_to_a_person_who_is_offered_both() -> None:
    """A letter that is seen for sure passes, one that the ink leaves open does not."""
    slip = filled_slip(FILLED | {"patient_name": "Dana Bell"})
    sure, open_ = (_patient(slip, NameReader("Dana Bell", 2, "r", share)) for share in (1e-6, 0.19))
    assert sure.confidence >= SHIPPED[ValueKind.NAME]
    assert sure.value == open_.value == "Dana Bell"
    assert open_.confidence < SHIPPED[ValueKind.NAME]
    assert "Dara Bell" in {candidate.value for candidate in open_.candidates}


def _patient(slip: NDArray[np.uint8], reader: TextRecognizer) -> TextReading:
    """The patient's name as `reader` alone reads it."""
    return _field(slip, "patient_name", reader)


def _field(slip: NDArray[np.uint8], name: str, reader: TextRecognizer) -> TextReading:
    """That field as `reader` alone reads it."""
    (field,) = (field for field in open_fields(slip, template()) if field.name == name)
    return read_open_fields([field], [reader], TODAY, "US", Languages()).readings[name]


@dataclass
class SayingReader:
    """A reader that is sure to see the same folded text in every view."""

    said: str
    name: str = "saying"

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        return [seen_line(self.said) for _ in lines]


@pytest.mark.parametrize("said", [",", " ", ": ;"])
def test_ink_that_was_read_as_nothing_is_not_empty(said: str) -> None:
    """Goals may be left out, so that nobody would be asked for what stands there."""
    reading = _field(filled_slip(FILLED), "goals", SayingReader(said))
    assert reading.value == ""
    assert reading.confidence <= DOUBT


def test_a_code_that_lost_its_letter_goes_to_a_person_who_is_offered_it() -> None:
    """Elsewhere than in a diagnosis it is a number."""
    slip = filled_slip(FILLED)
    reading = _field(slip, "diagnosis", SayingReader("diabetes, 110"))
    assert reading.confidence <= DOUBT
    assert "diabetes, i10" in {candidate.value for candidate in reading.candidates}
    assert "i10" not in str(_field(slip, "goals", SayingReader("diabetes, 110")).candidates)


def test_a_name_in_small_letters_is_recorded_with_capitals_and_ends_in_no_comma() -> None:
    """It stands in letters to the patient."""
    assert _field(filled_slip(FILLED), "patient_name", SayingReader("rosa mckenna,")).value == "Rosa McKenna"


@pytest.mark.parametrize(("year", "passes"), [("2016", True), ("2025", False)])
def test_only_a_date_that_no_writer_makes_by_mistake_is_hardly_a_doubt(
    year: str, *, passes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Last year's number is written often enough, that of ten years ago never."""
    (field,) = (one for one in open_fields(filled_slip(NUMBERS), template()) if one.name == "signed_on")
    numbers = (Number("2026-10-09", "100926", 0.6), Number(f"{year}-10-09", f"1009{year[2:]}", 0.4))
    monkeypatch.setattr(digit_reader, "decode", lambda *_: Decoded(numbers))
    assert (field.judge(TODAY, "US", Languages()).confidence >= SHIPPED[ValueKind.DATE]) is passes


@pytest.mark.parametrize(("plain", "foreign"), [("c", "\u00e7"), ("a", "\u00e0"), ("n", "\u00f1"), ("i", "\u00ee")])
def test_a_letter_that_english_does_not_have_goes_to_a_person(
    plain: str, foreign: str, readers: Sequence[TextRecognizer]
) -> None:
    """However sure the reader is of it; the text without the accent is offered beside it."""
    swapping = SwappingReader(readers[0], plain, foreign)
    reading = read_text(filled_slip(FILLED), template(), [swapping], TODAY, "US").readings["diagnosis"]
    assert foreign in reading.value
    assert reading.confidence < SURE
    assert FILLED["diagnosis"] in {candidate.value for candidate in reading.candidates}


STRIKES = {
    "straight": [[(0.0, 0.5), (1.0, 0.5)]],
    "low": [[(0.02, 0.7), (0.97, 0.66)]],
    "slanted": [[(0.05, 0.9), (0.95, 0.2)]],
    "crossed": [[(0.0, 0.9), (1.0, 0.1)], [(0.0, 0.1), (1.0, 0.9)]],
    "twice": [[(0.0, 0.4), (1.0, 0.45)], [(0.0, 0.6), (1.0, 0.6)]],
    "zigzag": [[(step / 20, 0.35 if step % 2 else 0.65) for step in range(21)]],
    "half": [[(0.0, 0.5), (0.5, 0.5)]],
}


@pytest.mark.parametrize("pen_mm", [0.3, 0.6])
@pytest.mark.parametrize("kind", STRIKES)
@pytest.mark.parametrize("name", ["patient_phone", "signed_on"])
def test_a_number_that_was_struck_out_goes_to_a_person(
    name: str, kind: str, pen_mm: float, readers: Sequence[TextRecognizer]
) -> None:
    """One line through the cells leaves every digit legible; it is no number any more all the same."""
    slip, box = filled_slip(FILLED), next(field.box_mm for field in template().design.fields if field.name == name)
    for path in STRIKES[kind]:
        points = np.array([(box.x + x * box.w, box.y + y * box.h) for x, y in path]) * PX_PER_MM
        cv2.polylines(slip, [points.round().astype(np.int32)], False, 50, round(pen_mm * PX_PER_MM), cv2.LINE_AA)
    text = read_text(slip, template(), readers[:1], TODAY, "US")
    assert text.readings[name].confidence < SURE
    others = {"patient_phone", "signed_on"} - {name}
    assert all(text.readings[other].confidence >= SURE for other in others)


def _crossed_out(mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator) -> None:
    left, top, width, height = cell
    write_digit(mask, digit, cell, script, rng)
    for x0, y0, x1, y1 in ((0.05, 0.2, 0.95, 0.8), (0.05, 0.45, 0.95, 0.5), (0.1, 0.8, 0.9, 0.2)):
        ends = [(round(left + x * width), round(top + y * height)) for x, y in ((x0, y0), (x1, y1))]
        cv2.line(mask, *ends, 255, 4, cv2.LINE_AA)


def _two_in_one(mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator) -> None:
    left, top, width, height = cell
    write_digit(mask, digit, (left, top, width / 2, height), script, rng)
    write_digit(mask, "4", (left + width / 2, top, width / 2, height), script, rng)


# Where the cells of the telephone number and of the day stand among all that are filled.
@pytest.mark.parametrize(("name", "spoiled"), [("patient_phone", 0), ("patient_phone", 4), ("signed_on", 13)])
@pytest.mark.parametrize("spoil", [_crossed_out, _two_in_one])
def test_a_cell_that_holds_no_single_digit_goes_to_a_person(
    spoil: DigitWriter, name: str, spoiled: int, readers: Sequence[TextRecognizer]
) -> None:
    """A digit crossed out, or two in one cell: what is meant is in the writer's head alone."""
    cells = count()

    def write(mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator) -> None:
        (spoil if next(cells) == spoiled else write_digit)(mask, digit, cell, script, rng)

    slip = filled_slip(FILLED, habits=Habits(write_digit=write))
    text = read_text(slip, template(), readers[:1], TODAY, "US")
    assert text.readings[name].confidence < SURE
    others = {"patient_phone", "signed_on"} - {name}
    assert all(text.readings[other].confidence >= SURE for other in others)


def test_digits_are_given_by_both_readers_and_proposed_once(readers: Sequence[TextRecognizer]) -> None:
    """Who read a number is visible, and what is offered instead of it is another possible number."""
    text = read_text(filled_slip(NUMBERS, hand="caveat"), template(), readers[:1], TODAY, "US")
    for name, value in NUMBERS.items():
        reading = text.readings[name]
        assert reading.value == value
        assert reading.reader in {"ppocr+cells", "refpad+cells", "ppocr+refpad+cells"}
        offered = [candidate.value for candidate in reading.candidates]
        assert len(set(offered)) == len(offered)
    dates = [candidate.value for candidate in text.readings["signed_on"].candidates]
    assert all(date.fromisoformat(value) for value in dates)


def test_a_phone_is_one_of_the_country_that_the_policy_names(readers: Sequence[TextRecognizer]) -> None:
    """Read as a number of another country, it would be dialled there."""
    slip, form = filled_slip({"patient_phone": "2079460123"}), template()
    for region, means in {"US": "+12079460123", "GB": "+442079460123"}.items():
        reader = Reader((form,), readers, Policy(phone_region=region))
        (read,) = reader.read_page(Page(1, slip, REGISTERED_DPI), "scan.tif", TODAY).read.slips
        assert read.text["patient_phone"].value == means


def test_every_field_gets_a_reading_and_empty_ones_are_surely_empty(readers: Sequence[TextRecognizer]) -> None:
    """A blank slip has no word on it, and nobody needs to be asked about that."""
    for name in ("met", "post"):
        text = read_text(template(name).blank, template(name), readers, TODAY, "US")
        assert set(text.readings) == {field.name for field in template(name).design.writing}
        assert {(reading.value, reading.confidence) for reading in text.readings.values()} == {("", 1.0)}


def test_a_second_design_is_read_by_the_same_code(readers: Sequence[TextRecognizer]) -> None:
    """Geometry comes from the design alone."""
    text = read_text(filled_slip(FILLED, name="post"), template("post"), readers, TODAY, "US")
    assert {name: reading.value for name, reading in text.readings.items() if reading.value} == FILLED


def test_a_broken_reader_is_told_and_the_other_reads_on(readers: Sequence[TextRecognizer]) -> None:
    """The slip must not be lost with the engine; a person sees that a reader was missing."""
    text = read_text(filled_slip(FILLED), template(), [BrokenReader(), readers[0]], TODAY, "US")
    assert [(found.code, found.field) for found in text.findings] == [(FindingCode.ENGINE_FAILED, None)]
    assert text.readings["patient_name"].value == FILLED["patient_name"]


def test_without_any_reader_of_lines_fields_stay_unread_that_no_clear_digits_fill() -> None:
    """Written fields have no reading then, so that acceptance says they were not read; empty ones still have."""
    text = read_text(filled_slip(FILLED), template(), [BrokenReader()], TODAY, "US")
    assert set(FILLED) & set(text.readings) == set(NUMBERS)
    assert text.readings["next_visit_on"].value == ""


@pytest.mark.parametrize("hand", ["caveat", "nothing-you-could-do"])
def test_a_reader_of_print_is_not_asked_about_handwriting(hand: str, readers: Sequence[TextRecognizer]) -> None:
    """Starting Tesseract costs as much as reading ten lines, and what it says of handwriting makes nothing surer."""
    second = CountingReader()
    read_text(filled_slip(FILLED, hand=hand), template(), [readers[0], second], TODAY, "US")
    assert (second.calls, second.lines) == (0, 0)


def test_what_is_unsure_is_looked_at_once_more(readers: Sequence[TextRecognizer]) -> None:
    """A second view of a line costs as much as the first; where one look makes it sure, it need not be paid for."""
    views = []
    for goals in ("improve balance", "no HIIT x3", "vqrm xkzt wjmvu qzzk"):
        first = WatchedReader(readers[0])
        read_text(filled_slip({"goals": goals}, hand="kalam"), template(), [first], TODAY, "US")
        views.append(first.lines)
    assert views == [1, 2, 2]


@pytest.mark.parametrize(
    ("looks", "sure", "has_rival", "again"),
    [
        (1, 0.96, False, True),
        (1, 0.97, False, False),
        (1, 0.99, True, True),
        (2, 0.96, False, True),
        (2, 0.97, False, False),
        (2, 0.89, False, False),
        (2, 0.96, True, False),
        (3, 0.96, False, False),
        (0, 0.5, False, False),
    ],
)
def test_a_text_is_looked_at_again_as_long_as_that_can_let_it_pass(
    looks: int, sure: float, has_rival: bool, again: bool
) -> None:
    """After two looks a third only lets texts pass that are nearly sure, and it never parts a text from its rival."""
    assert looks_again(looks, sure, has_rival=has_rival) is again


def test_digits_are_shown_once_more_only_where_the_first_view_and_the_cells_leave_a_doubt(
    readers: Sequence[TextRecognizer],
) -> None:
    """Each view of a line costs as much as all else about the field; a reader that saw nothing looks again."""
    slip = filled_slip(NUMBERS, hand="indie-flower")  # whose cells tell the date and leave the telephone open
    first, nothing = WatchedReader(readers[0]), CountingReader()
    read = read_text(slip, template(), [first], TODAY, "US").readings
    read_text(slip, template(), [nothing], TODAY, "US")
    assert (first.lines, nothing.lines) == (1, 2)
    assert {name: read[name].value for name in NUMBERS} == NUMBERS


@pytest.mark.parametrize("hand", ["patrick-hand", "tinos", "typed"])
def test_digits_that_their_cells_tell_are_shown_to_no_reader_of_lines(hand: str) -> None:
    """A view of the line takes 20 ms, and can no longer decide anything; who gave the value is told."""
    reader = CountingReader()
    read = read_text(filled_slip(NUMBERS, hand=hand), template(), [reader], TODAY, "US").readings
    assert reader.lines == 0
    assert {name: read[name].value for name in NUMBERS} == NUMBERS
    assert {read[name].reader for name in NUMBERS} == {"cells"}
    assert min(read[name].confidence for name in NUMBERS) >= SHIPPED[ValueKind.NUMBER]


@pytest.mark.parametrize("hand", ["kalam", "caveat"])
def test_handwritten_words_with_a_line_through_them_are_doubted(hand: str, readers: Sequence[TextRecognizer]) -> None:
    """Whoever strikes words out does not mean them, however well they can be read."""
    slip = filled_slip(FILLED, hand=hand)
    clean = read_text(slip, template(), readers, TODAY, "US").readings
    for name in ("patient_name", "diagnosis", "goals"):
        box = next(field.box_mm for field in template().design.fields if field.name == name)
        left, top = round(box.x * PX_PER_MM), round(box.y * PX_PER_MM)
        place = np.s_[top : round((box.y + box.h) * PX_PER_MM), left : round((box.x + box.w) * PX_PER_MM)]
        rows, columns = np.nonzero(template().blank[place].astype(int) - slip[place] > 100)
        middle = top + round(float(np.median(rows)))
        cv2.line(slip, (left + int(columns.min()), middle), (left + int(columns.max()), middle), 40, 4, cv2.LINE_AA)
    text = read_text(slip, template(), readers, TODAY, "US").readings
    assert clean["goals"].confidence >= SURE
    assert [name for name in ("patient_name", "diagnosis", "goals") if text[name].confidence >= SURE] == []


def test_a_word_of_the_studios_own_is_expected(readers: Sequence[TextRecognizer]) -> None:
    """Names of drugs and doctors are in no list of ours."""
    slip = filled_slip(FILLED | {"goals": "taper zolmivexan"}, hand="reenie-beanie")
    without = read_text(slip, template(), readers, TODAY, "US")
    with_it = read_text(slip, template(), readers, TODAY, "US", Languages(["zolmivexan"]))
    assert with_it.readings["goals"].value.casefold() == "taper zolmivexan"
    assert with_it.readings["goals"].confidence > without.readings["goals"].confidence


def test_a_word_in_no_list_is_doubtful_however_clear(readers: Sequence[TextRecognizer]) -> None:
    """Of phrases with such a word 0 of 18 were read right; what is right is learned when a person has said so."""
    slip = filled_slip(FILLED | {"goals": "improve zolmivexan dose"}, hand="caveat")
    assert read_text(slip, template(), readers, TODAY, "US").readings["goals"].confidence < SURE


def test_what_else_a_text_may_be_keeps_the_writers_capitals(readers: Sequence[TextRecognizer]) -> None:
    """Who chooses another reading of a name enters it into the record as it stands there."""
    slip = filled_slip(FILLED | {"patient_name": "Zbigniew Ueda"}, hand="reenie-beanie")
    reading = read_text(slip, template(), readers, TODAY, "US").readings["patient_name"]
    others = [candidate.value for candidate in reading.candidates if candidate.value != reading.value]
    assert others
    assert [other for other in others if other.islower()] == []


def test_a_name_has_letters_where_the_reader_sees_digits(readers: Sequence[TextRecognizer]) -> None:
    """Nobody is called "6. Fairbanks"; a person who is asked about it laughs."""
    text = read_text(filled_slip(FILLED | {"patient_name": "6. Fairbanks"}), template(), readers, TODAY, "US")
    assert text.readings["patient_name"].value == "G. Fairbanks"


def test_dense_noise_ends_and_is_never_sure(readers: Sequence[TextRecognizer]) -> None:
    """A misprinted fax page is all black specks: it must neither hang the reader nor become a value."""
    form = template()
    noise = np.random.default_rng(3).integers(0, 2, form.blank.shape, np.uint8) * 255
    text = read_text(noise, form, readers, TODAY, "US")
    assert [reading for reading in text.readings.values() if reading.value and reading.confidence >= SURE] == []
