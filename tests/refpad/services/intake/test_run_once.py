"""Intake by hand, without the watcher's patience."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from refpad.services.intake.run_once import take_in_files, take_in_inbox
from refpad.services.intake.watcher import prepare_inbox
from refpad.services.wiring import open_record
from refpad.settings import Settings
from store.database import Store
from store.intake.ledger.files import ledger
from tests.scans import kinds

CUT = kinds()["a corrupt file"]["scan.pdf"]
WHOLE = kinds()["a JPEG"]["scan.jpg"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A studio whose inbox holds a whole scan, a cut one and a file that is another program's."""
    settings = Settings(folder=tmp_path, quiet_seconds=0.01)
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    for name, data in {"whole.jpg": WHOLE, "cut.pdf": CUT, "other.part": CUT}.items():
        (settings.inbox / name).write_bytes(data)
    return settings


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_record(settings)
    yield opened
    opened.close()


def test_a_file_that_is_not_whole_stays_and_is_reported(store: Store, settings: Settings) -> None:
    """Left without a word it would lie there for ever where nobody runs the watcher."""
    left = take_in_inbox(store, settings)
    assert [path.name for path, _ in left] == ["cut.pdf"]
    assert ledger(store).waiting == 1


def test_scans_in_folders_are_taken_and_folders_too_deep_are_told_of_each_time(
    store: Store, settings: Settings
) -> None:
    """One that is told of once and then never again is forgotten, and the scans in it with it."""
    deep = settings.inbox / "HP_M428" / "2026" / "11-20"
    deep.mkdir(parents=True)
    for folder in (deep, deep.parent):
        (folder / "a.jpg").write_bytes(WHOLE + folder.name.encode())
    told = [take_in_inbox(store, settings) for _ in range(2)]
    assert [[path for path, _ in left] for left in told] == [[deep, settings.inbox / "cut.pdf"]] * 2
    assert "REFPAD_INBOX_DEPTH" in told[1][0][1]
    assert ledger(store).waiting == 2
    assert not (deep.parent / "a.jpg").exists()


def test_a_file_that_is_named_is_taken_as_it_is(store: Store, settings: Settings) -> None:
    """The way out for a file that will never be whole: it is read, and set aside with its reason."""
    assert take_in_files(store, settings, [settings.inbox / "cut.pdf"]) == []
    assert ledger(store).waiting == 1
    assert (settings.inbox / "cut.pdf").read_bytes() == CUT
