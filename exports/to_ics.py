"""Open follow-ups as one iCalendar file (RFC 5545) that phones and Outlook subscribe to.

Whole-day events, not to-dos: Outlook and Google Calendar leave out VTODO. Calendars are synchronised through other
people's machines, so an entry says what is to be done and its number, never about whom.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from schemas.atomic_write import replace_text_file
from schemas.errors import MachineError
from schemas.export import ExportedFollowUp

PRODUCT = "-//refpad//follow-ups//EN"
REFRESH = timedelta(hours=1)
LINE_END = "\r\n"


def write_ics(rows: Iterable[ExportedFollowUp], path: Path, studio: str, now: datetime) -> int:
    """Write one event a follow-up to `path`, replacing it in one step; returns how many there were.

    Raises MachineError when the file cannot be written; `path` is then as it was.
    """
    count = 0
    try:
        with replace_text_file(path, "utf-8") as file:
            head, tail = _frame(studio)
            file.write(head)
            for row in rows:
                file.write(_event(row, now).to_ical().decode("utf-8"))
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
    calendar.add("x-published-ttl", REFRESH)
    whole = calendar.to_ical().decode("utf-8")
    end = f"END:VCALENDAR{LINE_END}"
    return whole.removesuffix(end), end


def _event(row: ExportedFollowUp, now: datetime) -> Event:
    """One whole day; the same follow-up keeps its UID when it is moved, so that calendars move it too."""
    what = row.kind.value.replace("_", " ").capitalize()
    event = Event()
    event.add("uid", f"follow-up-{row.follow_up_id}@refpad")
    event.add("dtstamp", now)
    event.add("dtstart", row.due)
    event.add("dtend", row.due + timedelta(days=1))
    event.add("summary", f"{what} (follow-up {row.follow_up_id})")
    event.add("description", f"refpad follow-ups show {row.follow_up_id}")
    event.add("transp", "TRANSPARENT")
    event.add("sequence", row.moves)
    return event
