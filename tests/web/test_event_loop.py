"""The event loop serves everybody: nothing that may wait for a disk or a database is done in it."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from schemas.limits import Limits
from tests.web.studio import ORIGIN, Person, Studio, open_studio, scratch
from web.live_services import TEMPLATES

FILE_EVENTS = ("open", "os.remove", "os.rename", "os.link", "os.listdir", "os.scandir", "shutil.")


@dataclass
class Loop:
    """Disk and database calls made while an event loop ran in the same thread."""

    places: list[str] = field(default_factory=list)
    held_up_by: list[str] = field(default_factory=list)
    test_thread: int = 0

    def note(self, event: str, args: tuple[object, ...]) -> None:
        if not (self.places and event.startswith(FILE_EVENTS)):  # first: a look at a lazy module is an event itself
            return
        touched = [str(arg) for arg in args if isinstance(arg, str | os.PathLike)]
        if any(path.startswith(place) for path in touched for place in self.places):
            self.waits(event)

    def waits(self, what: str) -> None:
        # The test's own thread serves nobody, but Playwright may have left a loop running there.
        if threading.get_ident() == self.test_thread:
            return
        with suppress(RuntimeError):
            asyncio.get_running_loop()
            self.held_up_by.append(what)


LOOP = Loop()


def hear(event: str, args: tuple[object, ...]) -> None:
    LOOP.note(event, args)


sys.addaudithook(hear)  # it cannot be taken away again; without places it hears nothing


@pytest.fixture
def studio() -> Iterator[Studio]:
    """One that takes small files only."""
    with scratch() as folder, open_studio(folder, limits=Limits(file_bytes=50_000)) as opened:
        yield opened


@pytest.fixture
def loop(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:
    """A loop that is watched in everything that this studio asks of the machine."""

    def noted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            LOOP.waits(name)
            return real(*args)

        return call

    monkeypatch.setattr(os, "fsync", noted("fsync", os.fsync))
    engine = studio.store.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *_: LOOP.waits("a query"))
    sa.event.listen(engine, "commit", lambda *_: LOOP.waits("a commit"))
    LOOP.test_thread = threading.get_ident()
    LOOP.places, LOOP.held_up_by = [str(studio.settings.folder), str(TEMPLATES)], []
    yield LOOP
    LOOP.places = []


def send(person: Person, name: str, content: bytes) -> int:
    headers = {"Origin": ORIGIN, "X-Refpad-Token": person.token, "X-Refpad-Name": name}
    return person.client.post("/inbox/upload", content=content, headers=headers).status_code


def test_no_request_makes_the_event_loop_wait(studio: Studio, loop: Loop) -> None:
    """An upload that syncs to a slow disk in the loop stops every page of everybody; so does an error page."""
    kim = studio.person()
    assert send(kim, "scan.png", b"x" * 40_000) == 201
    assert send(kim, "empty.png", b"") == 400
    assert send(kim, "large.png", b"x" * 60_000) == 400
    for address in ("/", "/inbox/progress", "/no/such", "/review/s99", "/people"):
        assert kim.get(address).status_code in (200, 303, 400, 403, 404), address
    assert kim.post("/inbox").status_code == 404
    assert studio.stranger().get("/login").status_code == 200
    assert loop.held_up_by == []


def test_closing_down_does_not_make_the_event_loop_wait(studio: Studio, loop: Loop) -> None:
    """An export that is still owed is written then, while others wait for their last answers."""
    studio.app.state.services.now().export_job.request()  # type: ignore[attr-defined]
    with TestClient(studio.app, base_url=ORIGIN):  # type: ignore[arg-type]
        pass
    assert (Path(studio.settings.exports) / "referrals.csv").exists()
    assert loop.held_up_by == []
