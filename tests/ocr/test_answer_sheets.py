"""The sheet of a letter to an office: printed, written on, faxed back, read, and laid beside its slip."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pdf2image import convert_from_bytes
from PIL import Image

from pads.blank import slip_picture
from pads.catalog import find, load_all
from pads.labels import printed_words
from pads.simulate.channels.fax import FINE_LINES, STANDARD_LINES, send
from pads.simulate.pen.fill import fill
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.truth import Legibility, MarkStyle, SlipTruth
from refpad.services.intake.process_file import process_next
from refpad.services.letters.letters import letter_of_follow_up, press_of
from refpad.services.reading.file_reader import FileReader, open_reader
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.export import MACHINE
from schemas.limits import Limits
from schemas.pad import Checkbox, PadDesign
from schemas.pad_rules import solid_parts
from schemas.reading import Answered, MarkReading, MarkState
from schemas.sheets.form import WIDTH_MM, AnswerSheet, box_names, sheet_of
from schemas.sheets.reading import answers_of, in_doubt, says_the_same
from store.clock import SetClock
from store.database import Store, open_store
from store.directory.offices import reserve_serials
from store.followups.missing_information import ask_office
from store.followups.reader_facts import reader_facts
from store.intake.taking_in.take_in import take_in
from store.referrals.referrals import exported_referrals
from store.review.queue import waiting_list
from tests.databases import in_memory
from tests.letter_life import in_doubt as slip_in_doubt

NOW = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
SENT_ON = date(2026, 3, 4)
ASKED = ("patient_phone", "back_pain", "signature")
SAID = {"patient_phone": "+12125550187", "signed_on": "2026-03-03"}


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=in_memory()) as made:
        yield Path(made)


@pytest.fixture
def settings(folder: Path) -> Settings:
    settings = Settings(folder=folder / "data", state_folder=folder / "state", practice=False)
    settings.folder.mkdir()
    return settings


@pytest.fixture
def store(folder: Path, settings: Settings) -> Iterator[Store]:
    opened = open_store(
        f"sqlite:///{folder / 'refpad.sqlite'}", settings.store_folder, SetClock(NOW, "America/New_York")
    )
    yield opened
    opened.close()


def pad() -> PadDesign:
    return find(load_all(), "met")


def slip_waits(store: Store, settings: Settings) -> int:
    """A slip whose signature is in doubt, with a picture; its number."""
    reserve_serials(store, None, "met", 1, 20)
    png = cv2.imencode(".png", slip_picture(pad(), settings.studio, 7))[1].tobytes()
    return slip_in_doubt(store, settings, 7, png)


def printed(store: Store, settings: Settings, question: int) -> NDArray[np.uint8]:
    """The page as the office has it, gray at the simulator's 300 dpi."""
    pdf = press_of(settings).pdf(letter_of_follow_up(store, settings, rules_of(settings), question))
    (page,) = convert_from_bytes(pdf, dpi=round(PX_PER_MM * 25.4), grayscale=True)
    return np.array(page)


def answered(page: NDArray[np.uint8], sheet: AnswerSheet) -> NDArray[np.uint8]:
    """The page with the sheet on it filled in by hand."""
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))
    corners, numbers, _ = detector.detectMarkers(page)
    assert sorted(numbers.ravel().tolist()) == [0, 1, 2, 3]  # the slip's own are not on its picture
    first = next(mark[0] for mark, number in zip(corners, numbers.ravel(), strict=True) if number == 0)
    left, top = (first.min(axis=0) - sheet.fiducials_mm()[0].x * PX_PER_MM).round().astype(int)
    room = (
        slice(top, top + int(sheet.height_mm * PX_PER_MM)),
        slice(left, left + int(sheet.width_mm * PX_PER_MM)),
    )
    marks = {box.name: box.name.endswith("yes") for box in sheet.checkboxes}
    truth = SlipTruth(
        design=sheet.design,
        edition=sheet.edition,
        serial=0,
        marks=marks,
        mark_styles={name: MarkStyle.CROSS for name, is_marked in marks.items() if is_marked},
        signed=True,
        text=SAID,
        hand="patrick-hand",
        legibility=Legibility.NEAT,
    )
    whole = page.copy()
    whole[room] = fill(page[room], sheet, truth, np.random.default_rng(5)).min(axis=2)
    return whole


