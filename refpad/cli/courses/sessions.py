"""`refpad sessions`: appointments and what became of them, as reports count them."""

from contextlib import closing
from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.appointment import AppointmentState
from schemas.dates import show_day
from schemas.errors import UsageError

app = typer.Typer(help="Sessions: book appointments, log who came and who did not.", no_args_is_help=True)

Referral = Annotated[int, typer.Argument(help="The referral's number, as `refpad course list` shows it.")]
Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day, YYYY-MM-DD; today.")]
Minutes = Annotated[int | None, typer.Option(min=1, help="How long the session was.")]
Note = Annotated[str, typer.Option(help="What there is to remember of it; the session log prints it.")]
State = Annotated[AppointmentState, typer.Argument(help="What became of it.")]


@app.command("list")
def list_sessions(
    referral: Annotated[int | None, typer.Argument(help="One referral's; without it, what is to be logged.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the appointments of a referral, or those of today and before that nobody has logged."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.courses.appointments import to_log
    from store.courses.courses import course

    with closing(open_record(Settings())) as store:
        if referral is None:
            found = [(one, one.patient_name) for one in to_log(store)]
            audit.write(store, whoever(), "view", "sessions", {"count": len(found)})
        else:
            found = [(one, one.note) for one in course(store, referral).appointments]  # type: ignore[misc]
            audit.write(store, whoever(), "view", f"referral {referral}")
    if as_json:
        print_json([one.model_dump(mode="json") for one, _ in found])
        return
    table = Table("appointment", "day", "time", "state", "patient" if referral is None else "note")
    for one, said in found:
        hour = one.at.isoformat("minutes") if one.at else ""
        table.add_row(str(one.id), show_day(one.on), hour, one.state.value, escape(said))
    results.print(table)


@app.command("book")
def book_appointments(
    referral: Referral,
    at: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="YYYY-MM-DD, or with THH:MM.")],
    weeks: Annotated[int, typer.Option(min=1, help="One a week on that weekday, so many weeks.")] = 1,
) -> None:
    """Book an appointment, or one a week."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.courses.session_log import book

    settings, hour = Settings(), at.time() if at.hour or at.minute else None
    with closing(open_record(settings)) as store:
        kept = book(store, rules_of(settings), referral, at.date(), whoever(), hour, weeks)
    say(f"Referral {referral}: booked for {', '.join(show_day(one.on) for one in kept)}.")


@app.command("log")
def log_one_session(
    referral: Referral,
    state: State = AppointmentState.ATTENDED,
    on: Day = None,
    minutes: Minutes = None,
    note: Note = "",
) -> None:
    """Log a session of today or of another day, booked or not; said again, the last word counts."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.courses.session_log import log_session

    if state is AppointmentState.BOOKED:
        raise UsageError("Book with `refpad sessions book`; a session is attended, missed or canceled.")
    settings = Settings()
    with closing(open_record(settings)) as store:
        day = on.date() if on else store.clock.today()
        log_session(store, rules_of(settings), referral, day, state, whoever(), minutes, note)
    say(f"Referral {referral}: {state.value} on {show_day(day)}.")


@app.command("mark")
def mark_one_appointment(
    appointment: Annotated[int, typer.Argument(help="The appointment's number, as `refpad sessions list` shows it.")],
    state: State,
    minutes: Minutes = None,
    note: Note = "",
) -> None:
    """Say what became of an appointment; `booked` takes back what was said."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.courses.session_log import mark_appointment

    settings = Settings()
    with closing(open_record(settings)) as store:
        kept = mark_appointment(store, rules_of(settings), appointment, state, whoever(), minutes, note)
    if kept is None:
        say(f"Appointment {appointment} is gone: it was taken back, and was never booked.")
    else:
        say(f"Appointment {appointment} of {show_day(kept.on)} is {kept.state.value}.")
