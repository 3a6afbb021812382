"""New pad designs are read by whatever runs: nobody restarts a program because a file was copied into a folder."""

import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from pads.adopt.draft_design import write_draft
from pads.catalog import BUNDLED, load_all
from pads.simulate.foreign_form import foreign_blank, foreign_design
from pads.simulate.scenes import simulate
from pads.simulate.truth import Channel
from refpad.services.designs import DesignBook, DesignChanges
from refpad.services.intake.worker import IntakeWorker, open_worker
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import DesignError
from schemas.reasons import FindingCode
from store.database import Store
from store.intake.taking_in.take_in import take_in
from store.review import settle

DAY = date(2026, 11, 20)


def drop_design(folder: Path, edition: int = 7, title: str = "Medical exercise referral") -> Path:
    """The bundled pad in another edition."""
    folder.mkdir(parents=True, exist_ok=True)
    told = (BUNDLED / "met-1.toml").read_text("utf-8")
    path = folder / f"met-{edition}.toml"
    path.write_text(
        told.replace("edition = 1", f"edition = {edition}").replace('title = "Medical', f'title = "{title}')
    )
    return path


def adopt(folder: Path) -> Path:
    """A form that others have printed, with its picture."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_draft(folder, "lake", "Lakeside", foreign_blank(200), foreign_design().fields, ()).design


def names(book: DesignBook) -> list[str]:
    return [f"{design.design}-{design.edition}" for design in book.designs()]


def replace_picture(folder: Path) -> None:
    """Another picture of the same empty form."""
    path = folder / "lake-1.png"
    path.write_bytes(path.read_bytes() + b"\0")


CHANGES: dict[str, Callable[[Path], object]] = {
    "added": lambda folder: drop_design(folder, edition=8),
    "edited": lambda folder: drop_design(folder, title="Exercise"),
    "removed": lambda folder: (folder / "met-7.toml").unlink(),
    "picture replaced": replace_picture,
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_in_the_folder_is_seen(change: str, tmp_path: Path) -> None:
    """Added, edited, taken out, another picture: each is a change of what slips are read as."""
    drop_design(tmp_path)
    adopt(tmp_path)
    book = DesignBook(tmp_path)
    before = book.designs()
    assert book.designs() is before
    CHANGES[change](tmp_path)
    assert book.designs() is not before
    assert book.designs() == load_all(tmp_path)


def test_a_folder_that_is_made_later_is_seen(tmp_path: Path) -> None:
    """Most studios have no designs of their own until the first one."""
    book = DesignBook(tmp_path / "designs")
    drop_design(tmp_path / "designs")
    assert names(book) == ["met-1", "met-2", "met-7", "metes-2", "post-1"]


def test_a_half_copied_design_stops_nothing_and_is_told_of_once(tmp_path: Path) -> None:
    """Of the two files of a form the first arrives first: what was known stays in use until both are there."""
    adopt(tmp_path / "elsewhere")
    folder = tmp_path / "designs"
    folder.mkdir()
    book = DesignBook(folder)
    changes = DesignChanges(book)
    shutil.copy(tmp_path / "elsewhere" / "lake-1.toml", folder)
    assert names(book) == ["met-1", "met-2", "metes-2", "post-1"]
    told = changes.new_messages()
    assert len(told) == 1
    assert "lake-1.toml" in told[0]
    assert changes.new_messages() == []
    shutil.copy(tmp_path / "elsewhere" / "lake-1.png", folder)
    assert changes.new_messages() == [
        "The pad designs have changed; slips are read as: lake-1, met-1, met-2, metes-2, post-1."
    ]
    assert book.problem is None


def test_a_folder_that_is_wrong_at_the_start_is_refused(tmp_path: Path) -> None:
    """Nothing of before could stay in use."""
    (tmp_path / "met-7.toml").write_text("edition = 7")
    with pytest.raises(DesignError, match=r"met-7\.toml"):
        DesignBook(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_record(settings)
    yield opened
    opened.close()


def scan_of_edition_7(store: Store, settings: Settings, folder: Path, seed: int) -> None:
    """A scan of one slip of the new edition waits to be read."""
    design = next(each for each in load_all(folder / "printed") if each.edition == 7)
    made = simulate(folder, designs=[design], count=1, channels=[Channel.SCAN_300], seed=seed, today=DAY)
    take_in(store, folder / made[0].file, settings.limits)


def work_all(worker: IntakeWorker) -> None:
    for step in worker.steps():
        step.run()


def test_a_running_worker_reads_slips_of_a_design_that_is_dropped_into_its_folder(
    store: Store, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The real reader in its process, and the judge of the record: both know the new pad with the next scan."""
    drop_design(tmp_path / "printed")
    with open_child_reader(settings) as reader, open_worker(settings, store, reader) as worker:
        scan_of_edition_7(store, settings, tmp_path, seed=1)
        work_all(worker)
        with caplog.at_level(logging.WARNING):
            drop_design(settings.designs)
            scan_of_edition_7(store, settings, tmp_path, seed=2)
            work_all(worker)
    first, second = (settle.find_slip(store, f"s{number}") for number in (1, 2))
    assert FindingCode.UNKNOWN_DESIGN in {finding.code for finding in first.findings}
    assert FindingCode.UNKNOWN_DESIGN not in {finding.code for finding in second.findings}
    assert (second.reading.design, second.reading.edition) == ("met", 7)
    assert "slips are read as: met-1, met-2, met-7, metes-2, post-1" in caplog.text
