"""`refpad purge`: what is past its term, shown first, and gone for good with --yes."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from refpad.cli.console import print_json, results, say, talk
from refpad.settings import Settings
from schemas.text import counted

if TYPE_CHECKING:
    from refpad.services.purging import Preview, PurgeReport

LISTED_MOST = 50


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(purge)


def purge(
    yes: Annotated[bool, typer.Option("--yes", help="Have it go, for good; without, nothing is changed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what is past the years of REFPAD_RETENTION__REFERRALS_YEARS and __REJECTED_YEARS; with --yes, purge it.

    Exit code 0: done, or there is nothing to do. 2: no term is set. 3: it was not ended; begun again, it goes on.
    """
    from refpad.services.purging import preview, run_purge
    from refpad.services.wiring import open_record, whoever

    settings = Settings()
    with closing(open_record(settings)) as store:
        planned = preview(settings, store)
        if not yes or planned.is_empty:
            _show_preview(planned, as_json=as_json)
            return
        with Progress(console=talk, transient=True) as bar:
            task = bar.add_task("Purging", total=None)
            done = run_purge(settings, store, whoever(), lambda gone, of: bar.update(task, completed=gone, total=of))
    _show_report(done, as_json=as_json)


def _show_preview(planned: "Preview", *, as_json: bool) -> None:
    if as_json:
        print_json({**planned.model_dump(mode="json"), "files": planned.files, "referrals": planned.referrals})
        return
    table = Table("file", "referrals", "slips", "came", "ended", "past its term since")
    for scan in planned.due[:LISTED_MOST]:
        ended = str(max(scan.ended.values())) if scan.ended else ""
        numbers = (", ".join(map(str, scan.files)), ", ".join(map(str, scan.referrals)), str(len(scan.slips)))
        table.add_row(*numbers, str(scan.came_on), ended, str(scan.due_on))
    if planned.due:
        results.print(table)
    if len(planned.due) > LISTED_MOST:
        say(f"These are the first {LISTED_MOST} of {len(planned.due)}: --json lists all.")
    for held in planned.holds:
        say(f"Referral {held.referral_id} stays: a legal hold by {held.set_by} of {held.set_at:%Y-%m-%d}.")
    if planned.unended:
        say(f"{counted(len(planned.unended), 'referral')} are old and stay: follow-ups or letters of them are open.")
    if planned.unfinished:
        say("A purge was begun and not ended: refpad purge --yes ends it.")
    if planned.is_empty:
        say(f"Nothing is past its term ({planned.rule}).")
        return
    inbox = f", {planned.left_in_inbox} notes of files left in the inbox" if planned.left_in_inbox else ""
    talks = f", {counted(planned.outreach, 'visit or talk', 'visits and talks')}" if planned.outreach else ""
    say(
        f"Would go ({planned.rule}): {counted(planned.referrals, 'referral')}, {counted(planned.files, 'file')}"
        f"{inbox}{talks}."
        " Nothing was changed: refpad purge --yes has it go, for good."
    )


def _show_report(done: "PurgeReport", *, as_json: bool) -> None:
    if as_json:
        print_json(done.model_dump(mode="json"))
        return
    gone = ", ".join(f"{number} {name}" for name, number in done.purge.counts.items() if number)
    say(f"Purge {done.purge.id} is done: {gone or 'nothing'} ({done.purge.rule}).")
    if done.rewritten:
        say(f"Written anew without it: {', '.join(done.rewritten)}.")
    for holder in done.held_by:
        say(f"Still held by {holder.place}, {holder.until}.")
    for sentence in done.left:
        say(sentence)
