"""`refpad offices`: the medical offices that hold pads, and who signs there."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import AsTyped, print_json, propose_spellings, results, say
from refpad.settings import Settings
from schemas.dates import show_day
from schemas.errors import UsageError
from schemas.letter import Prefers
from schemas.text import counted

if TYPE_CHECKING:
    from schemas.office import OfficeActivity

app = typer.Typer(help="Medical offices and their providers: enter, correct, merge, and look at.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OfficeId = Annotated[str, typer.Argument(help="The office, as `refpad offices list` shows it.")]
ProviderId = Annotated[int, typer.Argument(help="The provider's number, as `refpad offices providers` shows it.")]


@app.command("add")
def add_office(
    office: Annotated[str, typer.Argument(help="A short name to type, such as riverside: a-z, 0-9 and -.")],
    name: Annotated[str, typer.Option(help="The office's name.")],
    contact: Annotated[str, typer.Option(help="Whom to ask for.")] = "",
    phone: Annotated[str, typer.Option(help="Its telephone number.")] = "",
    address: Annotated[str, typer.Option(help="Its address.")] = "",
    fax: Annotated[str, typer.Option(help="Its fax number.")] = "",
    email: Annotated[str | None, typer.Option(help="Its e-mail address.")] = None,
    prefers: Annotated[Prefers, typer.Option(help="How it wants letters.")] = Prefers.POST,
    another: Annotated[
        bool, typer.Option("--another", help="It is another than the one of this name on record.")
    ] = False,
) -> None:
    """Enter an office; `refpad pad print --office` then records which serials it was given."""
    from refpad.services.wiring import open_record, whoever
    from schemas.office import Office, check_entry
    from store.directory.offices import add, offices_like

    values: dict[str, object] = {"id": office, "name": name, "contact": contact, "phone": phone, "address": address}
    values |= {"fax": fax, "email": email, "prefers": prefers}
    settings = Settings()
    check_entry(Office, values, settings.policy.phone_region, values)
    with closing(open_record(settings)) as store:
        same = [one.id for one in offices_like(store, name)]
        if same and not another:
            raise UsageError(
                f"An office of this name is on record: {', '.join(same)}. Add --another if this is another."
            )
        add(store, Office.model_validate(values), whoever())
    say(f"Office {office} is entered.")


@app.command("edit")
def edit_office(
    office: OfficeId,
    name: Annotated[str | None, typer.Option(help="The office's name.")] = None,
    contact: Annotated[str | None, typer.Option(help="Whom to ask for.")] = None,
    phone: Annotated[str | None, typer.Option(help="Its telephone number.")] = None,
    address: Annotated[str | None, typer.Option(help="Its address.")] = None,
    fax: Annotated[str | None, typer.Option(help="Its fax number.")] = None,
    email: Annotated[str | None, typer.Option(help="Its e-mail address.")] = None,
    prefers: Annotated[Prefers | None, typer.Option(help="How it wants letters.")] = None,
) -> None:
    """Correct what is known of an office; only what is named changes."""
    from refpad.services.wiring import open_record, whoever
    from schemas.office import Office, check_entry
    from store.directory.offices import edit, find_office

    said = {"name": name, "contact": contact, "phone": phone, "address": address, "fax": fax}
    said |= {"email": email, "prefers": prefers}
    changes = {field: value for field, value in said.items() if value is not None}
    settings = Settings()
    with closing(open_record(settings)) as store:
        values = {**find_office(store, office).model_dump(), **changes}
        check_entry(Office, values, settings.policy.phone_region, changes)
        edit(store, office, changes, whoever())
    say(f"Office {office} is changed: {', '.join(changes) or 'nothing'}.")


@app.command("merge")
def merge_offices(office: OfficeId, into: Annotated[str, typer.Argument(help="The office that it is.")]) -> None:
    """Say that an office was entered twice: the first counts as the second from now on; nothing is rewritten."""
    from refpad.services.wiring import open_record, whoever
    from store.directory.offices import merge

    with closing(open_record(Settings())) as store:
        merge(store, office, into, whoever())
    say(f"{office} is {into}. `refpad offices unmerge {office}` takes it back.")


@app.command("unmerge")
def unmerge_office(office: OfficeId) -> None:
    """Take a merging back."""
    from refpad.services.wiring import open_record, whoever
    from store.directory.offices import unmerge

    with closing(open_record(Settings())) as store:
        unmerge(store, office, whoever())
    say(f"{office} is an office of its own again.")


@app.command("list")
def list_offices(as_json: AsJson = False) -> None:
    """List the offices and the printed serials that each was given."""
    from refpad.services.wiring import open_record
    from store.directory.offices import all_offices, ranges

    with closing(open_record(Settings())) as store:
        offices, given = all_offices(store), ranges(store)
    if as_json:
        told = [
            {**office.model_dump(), "serials": [span.model_dump() for span in given if span.office_id == office.id]}
            for office in offices
        ]
        print_json(told)
        return
    table = Table("office", "name", "contact", "phone", "serials")
    for office in offices:
        spans = (f"{s.pad_id}: {s.first} to {s.last}" for s in given if s.office_id == office.id)
        people = (office.name, office.contact, office.phone)
        table.add_row(office.id, *map(escape, people), "\n".join(spans))
    results.print(table)


@app.command("providers")
def list_providers(
    find: Annotated[str, typer.Option(help="Words in the name.")] = "",
    office: Annotated[str | None, typer.Option(help="Only one office's.")] = None,
    after: Annotated[int | None, typer.Option(help="Go on after this provider.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List who has signed slips, as they are known from the slips and from you."""
    from refpad.services.wiring import open_record
    from store.directory.providers import list_providers

    with closing(open_record(Settings())) as store:
        found = list_providers(store, find, office, after, limit)
    if as_json:
        print_json([provider.model_dump(mode="json") for provider in found])
        return
    table = Table("provider", "name", "office", "fax", "e-mail", "prefers")
    for provider in found:
        told = (
            provider.name,
            provider.office_id or "",
            provider.fax,
            provider.email or "",
            provider.prefers or "as the office",
        )
        table.add_row(str(provider.id), *map(escape, told))
    results.print(table)


