"""What people type to keep promises: courses, letters, and chasing."""

import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from refpad.cli import app
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import UsageError
from store.directory.offices import reserve_serials
from tests.audit import audit_lines
from tests.days import other_dates
from tests.letter_life import accepted, in_doubt

Refpad = Callable[..., Result]


@pytest.fixture
def refpad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refpad:
    """The command line in a studio with one office, one referral of 3 March and a slip in doubt; today is the 9th."""
    for name, value in {"FOLDER": str(tmp_path / "data"), "TODAY": "2026-03-03"}.items():
        monkeypatch.setenv(f"REFPAD_{name}", value)
    monkeypatch.setenv("COLUMNS", "240")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Result:
        done = CliRunner().invoke(app, words)
        is_for_programs = "--json" in words or words[:2] == ("course", "form")  # that is TOML
        assert is_for_programs or other_dates(done.output) == [], words
        return done

    assert run("offices", "add", "northside", "--name", "Northside", "--address", "100 Sample Avenue").exit_code == 0
    settings = Settings()
    with closing(open_record(settings)) as store:
        reserve_serials(store, "northside", "met", 1, 50)
        accepted(store, settings, serial=7)
        in_doubt(store, settings, serial=8)
    monkeypatch.setenv("REFPAD_TODAY", "2026-03-09")
    return run


def saved_form(refpad: Refpad, tmp_path: Path, kind: str) -> str:
    path = tmp_path / f"{kind}.toml"
    path.write_text(refpad("course", "form", kind).stdout, "utf-8")
    return str(path)


def test_a_course_is_entered_from_a_file(refpad: Refpad, tmp_path: Path) -> None:
    """The form that is printed is one that is accepted."""
    form = saved_form(refpad, tmp_path, "assessment")
    entered = refpad("course", "enter", "1", form)
    assert entered.exit_code == 0
    assert "entry 1:1, final" in entered.output
    shown = refpad("course", "show", "1").stdout
    assert "assessed: Mar 9, 2026" in shown
    assert json.loads(refpad("course", "show", "1", "--json").stdout)["entries"][0]["kind"] == "assessment"
    [line] = json.loads(refpad("course", "list", "--find", "quill", "--json").stdout)
    assert (line["assessed_on"], line["next_visit_on"]) == ("2026-03-09", "2026-04-20")
    assert "Ada Quill" in refpad("course", "list").stdout


def test_a_draft_is_kept_and_finished(refpad: Refpad, tmp_path: Path) -> None:
    """With what was typed so far, even if it is little."""
    draft = tmp_path / "draft.toml"
    draft.write_text('kind = "assessment"\non = 2026-03-09\n')
    assert "draft" in refpad("course", "enter", "1", str(draft), "--draft").output
    assert refpad("course", "enter", "1", str(draft), "--draft").exit_code == 0
    assert refpad("course", "discard", "1", "2:1").exit_code == 0
    form = saved_form(refpad, tmp_path, "assessment")
    assert "entry 1:2, final" in refpad("course", "enter", "1", form, "--entry", "1:1").output


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("kind = ", "no TOML file"),
        ('kind = "pain"', "write assessment, progress, discharge or status_change"),
        ("\x80", "no TOML"),
    ],
)
def test_a_file_that_is_no_entry_is_explained(content: str, says: str, refpad: Refpad, tmp_path: Path) -> None:
    """With the way to one that is."""
    path = tmp_path / "entry.toml"
    path.write_text(content, "latin-1")
    error = refpad("course", "enter", "1", str(path)).exception
    assert isinstance(error, UsageError)
    assert says in str(error)


def test_a_visit_is_told_and_taken_back(refpad: Refpad) -> None:
    """One or the other, not both."""
    assert "Mar 20, 2026" in refpad("course", "visit", "1", "2026-03-20").output
    assert "not known" in refpad("course", "visit", "1", "--none").output
    assert isinstance(refpad("course", "visit", "1").exception, UsageError)
    for wrong in ("1999-01-01", "9999-12-31"):
        assert "cannot be on" in str(refpad("course", "visit", "1", wrong).exception)


