"""A reader for two studios on one of several machines, each with a data folder of its own, that share no folder."""

import fcntl
import json
import os
import shutil
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest

from refpad.services.intake.watcher import prepare_inbox
from refpad.services.studios.in_turn import StudiosInTurn, open_studios
from refpad.services.studios.readers_copy import NAME, packed
from refpad.services.studios.registry import Registry, StudioEntry, all_settings, changing, keep_registry
from refpad.services.wiring import file_place, open_record
from refpad.settings import Settings
from schemas.serial_block import SerialBlock
from store.database import Store
from store.workers.workers import READER
from tests.fake_reader import FakeReader, example_rules
from tests.s3_server import KEYS, S3Server
from tests.schemas.examples import RECEIVED_ON

MACHINES, SHARED = 3, "shared.json"
STUDIOS = tuple(
    StudioEntry(key=key, name=key, number=number, serials=SerialBlock(first=first, last=first + 99_998))
    for number, (key, first) in enumerate((("main", 1), ("north", 100_000)))
)


def prepare_studios(room: Path, url: str, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Two studios at home, with what readers elsewhere must know in the bucket; lives are told of it in `room`."""
    shared = {"DATABASE_URL": url, "FILES": s3.new_address(), "FILES_ENDPOINT": s3.endpoint, "TODAY": f"{RECEIVED_ON}"}
    environment = {f"REFPAD_{name}": value for name, value in shared.items()}
    (room / SHARED).write_text(json.dumps(environment))
    for name, value in {**environment, **_own(room / "home")}.items():
        monkeypatch.setenv(name, value)
    with changing(Settings()):
        keep_registry(Settings(), Registry(studios=STUDIOS))
    for studio in all_settings(Settings()):
        open_record(studio).close()
        prepare_inbox(studio.inbox, studio.store_folder / "inbox-made")
        place = file_place(studio)
        assert place is not None
        place.keep_named(NAME, packed(studio))
    for number in range(MACHINES):
        shutil.copytree(room / "home" / "state", room / f"machine-{number}" / "state")
    return all_settings(Settings())


def studios(room: Path, _store: Store) -> None:
    """Read what waits at all studios, on the first machine on which nobody reads."""
    folder = next(made for number in range(MACHINES) if (made := _taken(room / f"machine-{number}")) is not None)
    os.environ |= KEYS | json.loads((room / SHARED).read_text()) | _own(folder)

    def reader(*_: Any) -> nullcontext[FakeReader]:  # noqa: ANN401 - any studio's
        return nullcontext(FakeReader())

    with (
        closing(StudiosInTurn(Settings(), READER, reader, rules=lambda _: example_rules())) as reading,
        open_studios(reading) as worker,
    ):
        while [step for step in worker.steps() if _run(step) and step.file_id is not None]:
            continue


def _own(folder: Path) -> dict[str, str]:
    return {"REFPAD_FOLDER": str(folder / "data"), "REFPAD_STATE_FOLDER": str(folder / "state")}


def _run(step: Any) -> bool:  # noqa: ANN401 - a step
    step.run()
    step.result()
    return True


def _taken(folder: Path) -> Path | None:
    """The machine's folder, locked for as long as this process lives; None when another has it."""
    handle = os.open(folder / "machine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return folder
