"""What people type to get the record out."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from exports.to_csv import COLUMNS, ENCODING
from refpad.cli import app
from schemas.errors import MachineError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings point at a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    return tmp_path / "data"


def _export(*words: str) -> Result:
    return CliRunner().invoke(app, ["export", "csv", *words], catch_exceptions=False)


def _header(path: Path) -> list[str]:
    return path.read_text(ENCODING).strip().split(",")


def test_the_file_goes_to_the_exports_folder(folder: Path) -> None:
    """One sentence says where it is and how much is in it; stdout stays clean."""
    done = _export()
    assert done.exit_code == 0
    assert done.stderr == f"{folder / 'exports' / 'referrals.csv'}: 0 referrals.\n"
    assert done.stdout == ""
    assert _header(folder / "exports" / "referrals.csv") == list(COLUMNS)


def test_the_file_goes_where_one_says(folder: Path, tmp_path: Path) -> None:
    """And then the one in the exports folder is left alone."""
    assert _export("--out", str(tmp_path / "mine.csv")).exit_code == 0
    assert _header(tmp_path / "mine.csv") == list(COLUMNS)
    assert not (folder / "exports").exists()


def test_programs_are_told_in_json(tmp_path: Path) -> None:
    """The same two facts, to be parsed."""
    told = json.loads(_export("--out", str(tmp_path / "mine.csv"), "--json").stdout)
    assert told == {"file": str(tmp_path / "mine.csv"), "referrals": 0}


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """It reaches the front door as an error of the machine, exit code 3."""
    with pytest.raises(MachineError, match="could not be written") as caught:
        _export("--out", str(tmp_path / "nowhere" / "mine.csv"))
    assert caught.value.exit_code == 3
