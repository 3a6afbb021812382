"""A place that cannot be written is told in a sentence, wherever a command writes."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refpad.cli import app
from refpad.services.private_files import folder_for_files, write_private
from schemas.errors import UsageError


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    """A file where a folder is wanted."""
    path = tmp_path / "taken"
    path.write_text("a file")
    return path


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    """Nobody has to make it first."""
    assert folder_for_files(tmp_path / "a" / "b").is_dir()


def test_what_cannot_be_a_folder_is_named(taken: Path) -> None:
    """The place and why, and what to do."""
    with pytest.raises(UsageError, match=r"taken/in cannot be made \(Not a directory\): choose another place"):
        folder_for_files(taken / "in")
    with pytest.raises(UsageError, match=r"taken/in cannot be written \(Not a directory\): choose another place"):
        write_private(taken / "in", b"")


def test_a_folder_of_somebody_else_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights do not bind root, whom tests may run as."""
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(UsageError, match="cannot be written: choose another place"):
        folder_for_files(tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("samples", "--out"),
        ("simulate", "--out"),
        ("read", "samples/neat-slip.png", "--overlay"),
        ("pad", "adopt", "samples/neat-slip.png", "--out"),
    ],
)
def test_commands_tell_it_before_they_work(arguments: Sequence[str], taken: Path) -> None:
    """Not after minutes, and not with a traceback."""
    done = CliRunner().invoke(app, [*arguments, str(taken / "in")])
    assert isinstance(done.exception, UsageError)
    assert str(done.exception) == f"{taken / 'in'} cannot be made (Not a directory): choose another place."
