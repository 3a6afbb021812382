"""How much help what waits is worth. That the pool gives it is tested with the server (test_prefect.py)."""

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.core import TyperGroup

from flows.pool import COMMAND, FILES_EACH, WAITED_MOST_S, WAITING_LEAST, Waits, process_template, wanted
from refpad.cli import app

SOME = st.builds(Waits, st.integers(0, 10_000), st.floats(0, 100_000))


@pytest.mark.parametrize(
    ("files", "oldest_s", "readings"),
    [
        (0, 0.0, 0),
        (WAITING_LEAST - 1, WAITED_MOST_S - 1, 0),  # read by who is there before a reading has begun
        (WAITING_LEAST, 0.0, 1),
        (1, WAITED_MOST_S, 1),  # nobody is there
        (FILES_EACH + 1, 0.0, 2),
        (10_000, 0.0, 4),
    ],
)
def test_the_more_files_wait_the_more_readings_are_asked_for(files: int, oldest_s: float, readings: int) -> None:
    """A reading costs 8 s before it reads: for a few fresh files it would come too late."""
    assert wanted([Waits(files, oldest_s)], 4) == readings


@given(st.lists(SOME, min_size=1, max_size=4), st.integers(1, 64))
def test_help_is_bounded_and_never_more_than_what_waits(waits: list[Waits], most: int) -> None:
    """A reading without a file is a process for nothing; more than the pool's limit would only queue."""
    asked = wanted(waits, most)
    assert 0 <= asked <= min(most, sum(each.files for each in waits))


def test_a_worker_starts_what_refpad_has() -> None:
    """The command of a pool stays in Prefect's database: it must be one that every version knows."""
    assert process_template()["variables"]["properties"]["command"]["default"] == COMMAND
    _, command, option = COMMAND.split()
    commands = typer.main.get_command(app)
    assert isinstance(commands, TyperGroup)
    assert option in {name for each in commands.commands[command].params for name in each.opts}
