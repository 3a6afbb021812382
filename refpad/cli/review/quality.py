"""`refpad quality`: how often what passes may be wrong, how often it is, and the bars chosen for it."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.dates import show_day

if TYPE_CHECKING:
    from schemas.quality import Share

app = typer.Typer(help="The target for what passes without a person, and the bars chosen for it.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CHANGES_SHOWN = 20


@app.command("show")
def show_quality(as_json: AsJson = False) -> None:
    """Show for each kind of value its target, bar, measured error, and the share that passes; and what changed."""
    from refpad.services.wiring import open_record
    from store.quality import bars, measured

    settings = Settings()
    with closing(open_record(settings)) as store:
        kinds = measured.by_kind(store, settings.policy, settings.front_desk.sample_share)
        changes = bars.changes(store, CHANGES_SHOWN)
    if as_json:
        told = [kind.model_dump(mode="json") | {"interval": kind.error.interval} for kind in kinds]
        print_json({"kinds": told, "changes": [change.model_dump(mode="json") for change in changes]})
        return
    table = Table("kind", "may be wrong", "bar", "wrong of looked at", "between", "passes", "asked anyway", "examples")
    for kind in kinds:
        figures = (f"1 in {kind.one_wrong_in}", f"{kind.bar:g}", *_error(kind.error), _share(kind.passing))
        table.add_row(kind.kind.value, *figures, f"{kind.look_share:.1%}", str(kind.examples))
    results.print(table)
    for change in changes:
        bar = "as shipped" if change.bar is None else f"{change.bar:g}"
        results.print(f"{show_day(change.at)}  {change.kind.value}: {change.before:g} to {bar}, {change.cause}")


@app.command("reset")
def reset_bars() -> None:
    """Give up all chosen bars and what was learned for them: each kind begins anew with its shipped bar."""
    from refpad.services.wiring import open_record, whoever
    from store.quality import bars

    settings = Settings()
    with closing(open_record(settings)) as store:
        bars.reset(store, settings.policy, whoever())
    say("All bars are as shipped; what is settled from now on chooses them anew.")


def _error(error: "Share") -> tuple[str, str]:
    low, high = error.interval
    return f"{error.wrong} of {error.seen}", f"{low:.1%} and {high:.1%}" if error.seen else ""


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
