"""What people type to settle, tick off and look up, on a record with one slip in doubt."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from refpad.cli import app, console
from refpad.services.wiring import open_record, rules_of
from refpad.settings import Settings
from schemas.dates import show_day
from schemas.errors import UsageError
from schemas.limits import Limits
from schemas.reading import (
    Finding,
    MarkReading,
    MarkState,
    PageRead,
    SignatureReading,
    SignatureState,
    SlipReading,
    TextReading,
)
from schemas.reasons import FindingCode
from store.intake import claims, results
from store.intake.taking_in.take_in import take_in
from tests.audit import audit_lines
from tests.days import other_dates
from tests.store.helpers import taken

Refpad = Callable[..., Result]

WRITTEN = {
    "patient_name": "Ada Quill",
    "patient_phone": "(212) 555-0142",
    "provider_name": "Dr. B. Fenn",
    "diagnosis": "s/p L TKA 9/14",
    "signed_on": "2026-03-02",
}


def doubtful_slip(settings: Settings) -> SlipReading:
    """A slip of the pad met-1 that is signed for sure by nobody."""
    pad = rules_of(settings).design_of("met", 1)
    assert pad is not None
    marks = {box.name: MarkReading(value=MarkState.UNCHECKED, confidence=1, ink=0) for box in pad.checkboxes}
    marks["back_pain"] = MarkReading(value=MarkState.CHECKED, confidence=1, ink=0.3)
    written = {field.name: WRITTEN.get(field.name, "") for field in pad.writing}
    text = {name: TextReading(value=value, confidence=0.99, reader="ppocr") for name, value in written.items()}
    return SlipReading(
        file="scan",
        page=1,
        slip=1,
        corners_px=(),
        design="met",
        edition=1,
        serial=7,
        residual_mm=0.1,
        marks=marks,
        signature=SignatureReading(value=SignatureState.UNCERTAIN, confidence=0.5, reason="a smudge"),
        text=text,
        verdict="review",
    )


@pytest.fixture
def refpad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refpad:
    """The command line in a studio whose one scan holds that slip."""
    for name, value in {"FOLDER": str(tmp_path / "data"), "TODAY": "2026-03-03"}.items():
        monkeypatch.setenv(f"REFPAD_{name}", value)
    monkeypatch.setenv("COLUMNS", "200")
    settings = Settings()
    with closing(open_record(settings)) as store:
        scan = tmp_path / "scan.pdf"
        scan.write_bytes(b"a scan")
        take_in(store, scan, Limits())
        claim = claims.next_claim(store, "worker", 60)
        assert claim is not None
        page = PageRead(page=1, slips=(doubtful_slip(settings),))
        results.record(store, claim, [page], {(1, 1): b"\x89PNG"}, rules_of(settings))

    def run(*words: str) -> Result:
        done = CliRunner().invoke(app, words)
        is_for_programs = "--json" in words or words[:2] == ("course", "form")  # that is TOML
        assert is_for_programs or other_dates(done.output) == [], words
        return done

    return run


def test_what_waits_is_listed_with_the_reason(refpad: Refpad) -> None:
    """The list is where the day begins."""
    [item] = json.loads(refpad("review", "list", "--json").stdout)
    assert item["id"] == "s1"
    assert item["why"] == ["It is not certain that someone signed (a smudge)."]
    assert "a smudge" in refpad("review", "list").stdout
    assert [refpad("review", "list", *as_json).exit_code for as_json in ([], ["--json"])] == [1, 1]


def test_of_many_that_wait_some_are_listed_and_it_is_said_how_many_more_there_are(refpad: Refpad) -> None:
    """With ten thousand waiting, the day still begins at once; what follows is a step behind the last."""
    settings = Settings()
    with closing(open_record(settings)) as store:
        for content in (b"two", b"three"):
            claim = taken(store, settings.folder / "scan.pdf", content)
            page = PageRead(page=1, slips=(doubtful_slip(settings),))
            results.record(store, claim, [page], {(1, 1): b"\x89PNG"}, rules_of(settings))
    first = refpad("review", "list", "--limit", "2", "--json")
    assert [item["id"] for item in json.loads(first.stdout)] == ["s1", "s2"]
    assert "2 of 3; the next: --after s2, or more at once: --limit 3." in first.stderr
    assert [item["id"] for item in json.loads(refpad("review", "list", "--after", "s2", "--json").stdout)] == ["s3"]


def test_an_item_is_shown_with_every_reading(refpad: Refpad) -> None:
    """What was read, how surely, and where the picture lies."""
    shown = refpad("review", "show", "s1").output
    assert "Ada Quill" in shown
    assert "Picture: " in shown
    assert json.loads(refpad("review", "show", "s1", "--json").stdout)["draft"]["serial"] == 7


def test_settling_makes_a_record_and_its_tasks(refpad: Refpad) -> None:
    """Exit code 0 once nothing is doubtful; the tasks are there at once."""
    assert refpad("review", "accept", "s1", "--set", "signature=present").exit_code == 0
    tasks = json.loads(refpad("follow-ups", "list", "--json").stdout)
    assert [task["kind"] for task in tasks] == [
        "thank_provider",
        "contact_patient",
        "book_assessment",
    ]
    assert json.loads(refpad("follow-ups", "list", "--due", "--json").stdout) == tasks[:1]
    assert json.loads(refpad("status", "--json").stdout)["files"]["done"] == 1


def test_settling_says_what_is_still_missing(refpad: Refpad) -> None:
    """Exit code 1: a person is needed still."""
    result = refpad("review", "accept", "s1", "--set", "signature=present", "--set", "patient_phone=12")
    assert result.exit_code == 1
    assert "2 digits are no" in result.output


def test_a_slip_that_came_before_needs_a_word_of_its_own(refpad: Refpad, tmp_path: Path) -> None:
    """Accepting it makes no second referral, whatever else is said; --same and --new do what they say."""
    assert refpad("review", "accept", "s1", "--set", "signature=present").exit_code == 0
    settings = Settings()
    for name in ("again.pdf", "once-more.pdf"):
        with closing(open_record(settings)) as store:
            (tmp_path / name).write_bytes(name.encode())
            take_in(store, tmp_path / name, Limits())
            claim = claims.next_claim(store, "worker", 60)
            assert claim is not None
            pages = [PageRead(page=1, slips=(doubtful_slip(settings),))]
            results.record(store, claim, pages, {(1, 1): b"\x89PNG"}, rules_of(settings))
    refused = refpad("review", "accept", "s2", "--set", "signature=present", "--confirm", "all")
    assert (refused.exit_code, "met-1 no." in refused.output) == (1, True)
    assert isinstance(refpad("review", "duplicate", "s2", "--why", "x").exception, UsageError)
    assert isinstance(refpad("review", "duplicate", "s2", "--new").exception, UsageError)
    assert "as the same slip as s1" in refpad("review", "duplicate", "s2", "--same", "--why", "sent twice").output
    assert "Slip 2 was set aside as the same slip: sent twice." in refpad("referrals", "show", "1").output
    assert "beside s1" in refpad("review", "duplicate", "s3", "--new", "--why", "a copied slip").output
    assert refpad("review", "accept", "s3", "--set", "signature=present").exit_code == 0
    assert json.loads(refpad("status", "--json").stdout)["slips"]["accepted"] == 2


def test_a_doubt_about_the_paper_is_let_stand_by_its_name(refpad: Refpad, tmp_path: Path) -> None:
    """As the page asks for a tick; the name to type stands beside the doubt, and no word lets all stand."""
    settings = Settings()
    blurred = Finding(code=FindingCode.IMAGE_BLURRED, detail="The picture is blurred.")
    read = doubtful_slip(settings).model_copy(update={"serial": 8, "findings": (blurred,)})
    with closing(open_record(settings)) as store:
        (tmp_path / "two.pdf").write_bytes(b"two")
        take_in(store, tmp_path / "two.pdf", Limits())
        claim = claims.next_claim(store, "worker", 60)
        assert claim is not None
        results.record(store, claim, [PageRead(page=1, slips=(read,))], {}, rules_of(settings))
    said = ("review", "accept", "s2", "--set", "signature=present")
    refused = refpad(*said)
    assert (refused.exit_code, "--waive image_blurred" in refused.output) == (1, True)
    for wrong in ("all", "possible_duplicate", "field_missing"):
        assert isinstance(refpad(*said, "--waive", wrong).exception, UsageError)
    assert refpad(*said, "--waive", "image_blurred").exit_code == 0


def test_rejecting_needs_a_reason(refpad: Refpad) -> None:
    """Who looks at it in a year must find out why."""
    assert refpad("review", "reject", "s1").exit_code == 2
    assert refpad("review", "reject", "s1", "--why", "a copy").exit_code == 0
    left = refpad("review", "list", "--json")
    assert (json.loads(left.stdout), left.exit_code) == ([], 0)


@pytest.mark.parametrize("said", ["signature", "edition=one"])
def test_a_correction_that_does_not_parse_is_explained(said: str, refpad: Refpad) -> None:
    """With an example of one that does."""
    error = refpad("review", "accept", "s1", "--set", said).exception
    assert isinstance(error, UsageError)
    assert "--set" in str(error)


def test_a_task_is_ticked_off_by_the_person_at_the_keyboard(refpad: Refpad) -> None:
    """The audit says who; the list gets shorter."""
    refpad("review", "accept", "s1", "--set", "signature=present")
    assert refpad("follow-ups", "done", "1", "--note", "sent").exit_code == 0
    assert refpad("follow-ups", "skip", "2", "--why", "moved away", "--ended", "told").exit_code == 0
    assert "book assessment" in refpad("follow-ups", "list").stdout
    assert len(json.loads(refpad("follow-ups", "list", "--json").stdout)) == 1
    with closing(open_record(Settings())) as store:
        acts = [line["what"] for line in audit_lines(store)]
    assert acts[-4:] == ["done", "skipped", "view", "view"]  # both lists name patients, so looking is noted too


def test_the_old_name_of_the_follow_ups_command_still_works(refpad: Refpad) -> None:
    """Whoever has typed `refpad tasks` for a year, or has it in a script, gets the same list; the help names one."""
    assert refpad("tasks", "list", "--json").stdout == refpad("follow-ups", "list", "--json").stdout
    assert "tasks" not in refpad("--help").stdout


def test_a_task_is_taken_put_off_and_looked_up(refpad: Refpad, tmp_path: Path) -> None:
    """Who has it, since when, and why: the list, the history and the calendar agree."""
    refpad("review", "accept", "s1", "--set", "signature=present")
    assert refpad("follow-ups", "assign", "2", "robin").exit_code == 0
    assert refpad("follow-ups", "postpone", "2", "2026-03-20", "--note", "away").exit_code == 0
    [mine] = json.loads(refpad("follow-ups", "list", "--owner", "robin", "--find", "quill", "--json").stdout)
    assert (mine["id"], mine["due"]) == (2, "2026-03-20")
    shown = refpad("follow-ups", "show", "2").stdout
    assert "postponed to Mar 20, 2026" in shown
    assert "away" in shown
    history = json.loads(refpad("follow-ups", "show", "2", "--json").stdout)["history"]
    assert [each["what"] for each in history] == ["assigned", "postponed"]
    assert refpad("follow-ups", "ics").exit_code == 0
    assert "DTSTART;VALUE=DATE:20260320" in (tmp_path / "data" / "exports" / "follow-ups.ics").read_text("utf-8")


def test_a_long_list_says_how_to_see_the_rest(refpad: Refpad) -> None:
    """What is not shown must not look as if it were not there."""
    refpad("review", "accept", "s1", "--set", "signature=present")
    first = refpad("follow-ups", "list", "--limit", "2")
    assert "2 of 3" in first.output
    assert "--after 2" in first.output
    assert [load["id"] for load in json.loads(refpad("follow-ups", "list", "--after", "2", "--json").stdout)] == [3]


@pytest.mark.parametrize("width", [80, 119, 120])
def test_number_date_and_phone_are_whole_on_a_narrow_screen(
    width: int, refpad: Refpad, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are what the next command, the call and the day's plan are made of; names go on below."""
    refpad("review", "accept", "s1", "--set", "signature=present")
    monkeypatch.setenv("REFPAD_TODAY", "2026-03-30")
    monkeypatch.setattr(console.results, "width", width)
    tasks = json.loads(refpad("follow-ups", "list", "--due", "--json").stdout)
    lines = refpad("follow-ups", "list", "--due").stdout.splitlines()
    assert max(map(len, lines)) <= width
    for task in tasks:
        assert any(
            str(task["id"]) in line.split()
            and show_day(date.fromisoformat(task["due"])) in line
            and "(212) 555-0142" in line
            for line in lines
        )


