"""A claimed file to its record: which failure is whose, and what becomes of the file."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ocr.pages.opener import PageOpener
from ocr.reader import Reader
from refpad.services.intake.process_file import FileOutcome, claim_s, process_next
from refpad.services.reading.file_reader import FileReader
from refpad.services.reading.reader_port import PageOutcome
from schemas.acceptance import Policy
from schemas.errors import MachineError, SetAsideError
from schemas.limits import Limits
from schemas.reasons import FindingCode
from schemas.reasons import SetAsideReason as Reason
from schemas.states import FileState
from store.clock import SetClock
from store.database import Store, open_store
from store.intake.claims import RETURNS_MAX
from store.intake.ledger.files import files_set_aside, ledger
from store.intake.taking_in.take_in import take_in
from store.review.settle import WaitingSlip, waiting_items
from store.verify import verify
from tests.fake_reader import FakeReader, example_rules
from tests.ocr.paper import templates
from tests.ocr.raises_once import RaisesOnce
from tests.scans import kinds

LIMITS = Limits()
WORKER = "worker"
POISON = b"poison"
SAMPLES = Path(__file__).parents[4] / "samples"


class FailingReader:
    """Fails so many times; then reads."""

    def __init__(self, fail: Callable[[], Exception], times: int) -> None:
        self._fail, self._times = fail, times

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        self._times -= 1
        if self._times >= 0:
            raise self._fail()
        return FakeReader().read(path, received_on)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store in which one JPEG waits."""
    clock = SetClock(datetime(2026, 3, 3, 20, 0, tzinfo=UTC))
    opened = open_store(f"sqlite:///{tmp_path / 'store' / 'refpad.sqlite'}", tmp_path / "store", clock)
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(kinds()["a JPEG"]["scan.jpg"])
    take_in(opened, scan, LIMITS)
    yield opened
    opened.close()


def processed(store: Store, fail: Callable[[], Exception], times: int = 1) -> list[FileOutcome]:
    """Everything that came of the one file until nothing waited."""
    reader, outcomes = FailingReader(fail, times), []
    while (outcome := process_next(store, reader, example_rules(), WORKER, LIMITS)) is not None:
        outcomes.append(outcome)
    return outcomes


def test_a_file_is_read_and_recorded(store: Store) -> None:
    """The straight way; and the picture of its slip is kept with it."""
    assert processed(store, AssertionError, times=0) == [FileOutcome(1, "done", accepted=1)]
    assert verify(store) == []


def test_a_file_that_cannot_be_used_is_set_aside_at_once_with_the_readers_sentence(store: Store) -> None:
    """It will not get better by trying."""
    outcomes = processed(store, lambda: SetAsideError(Reason.ENCRYPTED, "It asks for a password: remove it."))
    assert outcomes == [FileOutcome(1, "set_aside", reason=Reason.ENCRYPTED)]
    assert files_set_aside(store)[0].message == "It asks for a password: remove it."
    assert verify(store) == []


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.MEMORY, Reason.ENGINE_CRASHED, Reason.UNSTABLE])
def test_a_file_at_which_the_reader_crashes_once_is_tried_again(reason: Reason, store: Store) -> None:
    """It may have been the machine: something else took the memory."""
    outcomes = processed(store, lambda: SetAsideError(reason, "It crashed."))
    assert [outcome.state for outcome in outcomes] == ["waiting", "done"]


def test_a_file_at_which_the_reader_crashes_twice_is_set_aside(store: Store) -> None:
    """The scans behind it must not wait for a third try."""
    outcomes = processed(store, lambda: SetAsideError(Reason.MEMORY, "It crashed."), times=2)
    assert [outcome.state for outcome in outcomes] == ["waiting", "set_aside"]
    assert files_set_aside(store)[0].reason is Reason.MEMORY


@pytest.mark.parametrize("fail", [lambda: MachineError("No tesseract."), lambda: OSError(28, "No space left")])
def test_a_machine_that_fails_keeps_the_file_waiting_and_says_so(fail: Callable[[], Exception], store: Store) -> None:
    """Without a word the whole inbox would be set aside for a full disk; once mended, it is read at once."""
    for _ in range(7):
        with pytest.raises(MachineError):
            processed(store, fail)
        assert ledger(store).waiting == 1
    assert [outcome.state for outcome in processed(store, fail, times=0)] == ["done"]


class DoubledReader(FakeReader):
    """Reads one slip of a poisonous file twice, which the record refuses whoever asks."""

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        [outcome] = super().read(path, received_on)
        if POISON not in path.read_bytes():
            return [outcome]
        page = outcome.page.model_copy(update={"slips": outcome.page.slips * 2})
        return [PageOutcome(page, outcome.pictures * 2)]


def test_one_file_that_cannot_be_recorded_blocks_no_other(store: Store, tmp_path: Path) -> None:
    """It is the oldest; those behind it are read first, and it ends set aside with a sentence, not in a circle."""
    jpeg = kinds()["a JPEG"]["scan.jpg"]
    states: list[str] = []
    for number, content in enumerate((POISON, b"2", b"3", b"4", b"5")):
        (tmp_path / "scan.jpg").write_bytes(jpeg + content)
        take_in(store, tmp_path / "scan.jpg", LIMITS)
        states += settled(store) if number else []
    counted = ledger(store)
    assert (counted.done, counted.set_aside, counted.waiting) == (5, 1, 0)
    assert states.count("refused") == RETURNS_MAX - 1
    [aside] = files_set_aside(store)
    assert (aside.file_id, aside.reason) == (2, Reason.INTERNAL_ERROR)
    assert "while other files were recorded" in aside.message
    assert verify(store) == []


def settled(store: Store) -> list[str]:
    """What a worker does until the machine fails or nothing waits; "refused" for a failure."""
    states = []
    try:
        while (outcome := process_next(store, DoubledReader(), example_rules(), WORKER, LIMITS)) is not None:
            states.append(outcome.state)
    except MachineError:
        states.append("refused")
    return states


def test_a_claim_holds_longer_than_the_longest_reading() -> None:
    """Otherwise a slow file would be taken from the worker that reads it, and read for ever."""
    assert claim_s(LIMITS) > LIMITS.file_seconds


def test_an_unforeseen_error_at_one_slip_shows_that_slip_to_a_person(store: Store, tmp_path: Path) -> None:
    """The slip beside it is read and recorded; both have their picture, and nothing of the file is lost."""
    photo = tmp_path / "two.jpg"
    photo.write_bytes((SAMPLES / "photo-of-two.jpg").read_bytes())
    process_next(store, FakeReader(), example_rules(), WORKER, LIMITS)  # the file of the fixture
    take_in(store, photo, LIMITS)
    with PageOpener(LIMITS, tmp_path) as opener:
        reader = FileReader(opener, Reader(templates(), (RaisesOnce(),), Policy()))
        outcome = process_next(store, reader, example_rules(), WORKER, LIMITS)
    assert outcome is not None
    assert (outcome.state, outcome.accepted, outcome.review) == (FileState.REVIEW, 0, 2)
    first, second = (item for item in waiting_items(store) if isinstance(item, WaitingSlip))
    failed = [any(one.code is FindingCode.INTERNAL_ERROR for one in item.findings) for item in (first, second)]
    assert failed == [True, False]
    assert [item.picture is not None and item.picture.exists() for item in (first, second)] == [True, True]
    assert verify(store) == []
