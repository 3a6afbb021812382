"""JSON Lines: one value a line that comes back as it was, never half a file."""

import json
from pathlib import Path

import pytest

from exports.to_jsonl import write_jsonl
from schemas.errors import MachineError
from schemas.export import ExportedReferral
from tests.exports.test_to_csv import HOSTILE, _row


def test_each_line_comes_back_as_it_was(tmp_path: Path) -> None:
    """Whatever strangers wrote: no line end within a value makes two lines of one."""
    path = tmp_path / "referrals.jsonl"
    rows = [_row(diagnosis=text, goals=f"{text}\u2028{text}") for text in HOSTILE]
    assert write_jsonl(rows, path) == len(rows)
    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert [ExportedReferral.model_validate_json(line) for line in lines] == rows
    assert all(json.loads(line)["referral"]["patient_name"] == "Ada Quill" for line in lines)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    """The person who typed the path learns what to mend."""
    with pytest.raises(MachineError, match="No such file or directory"):
        write_jsonl([_row()], tmp_path / "nowhere" / "referrals.jsonl")