def faxed(page: NDArray[np.uint8], lines: int, path: Path) -> Path:
    sent = send(page, lines, SENT_ON, np.random.default_rng(6))
    Image.fromarray(sent.pixels).convert("1").save(path, dpi=sent.dpi, compression="group4")
    return path


@pytest.fixture(scope="module")
def reader() -> Iterator[FileReader]:
    with tempfile.TemporaryDirectory(dir=in_memory()) as made, open_reader(Settings(folder=Path(made))) as opened:
        yield opened


def test_a_sheet_that_is_written_on_and_faxed_back_completes_its_slip(
    store: Store, settings: Settings, reader: FileReader, folder: Path
) -> None:
    """From the letter to the referral, through the inbox, with nobody's help; a coarse copy of it changes nothing."""
    rules = rules_of(settings)
    question = ask_office(store, rules, slip_waits(store, settings), ASKED, "kim")
    page = answered(printed(store, settings, question), sheet_of(pad(), ASKED))
    settings.inbox.mkdir(exist_ok=True)
    for name, lines in (("fine.tif", FINE_LINES), ("coarse.tif", STANDARD_LINES)):
        take_in(store, faxed(page, lines, settings.inbox / name), Limits())
        reading = reader.knowing(reader_facts(store))
        assert process_next(store, reading, rules, "worker", Limits()) is not None
    (referral,) = exported_referrals(store)
    assert (referral.accepted_by, referral.referral.patient_phone) == (MACHINE, "+12125550187")
    assert referral.referral.signed_on == date(2026, 3, 3)
    assert "back_pain" in referral.referral.conditions
    codes = [item.codes for item in waiting_list(store)]
    assert len(codes) == 1  # the second copy is told of, since its slip is a referral by now


def words_and_parts(sheet: AnswerSheet) -> Sequence[str]:
    """What overlaps on a sheet, or lies off it."""
    parts = solid_parts(sheet)
    words = [(placed.owner, placed.box_mm) for placed in printed_words(sheet)]
    pairs = [(one, other) for number, one in enumerate([*parts, *words]) for other in [*parts, *words][:number]]
    over = [f"{one[0]} and {other[0]}" for one, other in pairs if one[1].overlap_mm2(other[1]) > 0.01]
    return [*over, *(name for name, box in [*parts, *words] if not box.inside(sheet.slip_mm))]


@pytest.mark.parametrize("design", load_all(), ids=lambda design: str(design.pad_id))
def test_whatever_is_asked_has_its_room_on_the_sheet(design: PadDesign) -> None:
    """Each field alone, and eight at a time: nothing lies on anything else, and all of it fits a letter's page."""
    names = [field.name for field in design.fields]
    eights = [names[start : start + 8] for start in range(0, len(names), 4)]
    for asked in [*([name] for name in names), *eights]:
        sheet = sheet_of(design, asked)
        assert words_and_parts(sheet) == [], asked
        assert (sheet.width_mm, sheet.height_mm <= 140) == (WIDTH_MM, True), asked
        boxes = box_names(design, asked)
        assert set(boxes) == {box.name for box in design.checkboxes} & set(asked)
        own = {box.name for box in sheet.fields if isinstance(box, Checkbox)}
        assert own == {name for pair in boxes.values() for name in pair}


def mark(is_marked: bool) -> MarkReading:
    return MarkReading(value=MarkState.CHECKED if is_marked else MarkState.UNCHECKED, confidence=0.9, ink=0.2)


@pytest.mark.parametrize(
    ("yes", "no", "told"),
    [
        (True, False, MarkState.CHECKED),
        (False, True, MarkState.UNCHECKED),
        (True, True, MarkState.AMBIGUOUS),
        (False, False, None),
    ],
)
def test_two_boxes_answer_for_one_of_the_slip(yes: bool, no: bool, told: MarkState | None) -> None:
    """An empty box alone would not say whether anybody looked at it."""
    found = answers_of({"back_pain": ("y", "n")}, {"y": mark(yes), "n": mark(no)}, {}, {}).marks
    assert {name: read.value for name, read in found.items()} == ({} if told is None else {"back_pain": told})


def test_answers_on_a_sheet_that_is_hard_to_read_are_all_put_to_a_person() -> None:
    """What they say is proposed all the same."""
    clear = Answered(marks={"back_pain": mark(True)})
    assert in_doubt(clear).marks["back_pain"].value is MarkState.AMBIGUOUS
    assert not says_the_same(clear, in_doubt(clear))