def test_an_office_is_entered_and_listed(refpad: Refpad) -> None:
    """A wrong id is explained by the field, not by a traceback."""
    assert refpad("offices", "add", "riverside", "--name", "Riverside Spine", "--contact", "Pat").exit_code == 0
    [office] = json.loads(refpad("offices", "list", "--json").stdout)
    assert (office["id"], office["serials"]) == ("riverside", [])
    error = refpad("offices", "add", "River side", "--name", "Riverside").exception
    assert isinstance(error, UsageError)
    assert "id: write 2 to 40 small letters" in str(error)
    twice = ("offices", "add", "river", "--name", "RIVERSIDE spine")
    assert "on record: riverside" in str(refpad(*twice).exception)
    assert refpad(*twice, "--another").exit_code == 0


def test_an_export_by_hand_is_noted_with_its_author(refpad: Refpad) -> None:
    """45 CFR 164.312(b): whoever carries patients' data out of the record is on record."""
    assert refpad("export", "csv").exit_code == 0
    with closing(open_record(Settings())) as store:
        last = audit_lines(store)[-1]
    assert (last["what"], last["subject"], last["detail"]) == ("export", "referrals", {"count": 0})


def test_the_record_can_be_checked_at_any_time(refpad: Refpad, tmp_path: Path) -> None:
    """Exit code 0 when all is as promised, 3 when a byte is not."""
    result = refpad("verify")
    assert (result.exit_code, "files verified: 1." in result.output) == (0, True)
    original = next(path for path in (tmp_path / "data" / "store" / "originals").rglob("*") if path.is_file())
    original.write_bytes(b"A scan")
    result = refpad("verify", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)[0]["subject"] == "file 1"
    assert "Problems found: 1. Verify the latest backup" in refpad("verify").output


def test_a_file_that_could_not_be_used_is_listed_and_tried_again(refpad: Refpad, tmp_path: Path) -> None:
    """Its name is shown here, to the person who dropped it, and nowhere else."""
    with closing(open_record(Settings())) as store:
        path = tmp_path / "letter.pdf"
        path.write_bytes(b"no slip")
        take_in(store, path, Limits())
        claim = claims.next_claim(store, "worker", 60)
        assert claim is not None
        results.record(store, claim, [PageRead(page=1)], {}, rules_of(Settings()))
    [aside] = json.loads(refpad("set-aside", "list", "--json").stdout)
    assert (aside["name"], aside["reason"]) == ("letter.pdf", "no_slip_found")
    assert "letter.pdf" in refpad("set-aside", "list").stdout
    assert refpad("set-aside", "retry", str(aside["file_id"])).exit_code == 0
    assert json.loads(refpad("status", "--json").stdout)["files"]["waiting"] == 1
