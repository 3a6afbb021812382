"""Open follow-ups as one iCalendar file (RFC 5545) that phones and Outlook subscribe to.

Whole-day events, not to-dos: Outlook and Google Calendar leave out VTODO. Calendars are synchronized through other
people's machines, so an entry says what is to be done and its number; about whom only where a row says so itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Event, vDuration

from schemas.atomic_write import replace_text_file
from schemas.errors import MachineError
from schemas.export import ExportedFollowUp
from schemas.followup import FollowUpKind as Kind

PRODUCT = "-//refpad//follow-ups//EN"
REFRESH = timedelta(hours=1)
LINE_END = "\r\n"
TO_DO = {
    Kind.THANK_PROVIDER: "Thank the provider",
    Kind.CONTACT_PATIENT: "Call the patient",
    Kind.BOOK_ASSESSMENT: "Book the assessment",
    Kind.ASSESS_PATIENT: "Assess the patient",
    Kind.ASSESSMENT_SUMMARY: "Write the assessment summary",
    Kind.PROGRESS_REPORT: "Write the progress report",
    Kind.DISCHARGE_SUMMARY: "Write the discharge summary",
    Kind.TELL_NOT_REACHED: "Tell the provider that the patient was not reached",
    Kind.TELL_DECLINED: "Tell the provider that the patient declined",
    Kind.TELL_ENDED: "Tell the provider that the calls have ended",
    Kind.STATUS_CHANGE: "Tell the provider of a change",
    Kind.INTRODUCE: "Send the introductory letter",
    Kind.ASK_AFTER_MISSED: "Ask the patient about the missed sessions",
    Kind.MISSING_INFORMATION: "Ask the office for what is missing",
    Kind.RESTOCK_PADS: "Give the office more pads",
    Kind.KEEP_IN_TOUCH: "Keep in touch with the office",
    Kind.CONTACT_OFFICE: "Visit or call the office, as planned",
}


@dataclass(frozen=True)
class CalendarHead:
    """Whose calendar it is: the studio's name, the address of its front desk, and the moment of writing."""

    studio: str
    desk_url: str
    now: datetime


def ics_bytes(rows: Iterable[ExportedFollowUp], calendar: CalendarHead) -> bytes:
    """The calendar as it is sent to whoever subscribes to it."""
    head, tail = _frame(calendar.studio)
    return head.encode() + b"".join(_event(row, calendar).to_ical() for row in rows) + tail.encode()


def write_ics(rows: Iterable[ExportedFollowUp], path: Path, calendar: CalendarHead) -> int:
    """Write one event a follow-up to `path`, replacing it in one step; returns how many there were.

    Raises MachineError when the file cannot be written; `path` is then as it was.
    """
    count = 0
    try:
        with replace_text_file(path, "utf-8") as file:
            head, tail = _frame(calendar.studio)
            file.write(head)
            for row in rows:
                file.write(_event(row, calendar).to_ical().decode("utf-8"))
                count += 1
            file.write(tail)
    except OSError as error:
        raise MachineError(
            f"The calendar {path} could not be written ({error.strerror}): make it writable, then "
            "run `refpad follow-ups ics` again."
        ) from None
    return count


def _frame(studio: str) -> tuple[str, str]:
    """What stands before the events and after them: a calendar without events, cut before its end."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{studio}: follow-ups")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    whole = calendar.to_ical().decode("utf-8")
    end = f"END:VCALENDAR{LINE_END}"
    return whole.removesuffix(end), end


def _event(row: ExportedFollowUp, calendar: CalendarHead) -> Event:
    """One whole day; the same follow-up keeps its UID when it is moved, so that calendars move it too."""
    event = Event()
    event.add("uid", f"follow-up-{row.follow_up_id}@refpad")
    event.add("dtstamp", calendar.now)
    event.add("dtstart", row.due)
    event.add("dtend", row.due + timedelta(days=1))
    whom = f": {row.about}" if row.about else f" (follow-up {row.follow_up_id})"
    event.add("summary", f"{TO_DO[row.kind]}{whom}")
    event.add("description", f"At the front desk: {calendar.desk_url}/tasks/{row.follow_up_id}")
    event.add("transp", "TRANSPARENT")
    event.add("sequence", row.moves)
    return event
