"""`refpad course`: what the specialist enters between a referral and its end."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.course import EntryKind
from schemas.dates import show_day, show_kept
from schemas.errors import UsageError

if TYPE_CHECKING:
    from store.courses.courses import CourseRecord

app = typer.Typer(help="Courses: enter assessment, progress and discharge; look them up.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Referral = Annotated[int, typer.Argument(help="The referral's number, as `refpad course list` shows it.")]


@app.command("list")
def list_courses(
    find: Annotated[str, typer.Option(help="Words in the patient's, provider's or office's name.")] = "",
    ended: Annotated[bool, typer.Option("--ended", help="Courses that have ended.")] = False,
    after: Annotated[int | None, typer.Option(help="Go on after this referral.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the referrals, newest first, with the days of their course."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.courses.courses import list_courses

    with closing(open_record(Settings())) as store:
        found = list_courses(store, find, ended=ended, after=after, limit=limit)
        audit.write(store, whoever(), "view", "courses", {"count": len(found)})
    if as_json:
        print_json([course.model_dump(mode="json") for course in found])
        return
    table = Table("referral", "patient", "provider", "office", "accepted", "assessed", "next visit", "ended")
    for course in found:
        days = (course.accepted_on, course.assessed_on, course.next_visit_on, course.discharged_on)
        people = (course.patient_name, course.provider_name, course.office_name)
        table.add_row(
            str(course.referral_id), *map(escape, people), *("" if day is None else show_day(day) for day in days)
        )
    results.print(table)


@app.command("show")
def show_course(referral: Referral, as_json: AsJson = False) -> None:
    """Show one referral with all that was entered of it."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.courses.courses import course

    settings = Settings()
    with closing(open_record(settings)) as store:
        found = course(store, referral)
        audit.write(store, whoever(), "view", f"referral {referral}")
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    _print_course(found, settings.policy.phone_region)


@app.command("form")
def print_form(kind: Annotated[EntryKind, typer.Argument(help="Which entry.")]) -> None:
    """Print an example entry of today as TOML, to be saved in a file and changed."""
    from refpad.services.course_file import form
    from store.clock import SystemClock

    settings = Settings()
    typer.echo(form(kind, SystemClock(settings.time_zone, settings.today).today()), nl=False)


@app.command("enter")
def enter(
    referral: Referral,
    file: Annotated[Path, typer.Argument(help="A TOML file; `refpad course form` prints an example.")],
    draft: Annotated[bool, typer.Option("--draft", help="Keep it unfinished; no report is written.")] = False,
    entry: Annotated[str, typer.Option(help="ID:VERSION of the draft or entry that it takes the place of.")] = "",
) -> None:
    """Enter an assessment, progress or the discharge; its report is written from it.

    An entry may be corrected until its report is on its way. Exit code 2: it is not complete, or does not fit.
    """
    from refpad.services.course_entries import enter_for_good
    from refpad.services.course_file import read_entry
    from refpad.services.wiring import open_record, whoever
    from store.courses.entries import save_draft

    settings, said, at = Settings(), read_entry(file), _at(entry)
    with closing(open_record(settings)) as store:
        if draft:
            kept = save_draft(store, referral, _kind(said), said, whoever(), at)
        else:
            kept = enter_for_good(store, settings, referral, said, whoever(), at)
    say(f"{kept.kind.value.capitalize()} is saved as entry {kept.id}:{kept.version}, {kept.state}.")


@app.command("visit")
def tell_next_visit(
    referral: Referral,
    on: Annotated[datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="The day, YYYY-MM-DD.")] = None,
    none: Annotated[bool, typer.Option("--none", help="No visit is known any more.")] = False,
) -> None:
    """Say when the patient's next visit to the provider is; the report moves with it."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.courses.entries import tell_visit

    if (on is None) != none:
        raise UsageError("Name the day of the visit, or say --none.")
    settings = Settings()
    with closing(open_record(settings)) as store:
        tell_visit(store, rules_of(settings), referral, on.date() if on else None, whoever())
    say(f"Referral {referral}: the next visit is {'not known' if on is None else f'on {show_day(on)}'}.")


@app.command("discard")
def discard(
    referral: Referral, entry: Annotated[str, typer.Argument(help="ID:VERSION, as `refpad course show` prints it.")]
) -> None:
    """Throw a draft away."""
    from refpad.services.wiring import open_record, whoever
    from store.courses.entries import discard_draft

    at = _at(entry)
    if at is None:
        raise UsageError("Name the draft by ID:VERSION.")
    with closing(open_record(Settings())) as store:
        discard_draft(store, referral, at, whoever())
    say(f"Draft {entry} is gone.")


def _kind(said: dict[str, object]) -> EntryKind:
    try:
        return EntryKind(str(said.get("kind")))
    except ValueError:
        raise UsageError("`kind` is assessment, progress, discharge or status_change.") from None


def _at(entry: str) -> tuple[int, int] | None:
    if not entry:
        return None
    number, colon, version = entry.partition(":")
    if not (colon and number.isdecimal() and version.isdecimal()):
        raise UsageError("--entry takes ID:VERSION, as `refpad course show` prints them.")
    return int(number), int(version)


def _print_course(found: "CourseRecord", phone_region: str) -> None:
    from schemas.phones import show_phone

    said = found.referral
    results.print(f"{said.patient_name}, {show_phone(said.patient_phone, phone_region)}", markup=False)
    results.print(f"referred by {said.provider_name or '(no name)'}: {said.diagnosis}", markup=False)
    for name, day in found.model_dump(include={"accepted_on", "assessed_on", "next_visit_on", "discharged_on"}).items():
        results.print(f"{name.removesuffix('_on').replace('_', ' ')}: {show_day(day) if day else '-'}", markup=False)
    table = Table("entry", "kind", "on", "state", "changed", "by")
    for entry in found.entries:
        changed = (show_day(entry.changed_at), escape(entry.changed_by))
        table.add_row(
            f"{entry.id}:{entry.version}",
            entry.kind.value,
            show_kept(str(entry.content.get("on", ""))),
            entry.state,
            *changed,
        )
    results.print(table)
