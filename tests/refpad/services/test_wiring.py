"""A data folder that cannot be used is told in a sentence by every command."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refpad.cli import app, commands, main
from refpad.services.wiring import data_folder_errors, file_place
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.exit_codes import ExitCode


@pytest.mark.parametrize(
    "arguments",
    [("status",), ("verify",), ("health",), ("up", "--once"), ("intake",), ("review", "list"), ("users", "list")],
)
def test_a_file_in_place_of_the_folder_is_told_with_the_way_out(
    arguments: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names the folder, what is wrong, and what to do."""
    taken = tmp_path / "taken"
    taken.write_text("a file")
    monkeypatch.setenv("REFPAD_FOLDER", str(taken))
    done = CliRunner().invoke(app, arguments)
    assert isinstance(done.exception, MachineError)
    assert str(done.exception) == (
        f"The data folder {taken} cannot be used (a file is in its place): type chown -R {os.getuid()} {taken}, or set "
        "REFPAD_FOLDER to a folder of yours."
    )


def test_a_folder_without_rights_is_told_with_the_way_out(tmp_path: Path) -> None:
    """Rights do not bind root, whom tests may run as."""
    settings = Settings(folder=tmp_path)
    with (
        pytest.raises(MachineError, match=r"cannot be used \(Permission denied\): type chown -R"),
        data_folder_errors(settings),
    ):
        raise PermissionError(13, "Permission denied", str(tmp_path))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (
            "data/store/refpad.sqlite",
            "The data folder {}/data cannot be used (store/refpad.sqlite: Permission denied): ",
        ),
        ("state/some.key", "The state folder {}/state cannot be used (some.key: Permission denied): type chown -R "),
    ],
)
def test_what_one_command_typed_as_root_has_left_is_named(file: str, sentence: str, tmp_path: Path) -> None:
    """The folder itself was right, and somebody else's folder was named for a file of the state folder."""
    settings = Settings(folder=tmp_path / "data", state_folder=tmp_path / "state")
    with pytest.raises(MachineError) as caught, data_folder_errors(settings):
        raise PermissionError(13, "Permission denied", str(tmp_path / file))
    assert str(caught.value).startswith(sentence.format(tmp_path))


def test_any_other_file_that_cannot_be_used_ends_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last resort of the command line."""

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device", "/out/proof.png")

    monkeypatch.setattr(commands, "app", full)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == ExitCode.BROKEN
    told = " ".join(capsys.readouterr().err.split())
    assert told == "/out/proof.png cannot be used (No space left on device): mend that, or choose another place."


def test_each_studio_has_a_prefix_of_its_own_in_the_bucket(tmp_path: Path) -> None:
    """What one studio purges must not be what another still has, though an office may fax both the same scan."""
    first = Settings(folder=tmp_path, files="s3://slips/refpad/")
    second = first.model_copy(update={"folder": tmp_path / "studios" / "lakeside", "shared_folder": tmp_path})
    assert [str(file_place(settings)) for settings in (first, second)] == [
        "s3://slips/refpad",
        "s3://slips/refpad/studios/lakeside",
    ]
    assert file_place(Settings(folder=tmp_path)) is None
