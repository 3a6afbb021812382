"""Of several readers one is open at a time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from refpad.services.reading.reader_port import FileReader
from refpad.services.studios.one_child import OneChild
from schemas.errors import MachineError
from tests.fake_reader import FakeReader

DAY = date(2026, 3, 3)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def opening(told: list[str]) -> Callable[[str], Callable[[], AbstractContextManager[FileReader]]]:
    @contextmanager
    def of(name: str) -> Iterator[FileReader]:
        told.append(f"+{name}")
        yield FakeReader()
        told.append(f"-{name}")

    return lambda name: partial(of, name)


def test_another_readers_process_ends_before_the_next_begins(
    tmp_path: Path, told: list[str], opening: Callable[[str], Callable[[], AbstractContextManager[FileReader]]]
) -> None:
    """What one studio's process knows of people is gone before another studio's scan is read."""
    (scan := tmp_path / "scan").write_bytes(b"\xff\xd8\xff")
    child, main, north = OneChild(), opening("main"), opening("north")
    for of in (main, main, north):
        assert len(child.reader(of).read(scan, DAY)) == 1
    assert told == ["+main", "-main", "+north"]
    child.forget(main)
    assert told[-1] == "+north"
    child.forget(north)
    assert told[-1] == "-north"
    child.close()
    assert len(told) == 4
    with pytest.raises(MachineError, match="The program stops"):
        child.reader(main).read(scan, DAY)
