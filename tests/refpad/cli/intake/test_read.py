"""`refpad read`, as typed."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydantic import BaseModel
from typer.testing import CliRunner, Result

from refpad.cli import app, commands
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.reading import CodeSuggestion
from tests.ocr.paper import cross, design, place, px, scribble, slip


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["read", *arguments])


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A slip with a box ticked and a signature, and nothing else."""
    picture = slip()
    cross(picture, design().checkboxes[1].box_mm)
    scribble(picture, design().signature.box_mm)
    path = tmp_path / "scan.png"
    cv2.imwrite(str(path), place(picture, 2))
    return path


def test_each_slip_is_one_line_of_json(scan: Path) -> None:
    """Programs read line by line; a slip that is not accepted asks for a person by exit code 1."""
    done = _run(str(scan), "--json", "--received-on", "2026-11-23")
    (line,) = done.stdout.splitlines()
    reading = json.loads(line)
    assert reading["verdict"] == "review"
    assert reading["marks"][design().checkboxes[1].name]["value"] == "checked"
    assert reading["signature"]["value"] == "present"
    assert {finding["code"] for finding in reading["findings"]} == {"field_missing"}
    assert done.exit_code == 1


def test_a_file_that_cannot_be_used_ends_with_a_line_and_the_next_is_read(scan: Path, tmp_path: Path) -> None:
    """One broken file never costs the others."""
    broken, blank = tmp_path / "broken.pdf", tmp_path / "blank.png"
    broken.write_bytes(b"%PDF-1.7\nnothing more")
    cv2.imwrite(str(blank), np.full((1100, 850), 250, np.uint8))
    done = _run(str(broken), str(blank), str(scan), "--json", "--marks-only")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["verdict"] for line in lines] == ["set_aside", "set_aside", "review"]
    assert lines[1]["reason"] == "blank_page"
    assert done.exit_code == 1


def test_a_file_that_is_not_there_is_told_before_any_is_read(scan: Path, tmp_path: Path) -> None:
    """A mistyped name is no question of rights, and costs no minute of reading."""
    missing = tmp_path / "nope.pdf"
    done = _run(str(scan), str(missing))
    assert isinstance(done.exception, UsageError)
    assert str(done.exception) == f"There is no file {missing}."
    assert done.stdout == ""


def test_people_get_a_block_a_slip(scan: Path) -> None:
    """The ticked boxes, the signature and the reason why a person is needed."""
    shown = _run(str(scan), "--marks-only").stdout
    assert "met-1 no. 123" in shown
    assert design().checkboxes[1].name in shown
    assert "present" in shown


def test_the_overlay_is_written_where_asked(scan: Path, tmp_path: Path) -> None:
    """One picture a slip, made when the folder is not there yet."""
    _run(str(scan), "--marks-only", "--overlay", str(tmp_path / "proof" / "deep"))
    assert [path.name for path in (tmp_path / "proof" / "deep").iterdir()] == ["scan-p1-s1.png"]


def test_two_scans_called_the_same_have_a_picture_each(scan: Path, tmp_path: Path) -> None:
    """Scanners number from 1 in every folder; the picture of one patient's slip must not stand for another's."""
    copies = [tmp_path / folder / name for folder, name in (("x", "a.png"), ("y", "a.png"), ("z", "A.png"))]
    for copy in copies:
        copy.parent.mkdir()
        shutil.copyfile(scan, copy)
    _run(*map(str, copies), "--marks-only", "--overlay", str(tmp_path / "proof"))
    drawn = sorted(path.name for path in (tmp_path / "proof").iterdir())
    assert drawn == ["A-3-p1-s1.png", "a-2-p1-s1.png", "a-p1-s1.png"]


def test_a_diagnosis_of_covid_is_read_and_the_file_after_it(scan: Path, tmp_path: Path) -> None:
    """Its code begins with a letter that few codes have; it once ended the whole command."""
    picture, box = slip(serial=7), next(field for field in design().writing if field.name == "diagnosis").box_mm
    left, _, _, bottom = px(box)
    cv2.putText(picture, "COVID-19", (left + 30, bottom - 20), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 3, cv2.LINE_AA)
    covid = tmp_path / "covid.png"
    cv2.imwrite(str(covid), place(picture))
    done = _run(str(covid), str(scan), "--json", "--received-on", "2026-11-23")
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["suggestions"][0]["code"] == "U07.1"
    assert second["serial"] == 123


@pytest.mark.parametrize(("model", "told"), [(Settings, "Settings: "), (CodeSuggestion, "This does not fit: ")])
def test_only_wrong_settings_are_called_settings(
    model: type[BaseModel], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody finds a fault of the program in docs/settings.md; and what was read is not quoted."""

    def command() -> None:
        model.model_validate({"code": "Ada Quill", "limits": "Ada Quill"})

    monkeypatch.setattr(commands, "app", lambda prog_name: command())
    with pytest.raises(SystemExit):
        commands.main()
    complaint = capsys.readouterr().err
    assert told in complaint
    assert "Ada Quill" not in complaint
