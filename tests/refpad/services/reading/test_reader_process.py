"""The reader in its own process: the same readings, and no death but its own."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ocr.sandbox.framing import Frame
from refpad.services.intake.process_file import process_next
from refpad.services.reading.file_reader import open_reader
from refpad.services.reading.reader_process import CHILD_SETTINGS, LACKS, ChildReader, open_child_reader, serve
from refpad.services.wiring import open_record, rules_of
from refpad.settings import Settings
from schemas.errors import MachineError, SetAsideError
from schemas.inference_engine import InferenceEngine
from schemas.limits import Limits
from schemas.names.known_people import PROVIDER, KnownPeople, KnownProvider
from schemas.reasons import SetAsideReason
from schemas.text_model import TextModel
from store.database import Store
from store.intake.claims import TRIES_MAX, next_claim
from store.intake.taking_in.take_in import take_in
from store.tables import file

SAMPLES = Path(__file__).parents[4] / "samples"
DAY = date(2026, 11, 20)
LEASE_S = 60.0
OF_SLIPS = ("marks", "signature", "text", "judge")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(folder=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def reader(settings: Settings) -> Iterator[ChildReader]:
    with open_child_reader(settings) as opened:
        yield opened


def test_it_reads_what_the_reader_reads(reader: ChildReader, settings: Settings) -> None:
    """Pages, readings and pictures come through the pipe as they were, and where the time went with them."""
    scan = SAMPLES / "photo-of-two.jpg"
    with open_reader(settings) as inside:
        [page] = reader.read(scan, DAY)
        assert [page] == inside.read(scan, DAY)
    counts = {stage: spent.count for stage, spent in page.spent.items()}
    assert counts == dict.fromkeys(("open", "find", "pictures"), 1) | dict.fromkeys(OF_SLIPS, 2)
    assert min(spent.seconds for spent in page.spent.values()) > 0


def test_it_is_told_with_each_file_who_is_on_record(reader: ChildReader, settings: Settings) -> None:
    """Its process sees no record, and a provider who was entered a minute ago is known on the next slip."""
    people = KnownPeople(providers=(KnownProvider(name="Dr. Rosenthal"),))
    knowing = ChildReader(reader.child, settings, lambda: people)
    for opened, who in ((knowing, PROVIDER), (reader, "")):
        slips = [slip for page in opened.read(SAMPLES / "fax-standard.tif", DAY) for slip in page.page.slips]
        assert [slip.text["provider_name"].known for slip in slips if slip.serial == 1220] == [who]


def test_what_reads_is_what_the_settings_say(settings: Settings) -> None:
    """Its process knows of the settings what it is told: by others than those that a studio chose, bars do not hold."""
    chosen = {"text_model": TextModel.OWN, "inference_engine": InferenceEngine.OPENVINO}
    with open_child_reader(settings.model_copy(update=chosen)) as reader:
        (page,) = reader.read(SAMPLES / "neat-slip.png", DAY)
        libraries = Path(f"/proc/{reader.child.pid}/maps").read_text()
    (slip,) = page.page.slips
    assert not any("ppocr" in reading.reader for reading in slip.text.values())
    assert "libopenvino_intel_cpu_plugin" in libraries


def test_it_is_told_of_every_setting_that_reading_looks_at(settings: Settings) -> None:
    """One that is left out is as shipped in the process that reads, whatever a studio has set."""
    looked_at = set[str]()

    class Watched(Settings):
        """Settings that say which of them were looked at."""

        def __getattribute__(self, name: str) -> object:
            if name in Settings.model_fields:
                looked_at.add(name)
            return super().__getattribute__(name)

    watched = Watched(folder=settings.folder)
    looked_at.clear()
    with open_reader(watched) as reader:
        reader.read(SAMPLES / "neat-slip.png", DAY)
    assert {"policy", "text_model"} <= looked_at <= CHILD_SETTINGS


def test_an_engine_that_is_not_installed_is_named_before_the_first_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As what the machine lacks: the process tells its parent, instead of ending with each file."""
    monkeypatch.setitem(sys.modules, "openvino", None)
    asked = settings.model_copy(update={"inference_engine": InferenceEngine.OPENVINO})
    head = {"settings": asked.model_dump(mode="json", include=CHILD_SETTINGS)}
    (answer,) = serve(Frame(head), None)
    assert "pip install openvino" in answer.head[LACKS]


def test_a_file_that_cannot_be_used_says_so_through_the_pipe(reader: ChildReader) -> None:
    """With the reason and the sentence that the opener gave."""
    with pytest.raises(SetAsideError) as caught:
        reader.read(SAMPLES / "damaged.pdf", DAY)
    assert caught.value.reason is SetAsideReason.TRUNCATED


def test_when_its_process_is_killed_the_next_file_gets_another(reader: ChildReader) -> None:
    """The kernel kills what takes too much memory; the worker goes on."""
    before = reader.child.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)  # all its threads are gone; whoever started it still sees it
    assert [len(page.pictures) for page in reader.read(SAMPLES / "neat-slip.png", DAY)] == [1]
    assert reader.child.pid not in (None, before)


def test_a_file_that_takes_too_long_ends_its_process(reader: ChildReader, settings: Settings) -> None:
    """No file holds up the scans behind it, whatever it does to a library."""
    hasty = settings.model_copy(update={"limits": Limits(file_seconds=0.01)})
    with pytest.raises(SetAsideError) as caught:
        ChildReader(reader.child, hasty, KnownPeople).read(SAMPLES / "neat-slip.png", DAY)
    assert caught.value.reason is SetAsideReason.TIMEOUT
    assert reader.child.pid is None
    assert len(reader.read(SAMPLES / "neat-slip.png", DAY)) == 1


def test_a_file_that_is_read_while_the_program_stops_waits_untried(settings: Settings) -> None:
    """However often: a good file was set aside after two stops, as one that kills its reader."""
    with closing(open_record(settings)) as store:
        take_in(store, SAMPLES / "fax-three-pages.tif", settings.limits, leave=True)
        for _ in range(TRIES_MAX):
            with ThreadPoolExecutor() as pool:
                with open_child_reader(settings) as reader:
                    reading = pool.submit(process_next, store, reader, rules_of(settings), "worker", settings.limits)
                    while not is_claimed(store):
                        time.sleep(0.01)
                with pytest.raises(MachineError, match="next start"):
                    reading.result()
        claim = next_claim(store, "worker", LEASE_S)
        assert claim is not None
        assert claim.attempt == 1


def is_claimed(store: Store) -> bool:
    with store.read() as connection:
        return connection.execute(sa.select(file.c.worker)).scalar_one() is not None


def test_a_part_that_the_machine_lacks_is_named_before_the_first_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise every file would be set aside for what is not its fault."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MachineError), open_child_reader(settings):
        pass
