"""Exit codes are one list, which commands use, and which the manual tells as it is."""

import ast
import re
from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperGroup

from refpad.cli import app, commands
from schemas.errors import MachineError, RefpadError, SetAsideError, UsageError
from schemas.exit_codes import ExitCode
from tests.test_house import ROOMS, ROOT

ROW = re.compile(r"^\| (\d+) \| ([a-z ]+) \|", re.MULTILINE)
ENDS = {"Exit", "exit", "_exit"}


def test_the_manual_lists_the_exit_codes_as_they_are() -> None:
    """Whoever writes a script reads the manual, not the code."""
    _, _, table = (ROOT / "docs" / "user-guide.md").read_text("utf-8").partition("| exit code | name | when |")
    told = {name.replace(" ", "_"): int(number) for number, name in ROW.findall(table)}
    assert told == {code.name.lower(): code.value for code in ExitCode}


def _ends() -> Iterator[str]:
    """Where a process is ended with a number."""
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            said = [*node.args, *(word.value for word in node.keywords)]
            if name in ENDS and any(isinstance(each, ast.Constant) and isinstance(each.value, int) for each in said):
                yield f"{path.name}:{node.lineno}"


def test_no_number_stands_where_a_name_would_do() -> None:
    """1 and 3 look alike when one reads; PERSON_NEEDED and BROKEN do not."""
    assert list(_ends()) == []


def _commands(group: TyperGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command.help or ""


def test_what_commands_say_of_their_exit_codes_is_true_to_the_list() -> None:
    """The help of a command names codes that there are."""
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    told = {name: help_.partition("Exit code")[2] for name, help_ in _commands(command) if "Exit code" in help_}
    assert {"review list", "health", "doctor", "read"} <= set(told)
    for name, sentence in told.items():
        assert {int(number) for number in re.findall(r"\b(\d):", sentence)} <= set(ExitCode), name


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RefpadError, ExitCode.PERSON_NEEDED),
        (SetAsideError, ExitCode.PERSON_NEEDED),
        (UsageError, ExitCode.USAGE),
        (MachineError, ExitCode.BROKEN),
    ],
)
def test_each_kind_of_error_ends_a_command_in_its_own_way(error: type[RefpadError], code: ExitCode) -> None:
    """A slip that needs eyes, a typing mistake and a missing program lead to different acts."""
    assert error.exit_code is code


def test_an_error_that_nobody_foresaw_ends_a_command_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A traceback helps nobody who types, and its text may quote a patient."""

    def fail(prog_name: str) -> None:
        raise ValueError(f"{prog_name}: Ada Quill")

    monkeypatch.setattr(commands, "app", fail)
    with pytest.raises(SystemExit) as ended:
        commands.main()
    assert ended.value.code == ExitCode.BROKEN
    told = capsys.readouterr().err
    assert "stopped the command (ValueError at test_exit_codes.py line" in told
    assert "Quill" not in told
