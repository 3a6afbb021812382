"""`refpad words`, as typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refpad.cli import app
from schemas.errors import UsageError


def refpad(*words: str) -> str:
    ended = CliRunner().invoke(app, ["words", *words], catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.output


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))


def test_words_are_added_listed_and_removed() -> None:
    """Each step says how many, so that a word typed twice by mistake is noticed."""
    assert refpad("add", "Nortriptyline", "Gonstead") == "2 words added.\n"
    assert refpad("add", "Gonstead") == "0 words added.\n"
    assert json.loads(refpad("list", "--json")) == {"added": ["Gonstead", "Nortriptyline"], "learned": []}
    assert "Nortriptyline" in refpad("list")
    assert refpad("remove", "Gonstead") == "1 word removed.\n"
    assert json.loads(refpad("list", "--json"))["added"] == ["Nortriptyline"]


def test_an_empty_record_teaches_nothing() -> None:
    """On a new machine the command ends well, and says so."""
    assert refpad("learn") == "0 words are learned.\n"


def test_what_is_no_word_is_explained() -> None:
    """A sentence typed in quotes would never match one word of writing."""
    with pytest.raises(UsageError, match="no word of 3 to 40 letters"):
        refpad("add", "left knee")
