"""`refpad search`: all that a caller may name."""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results
from refpad.settings import Settings

if TYPE_CHECKING:
    from store.search.found import Found


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search")(search)


def search(
    words: Annotated[
        list[str], typer.Argument(help="Name, telephone number or a part of it, diagnosis, code, slip or file, day.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find referrals, slips in review or rejected, pages and files set aside, providers, offices and codes."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.search.everything import RecordSearcher
    from store.search.index import catch_up

    with closing(open_record(Settings())) as store:
        catch_up(store)
        found = RecordSearcher(store).search(" ".join(words))
        audit.write(store, whoever(), "search", "record", {"count": found.count})
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    table = Table("what", "who", "details", "next")
    for row in _rows(found):
        table.add_row(*map(escape, row))
    results.print(table)


def _rows(found: "Found") -> Iterator[tuple[str, str, str, str]]:
    for slip in found.slips:
        details = f"{slip.state.value}, {slip.diagnosis}"
        shown = f"refpad review {'show' if slip.state.value == 'review' else 'restore'} {slip.item}"
        yield f"slip {slip.item}", slip.patient_name, details, shown
    for one in found.referrals:
        details = f"{one.patient_phone}, {one.diagnosis}"
        yield f"referral {one.id}", one.patient_name, details, f"refpad referrals show {one.id}"
    for provider in found.providers:
        edit = f"refpad offices edit-provider {provider.id}"
        yield f"provider {provider.id}", provider.name, provider.office_name, edit
    for office in found.offices:
        yield f"office {office.id}", office.name, f"{office.phone} {office.address}", f"refpad offices edit {office.id}"
    for code in found.codes:
        yield f"code {code.code}", "", f"{code.description}, {code.slips} slips", f"refpad search {code.code}"
    for page in found.pages:
        yield f"page {page.item}", "", page.reason.value.replace("_", " "), f"refpad review show {page.item}"
    for file in found.files:
        again = f"refpad set-aside retry {file.file_id}" if file.file_id else "refpad set-aside list"
        yield f"file {file.file_id or 'in the inbox'}", file.name, file.message, again
