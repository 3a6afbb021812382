"""`refpad patients`: who is referred, and who is the same person."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from refpad.cli import app
from refpad.services.wiring import open_record
from refpad.settings import Settings
from tests.letter_life import accepted


@pytest.fixture(autouse=True)
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record with two referrals of one name and telephone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("REFPAD_TODAY", "2026-03-03")
    settings = Settings()
    with closing(open_record(settings)) as store:
        for serial in (7, 8):
            accepted(store, settings, serial, diagnosis=f"hip {serial}", provider_name=f"Dr. {serial} Fenn")


def refpad(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


def told(*words: str):  # noqa: ANN201 - JSON, as the command printed it
    return json.loads(refpad(*words, "--json").stdout)


def test_patients_are_listed_joined_and_parted_by_commands() -> None:
    """Whatever the page does, with the numbers that it shows."""
    assert [one["id"] for one in told("patients", "list")] == [2, 1]
    assert [one["id"] for one in told("patients", "list", "quill")] == [2, 1]
    (pair,) = told("patients", "same")
    assert (pair["one"]["patient_id"], pair["other"]["patient_id"]) == (2, 1)
    assert "May be patient 1" in refpad("patients", "show", "2").stdout
    assert refpad("patients", "merge", "2", "1").exit_code == 0
    assert [one["id"] for one in told("patients", "show", "2")["referrals"]] == [2, 1]
    assert told("patients", "same") == []
    assert "is this patient" in refpad("patients", "show", "1").stdout
    assert refpad("patients", "unmerge", "2").exit_code == 0
    assert len(told("patients", "same")) == 1
    assert "Ada Quill" in refpad("patients", "list").stdout
    assert "Ada Quill" in refpad("patients", "same").stdout
