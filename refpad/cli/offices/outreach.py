"""`refpad outreach`: visits to offices and talks with their staff, and what became of their slips."""

from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.dates import show_day
from schemas.outreach.entries import OutreachWay

if TYPE_CHECKING:
    from schemas.outreach.conversion import Conversion
    from schemas.outreach.entries import OutreachSaid

app = typer.Typer(
    help="Outreach: visits to offices and talks with their staff, and how far their slips came.", no_args_is_help=True
)

DAY = ["%Y-%m-%d"]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OfficeId = Annotated[str, typer.Argument(help="The office, as `refpad offices list` shows it.")]
Way = Annotated[OutreachWay, typer.Option(help="How: a visit, a call or a message.")]
WithWhom = Annotated[str, typer.Option("--with", help="With whom.")]
About = Annotated[str, typer.Option(help="What about; write of the office, not of patients.")]
Provider = Annotated[int | None, typer.Option(help="The provider's number, when it was with or about one.")]


@app.command("list")
def list_outreach(
    office: Annotated[str | None, typer.Argument(help="One office's; without it, all.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what is planned and what is on record, the newest first."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.outreach.entries import outreach_of

    with closing(open_record(Settings())) as store:
        found = outreach_of(store, office)
        audit.write(store, whoever(), "view", "outreach", {"count": len(found)})
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    table = Table("number", "office", "day", "state", "what", "pads left")
    for one in found:
        pads = "" if one.pads_left is None else str(one.pads_left)
        table.add_row(str(one.id), one.office_id, show_day(one.on), one.state.value, escape(one.in_words), pads)
    results.print(table)


@app.command("log")
def log(
    office: OfficeId,
    way: Way = OutreachWay.VISIT,
    with_whom: WithWhom = "",
    about: About = "",
    pads_left: Annotated[int | None, typer.Option(min=0, help="How many pads were left there.")] = None,
    provider: Provider = None,
    on: Annotated[datetime | None, typer.Option(formats=DAY, help="The day, YYYY-MM-DD; today.")] = None,
    next_on: Annotated[datetime | None, typer.Option("--next", formats=DAY, help="Plan the next one for then.")] = None,
) -> None:
    """Log a visit or talk of today or another day; what was planned the same way for then is done with it."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.outreach.entries import log_outreach

    settings, following = Settings(), next_on.date() if next_on else None
    with closing(open_record(settings)) as store:
        said = _said(on.date() if on else store.clock.today(), way, with_whom, about, provider, pads_left)
        kept = log_outreach(store, rules_of(settings), office, said, whoever(), following)
    ahead = f" The next one is planned for {show_day(following)}." if following else ""
    say(f"Office {kept.office_id}: {kept.way.value} of {show_day(kept.on)} is logged, number {kept.id}.{ahead}")


@app.command("plan")
def plan(
    office: OfficeId,
    on: Annotated[datetime, typer.Argument(formats=DAY, help="The day, YYYY-MM-DD.")],
    way: Way = OutreachWay.VISIT,
    with_whom: WithWhom = "",
    about: About = "",
    provider: Provider = None,
) -> None:
    """Plan a visit or talk: a follow-up that is due on its day, on Today and in the calendar."""
    from refpad.services.wiring import open_record, whoever
    from store.outreach.entries import plan_outreach

    with closing(open_record(Settings())) as store:
        kept = plan_outreach(store, office, _said(on.date(), way, with_whom, about, provider, None), whoever())
    say(f"Office {kept.office_id}: {kept.way.value} is planned for {show_day(kept.on)}, number {kept.id}.")


@app.command("cancel")
def cancel(
    number: Annotated[int, typer.Argument(help="Its number, as `refpad outreach list` shows it.")],
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Cancel what is planned, or take back what was logged by mistake."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.outreach.entries import cancel_outreach

    settings = Settings()
    with closing(open_record(settings)) as store:
        kept = cancel_outreach(store, rules_of(settings), number, whoever(), reason)
    say(f"Office {kept.office_id}: {kept.way.value} of {show_day(kept.on)} is canceled.")


@app.command("conversion")
def show_conversion(
    office: Annotated[str | None, typer.Argument(help="One office's; without it, all by name.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show how many slips of each office and provider came how far, in how many days, and why some stopped.

    By name: no report of refpad ranks offices, and none is for a reward. An office whose slips stopped coming is named.
    """
    from refpad.services.wiring import open_record
    from schemas.outreach.conversion import NO_RANKING
    from store.directory.offices import find_office
    from store.outreach.conversion import conversions, quiet_offices

    settings = Settings()
    with closing(open_record(settings)) as store:
        if office is not None:
            find_office(store, office)
        found = list(conversions(store, settings.follow_ups, office))
        quiet = quiet_offices(store, settings.follow_ups, office)
    if as_json:
        print_json([{**one.model_dump(mode="json"), "finding": quiet.get(_whole(one), "")} for one in found])
        return
    results.print(_table(found))
    for office_id, finding in quiet.items():
        say(f"{office_id}: {finding}")
    say(NO_RANKING)


def _whole(row: "Conversion") -> str:
    """The office whose figures a line tells as a whole; a provider's line has no finding of its own."""
    return (row.office_id or "") if row.provider_id is None else ""


def _table(found: "list[Conversion]") -> Table:
    columns = (
        "office",
        "provider",
        "slips",
        "accepted",
        "called",
        "first visit",
        "program",
        "days to visit",
        "stopped",
    )
    table = Table(*columns)
    for row in found:
        stopped = {
            "declined": row.declined,
            "not reached": row.unreachable,
            "stopped coming": row.stopped_coming,
            "change in status": row.status_changed,
            "other": row.other,
        }
        table.add_row(
            escape(row.office_name or "not known") if row.provider_id is None else "",
            escape(row.provider_name),
            "" if row.slips is None else str(row.slips),
            *(str(number) for number in (row.accepted, row.called, row.first_visit, row.program)),
            "" if row.days_to_first_visit is None else f"{row.days_to_first_visit:g}",
            ", ".join(f"{number} {why}" for why, number in stopped.items() if number),
        )
    return table


def _said(
    on: date, way: OutreachWay, with_whom: str, about: str, provider: int | None, pads_left: int | None
) -> "OutreachSaid":
    from schemas.outreach.entries import outreach_said

    said = {"on": on, "way": way, "with_whom": with_whom, "about": about}
    return outreach_said({**said, "provider_id": provider, "pads_left": pads_left})