def test_letters_are_chased_printed_and_posted(refpad: Refpad, tmp_path: Path) -> None:
    """From the thanks that are due to the task that is done."""
    assert refpad("chase").exit_code == 0
    [letter] = json.loads(refpad("letters", "list", "--json").stdout)
    assert (letter["kind"], letter["state"]) == ("thank_you", "ready")
    assert "Dr. B. Fenn" in refpad("letters", "list").stdout
    batch = tmp_path / "batch.pdf"
    assert "batch 1" in refpad("letters", "print", "--out", str(batch)).output
    assert batch.read_bytes().startswith(b"%PDF")
    assert batch.stat().st_mode & 0o077 == 0
    assert refpad("letters", "print", "--out", str(tmp_path / "again.pdf"), "--batch", "1").exit_code == 0
    assert "No letter waits" in refpad("letters", "print", "--out", str(batch)).output
    assert refpad("letters", "posted", "1").exit_code == 0
    assert json.loads(refpad("letters", "list", "--state", "sent", "--json").stdout)[0]["id"] == letter["id"]
    assert refpad("letters", "show", str(letter["id"]), "--out", str(tmp_path / "kept.png")).exit_code == 0
    kinds = [load["kind"] for load in json.loads(refpad("follow-ups", "list", "--json").stdout)]
    assert "thank_provider" not in kinds


def test_a_report_needs_a_release(refpad: Refpad, tmp_path: Path) -> None:
    """Exit code 1 says that a person is needed."""
    refpad("course", "enter", "1", saved_form(refpad, tmp_path, "assessment"))
    chased = refpad("chase", "--json")
    assert chased.exit_code == 1
    assert [json.loads(line)["fate"] for line in chased.stdout.splitlines()] == ["ready", "held"]
    assert isinstance(refpad("letters", "release").exception, UsageError)
    assert "1 letter is released" in refpad("letters", "release", "--all").output


def test_the_queue_says_that_the_office_was_asked_and_when(refpad: Refpad) -> None:
    """Who does not see it asks a second time; the page says it, so the command does."""
    assert "Office asked" not in refpad("review", "list").stdout
    refpad("letters", "missing", "s2", "--field", "signature")
    assert re.search(
        r"Office asked on [A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d [AP]M", refpad("review", "list").stdout
    )
    [item] = json.loads(refpad("review", "list", "--json").stdout)
    assert item["asked_office"]["fields"] == ["signature"]
    assert "about signature." in refpad("review", "show", "s2").output
    assert json.loads(refpad("review", "show", "s2", "--json").stdout)["asked_office"] == item["asked_office"]


def test_a_letter_is_settled_by_one_word(refpad: Refpad) -> None:
    """Two would contradict each other."""
    refpad("letters", "missing", "s2", "--field", "signature")
    refpad("chase")
    held = json.loads(refpad("letters", "list", "--state", "held", "--json").stdout)[0]["id"]
    assert isinstance(refpad("letters", "settle", str(held), "--sent", "--drop").exception, UsageError)
    assert refpad("letters", "settle", str(held), "--drop").exit_code == 0
    assert isinstance(refpad("letters", "list", "--state", "lost").exception, UsageError)


