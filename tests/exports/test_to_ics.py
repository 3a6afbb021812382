"""The calendar of what is to be done."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from icalendar import Calendar

from exports.to_ics import TO_DO, CalendarHead, ics_bytes, write_ics
from schemas.export import ExportedFollowUp
from schemas.followup import FollowUpKind, FollowUpState

NOW = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
HEAD = CalendarHead("Harbor Medical Exercise", "http://127.0.0.1:4180", NOW)


def follow_up(number: int, due: date, moves: int = 0) -> ExportedFollowUp:
    return ExportedFollowUp(
        follow_up_id=str(number),
        referral_id="7",
        kind=FollowUpKind.CONTACT_PATIENT,
        cycle=1,
        due=due,
        state=FollowUpState.OPEN,
        owner="kim",
        made_on=date(2026, 3, 3),
        ended_on=None,
        settled_by=None,
        note="Ada Quill is in hospital",
        moves=moves,
    )


def written(tmp_path: Path, *rows: ExportedFollowUp) -> Calendar:
    path = tmp_path / "follow-ups.ics"
    assert write_ics(rows, path, HEAD) == len(rows)
    return Calendar.from_ical(path.read_bytes())


def test_each_task_is_a_whole_day_that_another_program_reads(tmp_path: Path) -> None:
    """Read back by a parser of the format: a day has no hour, and so no time zone to be wrong in."""
    calendar = written(tmp_path, follow_up(31, date(2026, 3, 8)), follow_up(32, date(2026, 12, 31)))
    assert calendar["x-wr-calname"] == "Harbor Medical Exercise: follow-ups"
    events = [(each.decoded("dtstart"), each.decoded("dtend")) for each in calendar.walk("VEVENT")]
    assert events == [(date(2026, 3, 8), date(2026, 3, 9)), (date(2026, 12, 31), date(2027, 1, 1))]


def test_a_moved_task_is_the_same_event_on_another_day(tmp_path: Path) -> None:
    """A new UID would leave the old day standing in the phone."""
    [before] = written(tmp_path, follow_up(31, date(2026, 3, 8))).walk("VEVENT")
    [after] = written(tmp_path, follow_up(31, date(2026, 3, 8) + timedelta(days=2), moves=1)).walk("VEVENT")
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)


def test_the_calendar_names_nobody(tmp_path: Path) -> None:
    """A subscribed calendar is copied to phones and to their makers' machines."""
    written(tmp_path, follow_up(31, date(2026, 3, 8)))
    assert "Quill" not in (tmp_path / "follow-ups.ics").read_text("utf-8")


def test_an_entry_says_in_words_what_is_to_be_done_and_where(tmp_path: Path) -> None:
    """Nobody at a calendar has a terminal; every kind of follow-up has its words."""
    [event] = written(tmp_path, follow_up(31, date(2026, 3, 8))).walk("VEVENT")
    assert event["summary"] == "Call the patient (follow-up 31)"
    assert event["description"] == "At the front desk: http://127.0.0.1:4180/tasks/31"
    assert set(TO_DO) == set(FollowUpKind)
    named = follow_up(31, date(2026, 3, 8)).model_copy(update={"about": "A. Q."})
    [event] = Calendar.from_ical(ics_bytes([named], HEAD)).walk("VEVENT")
    assert event["summary"] == "Call the patient: A. Q."


def test_programs_are_told_to_come_back_in_an_hour(tmp_path: Path) -> None:
    """As a duration: Outlook takes no "1:00:00"."""
    calendar = written(tmp_path, follow_up(31, date(2026, 3, 8))).to_ical()
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in calendar
    assert b"X-PUBLISHED-TTL:PT1H" in calendar


def test_lines_end_and_fold_as_the_format_asks(tmp_path: Path) -> None:
    """RFC 5545, 3.1: CRLF, and 75 octets a line at most; Outlook refuses others."""
    path = tmp_path / "follow-ups.ics"
    write_ics([follow_up(31, date(2026, 3, 8))], path, replace(HEAD, studio="A studio with a very long name, " * 4))
    lines = path.read_bytes().split(b"\r\n")
    assert lines[-1] == b""
    assert all(b"\n" not in line and len(line) <= 75 for line in lines)
