"""`refpad groups`: crops that were read alike, checked as one; and the error that people found so."""

import hashlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.item_id import ItemId
from schemas.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.quality import Share
    from store.database import Store
    from store.review.group_check import CropGroup

app = typer.Typer(help="Group check: crops that were read alike, looked at as one.", no_args_is_help=True)

Wrong = Annotated[list[str] | None, typer.Option(help="s12: a slip whose crop is wrong; repeat it.")]
Key = Annotated[str, typer.Argument(help="The group's key, as `refpad groups list` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_groups(as_json: AsJson = False) -> None:
    """List the groups that nobody has looked at, largest first."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.review import group_check

    with closing(open_record(Settings())) as store:
        found = group_check.groups(store)
        audit.write(store, whoever(), "view", "groups", {"count": len(found)})
    if as_json:
        print_json([_brief(group) for group in found])
        return
    table = Table("key", "pad", "field", "read as", "crops")
    for group in found:
        table.add_row(_key(group), _pad(group), group.field, escape(group.value), str(len(group.crops)))
    results.print(table)


@app.command("show")
def show_group(
    key: Key,
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="Write the crops here, one below the other.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show whose crops a group holds; with --out, the crops themselves as one JPEG, in the same order."""
    from refpad.services.private_files import write_private
    from refpad.services.wiring import open_record, rules_of, whoever
    from store import audit
    from web.slips.group_check import part_of, strip

    settings = Settings()
    with closing(open_record(settings)) as store:
        group = _group(store, key)
        told = {"field": group.field, "slips": _shown(group)}
        audit.write(store, whoever(), "picture" if out else "view", f"pad {_pad(group)}", told)
        if out:
            crops = group.crops[: len(_shown(group))]
            write_private(out, strip(store, crops, part_of(rules_of(settings), group)[0]))
    if as_json:
        print_json(_brief(group))
        return
    results.print(f"{_pad(group)}, {group.field}, read as {group.value}", markup=False)
    results.print(" ".join(_items(_shown(group))), markup=False)


@app.command("settle")
def settle_group(key: Key, wrong: Wrong = None) -> None:
    """Say which crops of a group are wrong; the others that `refpad groups show` lists are right.

    A wrong one is in doubt again: its slip waits for a person.
    """
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.review import group_check

    settings = Settings()
    with closing(open_record(settings)) as store:
        group = _group(store, key)
        shown = _shown(group)
        strangers = [item for item in wrong or [] if item not in _items(shown)]
        if strangers:
            raise UsageError(f"{strangers[0]} is not in group {key}: `refpad groups show {key}` lists its slips.")
        bad = {number for number in shown if str(ItemId.slip(number)) in (wrong or [])}
        taken = group_check.settle(store, rules_of(settings), group, shown, bad, whoever())
    say(f"{counted(taken, 'crop')} settled, {len(bad)} called wrong.")


@app.command("quality")
def show_quality(as_json: AsJson = False) -> None:
    """Show how often people found wrong what the machine was sure of, with its 95 % interval."""
    from refpad.services.wiring import open_record
    from store.referrals import quality_sample
    from store.review import group_check

    with closing(open_record(Settings())) as store:
        shares: dict[str, Share] = {share.of: share for share in quality_sample.measure_error(store)}
        shares["crops in group checks"] = group_check.crop_error(store)
    if as_json:
        print_json([{"of": of, **share.model_dump(), "interval": share.interval} for of, share in shares.items()])
        return
    table = Table("of", "looked at", "wrong", "share wrong", "between")
    for of, share in shares.items():
        low, high = share.interval
        figures = (f"{share.share:.1%}", f"{low:.1%} and {high:.1%}") if share.share is not None else ("", "")
        table.add_row(of, str(share.seen), str(share.wrong), *figures)
    results.print(table)


def _group(store: "Store", key: str) -> "CropGroup":
    from store.review.group_check import groups

    found = next((group for group in groups(store) if _key(group) == key), None)
    if found is None:
        raise UsageError(f"There is no group {key[:20]} as it was: `refpad groups list` shows those there are now.")
    return found


def _key(group: "CropGroup") -> str:
    """Names these very crops: when others have come or gone, nobody settles what they have not seen."""
    told = f"{_pad(group)}|{group.field}|{group.value}|{_shown(group)}"
    return hashlib.blake2b(told.encode(), digest_size=4).hexdigest()


def _shown(group: "CropGroup") -> list[int]:
    from web.slips.group_check import CROPS_MOST

    return [crop.slip_id for crop in group.crops[:CROPS_MOST]]


def _items(slip_ids: "Sequence[int]") -> list[str]:
    return [str(ItemId.slip(slip_id)) for slip_id in slip_ids]


def _pad(group: "CropGroup") -> str:
    return str(group.pad_id)


def _brief(group: "CropGroup") -> dict[str, object]:
    slips = _items(_shown(group))
    told = {"key": _key(group), "pad": _pad(group), "field": group.field, "value": group.value}
    return {**told, "crops": len(group.crops), "slips": slips}
