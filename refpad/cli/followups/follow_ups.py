"""`refpad follow-ups`: what is to be done by when, and by whom."""

from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.dates import show_day, show_moment
from schemas.followup import CallOutcome, CallsEnded, FollowUpKind, FollowUpState
from schemas.phones import show_phone
from schemas.text import counted

if TYPE_CHECKING:
    from store.followups.listing import FollowUp

app = typer.Typer(help="Follow-ups: what is to be done by when, and by whom.", no_args_is_help=True)

NARROW = 120  # columns of the screen; below it the table is shown without lines
WHOLE = frozenset({"follow-up", "due", "phone"})  # what is typed, dialled or planned by is never broken

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FollowUpId = Annotated[int, typer.Argument(help="The follow-up's number in the list.")]
Note = Annotated[str, typer.Option(help="A note for the record.")]


@app.command("list")
def list_follow_ups(
    due: Annotated[bool, typer.Option("--due", help="Only what is due today or overdue.")] = False,
    owner: Annotated[str | None, typer.Option(help="Only one person's; an empty name: nobody's.")] = None,
    kind: Annotated[FollowUpKind | None, typer.Option(help="Only one kind.")] = None,
    state: Annotated[FollowUpState | None, typer.Option(help="Only one state: open, waiting or failed.")] = None,
    ended: Annotated[bool, typer.Option("--ended", help="What is done or skipped, instead of what is open.")] = False,
    referral: Annotated[int | None, typer.Option(help="Only one referral's.")] = None,
    office: Annotated[str | None, typer.Option(help="Only one office's.")] = None,
    find: Annotated[str, typer.Option(help="Words in the patient's, provider's or office's name.")] = "",
    after: Annotated[int | None, typer.Option(help="Go on after this follow-up.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the follow-ups, longest overdue first."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.followups.listing import FollowUpQuery, list_follow_ups

    asked = FollowUpQuery(
        due_only=due,
        owner=owner,
        kind=kind,
        state=state,
        ended=ended,
        referral_id=referral,
        office_id=office,
        words=find,
        after=after,
        limit=limit,
    )
    settings = Settings()
    with closing(open_record(settings)) as store:
        page = list_follow_ups(store, asked)
        audit.write(store, whoever(), "view", "tasks", {"count": len(page.follow_ups)})
    if as_json:
        print_json([follow_up.model_dump(mode="json") for follow_up in page.follow_ups])
        return
    results.print(_table(page.follow_ups, settings.policy.phone_region), soft_wrap=False)
    if len(page.follow_ups) == limit and page.total > limit:
        last = page.follow_ups[-1].id
        say(f"{limit} of {page.total}; the next: --after {last}, or more at once: --limit {page.total}.")


@app.command("show")
def show_follow_up(follow_up: FollowUpId, as_json: AsJson = False) -> None:
    """Show one follow-up with its history."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.followups.listing import find_follow_up

    settings = Settings()
    with closing(open_record(settings)) as store:
        found, events = find_follow_up(store, follow_up)
        audit.write(store, whoever(), "view", f"follow_up {follow_up}")
    if as_json:
        history = [event.model_dump(mode="json") for event in events]
        print_json({**found.model_dump(mode="json"), "history": history})
        return
    results.print(_table([found], settings.policy.phone_region), soft_wrap=False)
    for event in events:
        until = f" to {show_day(event.due)}" if event.due else ""
        about = f": {event.note}" if event.note else ""
        at = event.at.astimezone(ZoneInfo(settings.time_zone))
        results.print(f"{show_moment(at)}  {event.what}{until} by {event.who}{about}", markup=False)


@app.command("done")
def mark_done(follow_up: FollowUpId, note: Note = "") -> None:
    """Mark a follow-up as done; the next one of its kind is made if there is to be one."""
    _settle(follow_up, FollowUpState.DONE, note)


@app.command("skip")
def mark_skipped(
    follow_up: FollowUpId,
    why: Annotated[str, typer.Option(help="The reason, for the record; with --ended other, for the provider.")] = "",
    ended: Annotated[CallsEnded | None, typer.Option(help="Of a call: why nobody calls any more.")] = None,
) -> None:
    """Mark a follow-up as not to be done, with the reason; skipping a call ends the calls, and the provider is told."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.followups.calls import skip

    settings = Settings()
    with closing(open_record(settings)) as store:
        skip(store, rules_of(settings), follow_up, whoever(), why, ended)
    say(f"Follow-up {follow_up} is {FollowUpState.SKIPPED.value}.")


@app.command("call")
def note_one_call(
    follow_up: FollowUpId,
    outcome: Annotated[CallOutcome, typer.Argument(help="What came of the call.")],
    note: Note = "",
) -> None:
    """Note what came of a call to the patient; after the third that reached nobody a letter tells the provider."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.followups.calls import note_call
    from store.followups.listing import find_follow_up

    settings = Settings()
    with closing(open_record(settings)) as store:
        note_call(store, rules_of(settings), follow_up, outcome, whoever(), note)
        found, _ = find_follow_up(store, follow_up)
    say(
        f"Follow-up {follow_up}: {outcome.value.replace('_', ' ')}, call {len(found.calls)}; it is {found.state.value}."
    )


@app.command("reopen")
def reopen_call(follow_up: FollowUpId, note: Note = "") -> None:
    """Take back that a call is done or the patient declined; of an open call, that its last try was one."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.followups.calls import reopen

    settings = Settings()
    with closing(open_record(settings)) as store:
        reopen(store, rules_of(settings), follow_up, whoever(), note)
    say(f"Follow-up {follow_up} is open again.")


@app.command("assign")
def assign_follow_up(
    follow_up: FollowUpId,
    owner: Annotated[str, typer.Argument(help="Whose it is from now on; an empty name: nobody's.")],
) -> None:
    """Give a follow-up to somebody."""
    from refpad.services.wiring import open_record, whoever
    from store.followups.actions import assign

    with closing(open_record(Settings())) as store:
        assign(store, follow_up, owner, whoever())
    say(f"Follow-up {follow_up} is {owner}'s." if owner else f"Follow-up {follow_up} is anybody's.")


@app.command("postpone")
def postpone_follow_up(
    follow_up: FollowUpId,
    until: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The new day, YYYY-MM-DD.")],
    note: Note = "",
) -> None:
    """Put a follow-up off to another day."""
    from refpad.services.wiring import open_record, whoever
    from store.followups.actions import postpone

    day: date = until.date()
    with closing(open_record(Settings())) as store:
        postpone(store, follow_up, day, whoever(), note)
    say(f"Follow-up {follow_up} is due on {show_day(day)}.")


@app.command("ics")
def write_calendar(
    out: Annotated[Path | None, typer.Option(help="Another file than exports/follow-ups.ics.")] = None,
) -> None:
    """Write the open follow-ups as a calendar file to import, of no patient; to subscribe: `refpad calendar add`."""
    from refpad.services.exports import FOLLOW_UPS_ICS, export_calendar
    from refpad.services.wiring import open_record, whoever
    from store import audit

    settings = Settings()
    path = out or settings.exports / FOLLOW_UPS_ICS
    with closing(open_record(settings)) as store:
        written = export_calendar(store, settings, path)
        audit.write(store, whoever(), "export", "calendar", {"count": written})
    say(f"{path}: {counted(written, 'follow-up')}.")


def _settle(follow_up: int, state: FollowUpState, note: str) -> None:
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.followups.actions import settle

    settings = Settings()
    with closing(open_record(settings)) as store:
        settle(store, rules_of(settings), follow_up, state, whoever(), note)
    say(f"Follow-up {follow_up} is {state.value}.")


def _table(follow_ups: "tuple[FollowUp, ...] | list[FollowUp]", phone_region: str) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0)) if results.width < NARROW else Table()
    for name in ("follow-up", "due", "what", "who", "phone", "provider", "office", "owner", "state"):
        table.add_column(name, overflow="fold", no_wrap=name in WHOLE)
    for follow_up in follow_ups:
        late = follow_up.days_overdue > 0 and follow_up.state.value not in ("done", "skipped")
        due = show_day(follow_up.due)
        when = f"[red]{due}\n{follow_up.days_overdue} days late" if late else due
        who = (
            follow_up.patient_name
            or follow_up.office_contact
            or (f"slip s{follow_up.slip_id}" if follow_up.slip_id else "")
        )
        phone = show_phone(follow_up.patient_phone, phone_region) if follow_up.patient_phone else ""
        state = f"{follow_up.state.value}: {follow_up.note}" if follow_up.note else follow_up.state.value
        texts = (who, phone, follow_up.provider_name, follow_up.office_name, follow_up.owner, state)
        table.add_row(str(follow_up.id), when, follow_up.kind.value.replace("_", " "), *map(escape, texts))
    return table