@pytest.mark.parametrize("kind", ["how_to_refer", "pad_cover"])
def test_letters_for_an_office_are_written_to_a_file(kind: str, refpad: Refpad, tmp_path: Path) -> None:
    """To go along with the pads."""
    out = tmp_path / f"{kind}.pdf"
    assert refpad("letters", "office", kind, "northside", "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_looking_at_a_letter_is_on_record(refpad: Refpad, tmp_path: Path) -> None:
    """It names a patient; a sample names nobody."""
    assert refpad("letters", "preview", "1", "--out", str(tmp_path / "thanks.png")).exit_code == 0
    with closing(open_record(Settings())) as store:
        last = audit_lines(store)[-1]
    assert (last["what"], last["subject"], last["detail"]) == ("view", "follow_up 1", {"letter": "thank_you"})
    assert isinstance(refpad("letters", "sample", "thank_you", "--out", str(tmp_path / "x.doc")).exception, UsageError)
    assert refpad("letters", "sample", "thank_you", "--out", str(tmp_path / "x.pdf")).exit_code == 0


@pytest.mark.parametrize("what", ["referrals", "followups", "offices"])
def test_each_export_is_a_file_of_its_own(what: str, refpad: Refpad, tmp_path: Path) -> None:
    """Written beside each other, readable by their owner only, and on record."""
    assert refpad("export", "csv", "--what", what).exit_code == 0
    path = tmp_path / "data" / "exports" / f"{what}.csv"
    assert len(path.read_text("utf-8-sig").splitlines()) > 1
    assert path.stat().st_mode & 0o077 == 0


def test_the_directory_is_corrected_and_merged(refpad: Refpad) -> None:
    """What people type to keep it clean."""
    refpad("offices", "add", "north", "--name", "Northside FP")
    assert refpad("offices", "edit", "northside", "--fax", "(212) 555-0101", "--prefers", "fax").exit_code == 0
    assert refpad("offices", "merge", "north", "northside").exit_code == 0
    assert [load["id"] for load in json.loads(refpad("offices", "list", "--json").stdout)] == ["northside"]
    assert refpad("offices", "unmerge", "north").exit_code == 0
    [provider] = json.loads(refpad("offices", "providers", "--json").stdout)
    assert (provider["name"], provider["office_id"]) == ("Dr. B. Fenn", "northside")
    assert refpad("offices", "edit-provider", "1", "--email", "fenn@northside.example").exit_code == 0
    assert "fenn@northside.example" in refpad("offices", "providers", "--find", "fenn").stdout
    error = refpad("offices", "edit-provider", "1", "--email", "nowhere").exception
    assert isinstance(error, UsageError)
    assert "email: write one email address" in str(error)
    assert isinstance(refpad("offices", "merge-providers", "1", "1").exception, UsageError)
    assert isinstance(refpad("offices", "unmerge-provider", "1").exception, UsageError)


def test_names_in_small_letters_are_asked_about_before_anything_is_saved(refpad: Refpad) -> None:
    """As on the page: the name stands in every letter. What else is wrong is said first."""
    correct = ("referrals", "correct", "1", "--reason", "misread", "--set", "patient_name=rosa mcdonald")
    wrong = refpad(*correct, "--set", "patient_phone=12").exception
    assert isinstance(wrong, UsageError)
    assert "patient phone: write a telephone number" in str(wrong)
    provider = ("offices", "edit-provider", "1", "--name", "nora o'dell")
    for words, meant in ((correct, "Rosa McDonald"), (provider, "Nora O'Dell")):
        asked = refpad(*words)
        assert (asked.exit_code, meant in asked.stderr) == (2, True)
        assert refpad(*words, "--as-typed").exit_code == 0


@pytest.mark.parametrize(("suffix", "begins"), [(".csv", b"\xef\xbb\xbf"), (".png", b"\x89PNG"), (".pdf", b"%PDF")])
def test_the_report_of_offices_is_a_table_a_csv_or_a_picture(
    suffix: str, begins: bytes, refpad: Refpad, tmp_path: Path
) -> None:
    """As people like to look at it."""
    out = tmp_path / f"offices{suffix}"
    assert refpad("offices", "report", "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(begins)
    assert "Northside" in refpad("offices", "report").stdout
    [line] = json.loads(refpad("offices", "report", "--json").stdout)
    assert (line["referrals"], line["slips_left"]) == (1, 42)