@app.command("edit-provider")
def edit_one_provider(
    provider: ProviderId,
    name: Annotated[str | None, typer.Option(help="The name, as letters should address it.")] = None,
    office: Annotated[str | None, typer.Option(help="The office where they work.")] = None,
    fax: Annotated[str | None, typer.Option(help="A fax number of their own.")] = None,
    email: Annotated[str | None, typer.Option(help="An e-mail address of their own.")] = None,
    prefers: Annotated[Prefers | None, typer.Option(help="How they want letters.")] = None,
    as_typed: AsTyped = False,
) -> None:
    """Correct a provider's entry; what was written on slips does not change."""
    from refpad.services.wiring import open_record, whoever
    from schemas.names.spelling import spelling_of
    from schemas.office import Provider, check_entry
    from store.directory.offices import find_office
    from store.directory.provider_work import provider_work
    from store.directory.providers import edit_provider

    said = {"name": name, "office_id": office, "fax": fax, "email": email, "prefers": prefers}
    changes = {field: value for field, value in said.items() if value is not None}
    settings = Settings()
    with closing(open_record(settings)) as store:
        values = {**provider_work(store, provider).provider.model_dump(), **changes}
        known = find_office(store, values["office_id"]) if values["office_id"] else None
        check_entry(Provider, values, settings.policy.phone_region, changes, known)
        if not as_typed and (proposed := spelling_of(name or "")):
            propose_spellings({"name": proposed})
        edit_provider(store, provider, changes, whoever())
    say(f"Provider {provider} is changed: {', '.join(changes) or 'nothing'}.")


@app.command("merge-providers")
def merge_two_providers(
    provider: ProviderId, into: Annotated[int, typer.Argument(help="The provider that stays.")]
) -> None:
    """Say that two entries are one person: the first counts as the second from now on; nothing is rewritten."""
    from refpad.services.wiring import open_record, whoever
    from store.directory.providers import merge_providers

    with closing(open_record(Settings())) as store:
        merge_providers(store, provider, into, whoever())
    say(f"Provider {provider} is {into}. `refpad offices unmerge-provider {provider}` takes it back.")


@app.command("unmerge-provider")
def unmerge_one_provider(provider: ProviderId) -> None:
    """Take a merging back."""
    from refpad.services.wiring import open_record, whoever
    from store.directory.providers import unmerge_provider

    with closing(open_record(Settings())) as store:
        unmerge_provider(store, provider, whoever())
    say(f"Provider {provider} is a person of their own again.")


@app.command("report")
def report(
    out: Annotated[Path | None, typer.Option(help="Write it as FILE.csv, or as a picture: FILE.png, FILE.pdf.")] = None,
    as_json: AsJson = False,
) -> None:
    """Report for each office: referrals by month, response times, and whether pads run low.

    By name: no report of refpad ranks offices, and none is for a reward.
    """
    from refpad.services.activity_report import write_activity
    from refpad.services.wiring import open_record
    from store.directory.activity import activity

    settings = Settings()
    with closing(open_record(settings)) as store:
        found = list(activity(store, settings.follow_ups))
        today = store.clock.today()
    if out is not None:
        write_activity(settings, found, out, today)
        say(f"{out}: {counted(len(found), 'office')}.")
    elif as_json:
        print_json([office.model_dump(mode="json") for office in found])
    else:
        results.print(_activity_table(found))


def _activity_table(found: "list[OfficeActivity]") -> Table:
    columns = (
        "office",
        "contact",
        "referrals",
        "last 12 months",
        "last",
        "to contact",
        "to thanks",
        "slips left",
        "note",
    )
    table = Table(*columns)
    for office in found:
        months = " ".join(str(month.referrals) for month in office.by_month)
        notes = [note for note, holds in (("gone quiet", office.quiet), ("pads run low", office.pads_low)) if holds]
        table.add_row(
            escape(office.office_name),
            escape(office.contact),
            str(office.referrals),
            months,
            show_day(office.last_referral_on) if office.last_referral_on else "-",
            "-" if office.days_to_contact is None else f"{office.days_to_contact:g} days",
            "-" if office.days_to_thanks is None else f"{office.days_to_thanks:g} days",
            str(office.slips_left) if office.slips_given else "-",
            ", ".join(notes),
        )
    return table
