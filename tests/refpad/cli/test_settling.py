"""From a scan to the CSV with nothing but commands: what a front desk without Prefect types."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from refpad.cli import app
from schemas.errors import UsageError

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture(autouse=True)
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings point at a folder of the test's own, on the day the samples arrived."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFPAD_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("REFPAD_TODAY", "2026-11-20")
    return tmp_path / "data" / "exports"


def _refpad(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


def _referrals(exports: Path) -> pd.DataFrame:
    return pd.read_csv(exports / "referrals.csv", dtype=str, keep_default_na=False)


def test_a_slip_that_a_person_settles_is_exported_at_once(exports: Path) -> None:
    """Whoever settles a slip looks for it in the spreadsheet next, not after another batch of scans."""
    assert _refpad("intake", str(SAMPLES / "not-signed.tif")).exit_code == 1
    assert _referrals(exports).empty
    refused = _refpad("review", "accept", "s1", "--set", "signature=present", "--set", "patient_phone=555-0142")
    assert refused.exit_code == 1
    assert "its 7 digits are no valid number" in refused.stdout
    assert _referrals(exports).empty
    texts = [word for field in ("other_condition", "other_service") for word in ("--set", f"{field}=")]
    said = ("--set", "patient_name=Ada Quill", "--set", "patient_phone=212 555 0142", "--confirm", "all", *texts)
    assert _refpad("review", "accept", "s1", *said).exit_code == 0
    [row] = _referrals(exports).to_dict("records")
    assert (row["patient_name"], row["patient_phone"]) == ("Ada Quill", "(212) 555-0142")
    assert row["accepted_by"] != "machine"


def test_a_slip_of_the_record_is_read_and_drawn_once_more(tmp_path: Path) -> None:
    """Whoever doubts a reading sees what was seen where, without looking for the scan; the record stays as it is."""
    assert _refpad("intake", str(SAMPLES / "two-pads.pdf")).exit_code in (0, 1)
    before = _refpad("status", "--json").stdout
    proof = tmp_path / "proof"
    done = _refpad("read", "--record", "s2", "--overlay", str(proof), "--marks-only", "--json")
    [line] = done.stdout.splitlines()
    reading = json.loads(line)
    assert [path.name for path in proof.iterdir()] == [f"file-1-p{reading['page']}-s{reading['slip']}.png"]
    whole = _refpad("read", "--record", "1", "--marks-only", "--json").stdout.splitlines()
    assert line in whole
    assert len(whole) == 2
    assert _refpad("status", "--json").stdout == before


@pytest.mark.parametrize("item", ["s99", "99", "p1", "s", "", "s-1", "s\u0661", "9" * 30])
def test_what_is_not_on_record_is_said_in_a_sentence(item: str) -> None:
    """A number mistyped ends with the number, and not with a picture of somebody else's slip."""
    with pytest.raises(UsageError, match=r"^(There is no (slip|file) 99 in the record|.* is no item of the record: )"):
        _refpad("read", "--record", item)


@pytest.mark.parametrize("words", [(), ("--record", "s1", "scan.pdf")])
def test_files_or_the_record_are_read_and_not_both(words: tuple[str, ...]) -> None:
    """Half of what was typed would be passed over without a word."""
    with pytest.raises(UsageError, match="Say what to read"):
        _refpad("read", *words)


def test_folders_of_the_inbox_that_are_not_looked_into_are_counted(exports: Path) -> None:
    """Whoever asks what the record holds learns that there is more to hold."""
    inbox = exports.parent / "inbox"
    _refpad("intake")
    (inbox / "HP_M428" / "2026" / "11-20").mkdir(parents=True)
    (inbox / ".sync").mkdir()
    assert "Folders that are not looked into: 1" in _refpad("status").stderr
    assert json.loads(_refpad("status", "--json").stdout)["folders_not_looked_into"] == 1
    pages = json.loads(_refpad("status", "--json").stdout)["pages"]
    assert pages["seen"] == pages["with_slips"] + pages["back_or_blank"] + pages["set_aside"]
    assert f"{pages['seen']} pages seen: {pages['with_slips']} with slips" in _refpad("status").stderr
    assert json.loads(_refpad("set-aside", "pages", "--json").stdout) == []
    assert "what it is" in _refpad("set-aside", "pages").stdout
