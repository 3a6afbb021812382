"""What refusals of the record say to people in front of a page."""

import ast
from pathlib import Path

import pytest

import store
from schemas.errors import NotOnRecordError, UsageError

ROOT = Path(store.__file__).parent
REFUSALS = {"UsageError", "NotOnRecordError"}


def test_a_page_says_what_can_be_done_there_and_a_terminal_what_to_type() -> None:
    error = UsageError(
        "There is no such user", "`refpad users list` shows those there are", "the page Users lists them"
    )
    assert str(error) == "There is no such user: `refpad users list` shows those there are."
    assert error.on_page == "There is no such user: the page Users lists them."
    assert (
        NotOnRecordError("There is no letter 7", "`refpad letters list` shows them").on_page == "There is no letter 7."
    )
    assert UsageError("Say which field this is about.").on_page == "Say which field this is about."


@pytest.mark.parametrize("module", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_pages_show_of_a_refusal_names_no_command(module: Path) -> None:
    """Who works in a browser has no terminal: the command stands apart, for pages to leave out."""
    calls = (node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Call))
    refusals = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in REFUSALS and call.args]
    assert [call.lineno for call in refusals if "`refpad" in ast.unparse(call.args[0])] == []
