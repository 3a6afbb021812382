"""`refpad simulate` and `refpad samples`, as typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pads.simulate.truth import TruthFile
from refpad.cli import app
from schemas.errors import UsageError


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_slips_are_written_with_their_truth(tmp_path: Path) -> None:
    """As many as asked, on as many files as that takes, judged on the day given."""
    done = _run(
        "simulate", "--out", str(tmp_path), "--slips", "3", "--channel", "fax-fine", "--per-page", "2",
        "--design", "met", "--today", "2026-11-20", "--json",
    )  # fmt: skip
    assert json.loads(done.stdout)["files"] == {"0001-fax-fine.tif": 2, "0002-fax-fine.tif": 1}
    scans = TruthFile.load(tmp_path).scans
    assert {placed.slip.design for scan in scans for placed in scan.slips} == {"met"}
    assert {scan.received_on.isoformat() for scan in scans} == {"2026-11-20"}


def test_awkward_paper_comes_by_name(tmp_path: Path) -> None:
    """Whoever hears of a torn slip that was read badly makes more of them."""
    _run("simulate", "--out", str(tmp_path), "--slips", "3", "--paper", "overlapping", "--today", "2026-11-20")
    scans = TruthFile.load(tmp_path).scans
    files = [(scan.file, len(scan.slips)) for scan in scans]
    assert files == [("0001-overlapping.pdf", 2), ("0002-overlapping.pdf", 1)]
    failed = _run("simulate", "--out", str(tmp_path), "--paper", "eaten")
    assert str(failed.exception).startswith('There is no paper "eaten"; there are: anyhow,')


def test_an_unknown_channel_is_named_with_those_there_are(tmp_path: Path) -> None:
    """A slip of the keyboard costs one look, not a search in the manual."""
    failed = _run("simulate", "--out", str(tmp_path), "--channel", "telex")
    assert isinstance(failed.exception, UsageError)
    assert str(failed.exception).startswith('There is no channel "telex"; there are: scan-300,')


def test_the_clock_of_the_studio_dates_the_scans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting `today` stands in for it in demonstrations."""
    monkeypatch.setenv("REFPAD_TODAY", "2026-03-02")
    _run("simulate", "--out", str(tmp_path), "--slips", "1", "--channel", "fax-standard")
    assert TruthFile.load(tmp_path).scans[0].received_on.isoformat() == "2026-03-02"


def test_the_sample_set_is_written_by_one_command(tmp_path: Path) -> None:
    """Whoever changes a pad must be able to renew it."""
    assert _run("samples", "--out", str(tmp_path)).exit_code == 0
    assert (tmp_path / "README.md").is_file()
    assert len(TruthFile.load(tmp_path).scans) > 12
