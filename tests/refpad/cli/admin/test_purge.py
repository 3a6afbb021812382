"""`refpad purge`: shown first, gone with --yes, and no word of a patient in what is printed."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from refpad.cli import app
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from tests.letter_life import accepted, end_all


def refpad(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.fixture(autouse=True)
def ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A referral that ended more than eight years before the day of the command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("REFPAD_TODAY", "2026-03-03")
    settings = Settings()
    with closing(open_record(settings)) as store:
        accepted(store, settings, 7)
        end_all(store, settings)
    monkeypatch.setenv("REFPAD_TODAY", "2034-06-01")


def test_what_would_go_is_shown_and_goes_only_with_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without years nothing goes; a hold keeps what is past them; a second purge has nothing to do."""
    with pytest.raises(UsageError, match="REFPAD_RETENTION__REFERRALS_YEARS"):
        refpad("purge")
    monkeypatch.setenv("REFPAD_RETENTION__REFERRALS_YEARS", "7")
    assert refpad("referrals", "hold", "1", "--reason", "a claim").exit_code == 0
    assert "Legal hold" in refpad("referrals", "show", "1").stdout
    assert json.loads(refpad("purge", "--json").stdout)["files"] == 0
    assert refpad("referrals", "lift-hold", "1", "--reason", "settled").exit_code == 0
    shown = refpad("purge")
    assert "2033-03-03" in shown.stdout
    assert "Quill" not in shown.output
    assert json.loads(refpad("purge", "--json").stdout)["referrals"] == 1
    report = json.loads(refpad("purge", "--yes", "--json").stdout)
    assert (report["purge"]["counts"]["referrals"], report["rewritten"]) == (1, [])
    with pytest.raises(UsageError, match="Referral 1 was purged on"):
        refpad("referrals", "show", "1")
    assert refpad("purge", "--yes").exit_code == 0
    assert "every record has its original" in " ".join(refpad("verify").output.split()).lower()
