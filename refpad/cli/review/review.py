"""`refpad review`: what waits for a person, and settling it."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.cli.review.tables import brief, readings_table, reasons_of, waiting_table, when_asked
from refpad.settings import Settings
from schemas.dates import show_day
from schemas.errors import UsageError
from schemas.exit_codes import ExitCode
from schemas.text import counted

if TYPE_CHECKING:
    from schemas.reading import Finding
    from schemas.reasons import FindingCode
    from store.review.corrections import Corrections

PAD_FIELDS = ("design", "edition", "serial")

app = typer.Typer(help="The review queue: list, show and settle what needs a person.", no_args_is_help=True)

Item = Annotated[str, typer.Argument(help="s12 for a slip, p7 for a page, as `refpad review list` shows.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Said = Annotated[
    list[str] | None,
    typer.Option("--set", help="FIELD=VALUE as on the paper: a text, checked or unchecked, present or absent."),
]
Confirmed = Annotated[
    list[str] | None, typer.Option("--confirm", help='A written field that is right as it was read; "all" for each.')
]

Waived = Annotated[
    list[str] | None, typer.Option("--waive", help="A doubt to let stand, by its name, as image_blurred; repeat it.")
]


@app.command("list")
def list_waiting(
    after: Annotated[str, typer.Option(help="Go on after this item.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the slips and pages that wait for a person, and why; those that an office answered first, then the longest.

    Exit code 0: none waits. 1: those that are listed do.
    """
    from refpad.services.wiring import open_record
    from store.followups.missing_information import asked_offices
    from store.review.queue import waiting_total
    from store.review.settle import waiting_items

    settings = Settings()
    with closing(open_record(settings)) as store:
        items, total = waiting_items(store, after, limit), waiting_total(store).items
        asked = asked_offices(store, [item.number for item in items])
    if as_json:
        print_json([brief(item, asked) for item in items])
    else:
        results.print(waiting_table(items, asked, settings.time_zone))
    if len(items) == limit and total > limit:
        say(f"{limit} of {total}; the next: --after {items[-1].id}, or more at once: --limit {min(total, 10_000)}.")
    if items:
        raise typer.Exit(ExitCode.PERSON_NEEDED)


@app.command("show")
def show_waiting(item: Item, as_json: AsJson = False) -> None:
    """Show one item: its picture's place, every reading beside its confidence, and what is doubtful."""
    from refpad.services.wiring import open_record, whoever
    from store.followups.missing_information import asked_offices
    from store.review.settle import WaitingSlip, show

    settings = Settings()
    with closing(open_record(settings)) as store:
        found, asked = show(store, item, whoever()), asked_offices(store)
    question = asked.get(found.number) if isinstance(found, WaitingSlip) else None
    if as_json:
        print_json({**found.model_dump(mode="json"), "asked_office": question and question.model_dump(mode="json")})
        return
    say(f"{found.id}: page {found.page} of file {found.file_id}, arrived {show_day(found.received_on)}")
    say(f"Original: {found.original}")
    if isinstance(found, WaitingSlip):
        say(f"Picture: {found.picture or 'none'}")
        if found.draft is not None:
            results.print(readings_table(found.draft))
    if question:
        say(f"{when_asked(question, settings.time_zone)} about {', '.join(question.fields).replace('_', ' ')}.")
    for why in reasons_of(found):
        results.print(f"- {why}", markup=False)


@app.command("office")
def set_office(
    item: Item, office: Annotated[str, typer.Argument(help="The office, as `refpad offices list` shows it.")]
) -> None:
    """Say which office a slip came from whose serial number does not tell it."""
    from refpad.services.wiring import open_record, whoever
    from store.referrals.offices import set_office_of_slip
    from store.review.settle import find_slip

    with closing(open_record(Settings())) as store:
        set_office_of_slip(store, find_slip(store, item).number, office, whoever())
    say(f"{item} came from office {office}.")


@app.command("accept")
def accept_slip(item: Item, said: Said = None, confirmed: Confirmed = None, waived: Waived = None) -> None:
    """Settle a slip: lay what you say over what was read, and record it if nothing doubtful is left.

    Each doubt about the paper or the serial number is let stand by its name. A slip that may have come before needs
    `refpad review duplicate` first. A slip whose pad is unknown: --set design=met --set edition=1 --set serial=123,
    then its fields.
    Exit code 0: recorded. 1: what is listed is still missing; what you said is kept.
    """
    from refpad.services.exports import export_referrals
    from refpad.services.reading.vocabulary import WordBook
    from refpad.services.wiring import open_record, rules_of, whoever
    from schemas.referral import Accepted
    from store.review.settle import accept

    settings = Settings()
    corrections = _corrections(said or [], confirmed or [])
    let_stand = [_waivable(name) for name in waived or []]
    with closing(open_record(settings)) as store:
        verdict = accept(store, rules_of(settings), item, whoever(), corrections, waived=let_stand)
        if isinstance(verdict, Accepted):
            export_referrals(store, settings.exports)
            WordBook(settings.words).learn(verdict.referral)
    if isinstance(verdict, Accepted):
        say(f"{item} is recorded and exported; its follow-ups are in `refpad follow-ups list`.")
        return
    for finding in verdict.findings:
        results.print(f"- {finding.detail}{_how_to_settle(finding, item)}", markup=False)
    say(f"{item} still waits: {counted(len(verdict.findings), 'doubt is', 'doubts are')} left.")
    raise typer.Exit(ExitCode.PERSON_NEEDED)


@app.command("duplicate")
def settle_duplicate(
    item: Item,
    same: Annotated[bool, typer.Option("--same", help="It is the same slip: set it aside.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="It is the same slip: set the other copy aside.")] = False,
    new: Annotated[bool, typer.Option("--new", help="It is a new referral: make a second one.")] = False,
    why: Annotated[str, typer.Option(help="The reason, for the record.")] = "",
) -> None:
    """Say of a slip that may have come before what it is: the same slip, or a new referral.

    Exit code 0: said. A new referral still waits until it is accepted.
    """
    from refpad.services.wiring import open_record, whoever
    from store.review import duplicates

    if [same, keep, new].count(True) != 1:
        raise UsageError("Say one of --same, --keep and --new.")
    say_it = duplicates.set_aside if same else duplicates.keep_instead if keep else duplicates.make_second
    with closing(open_record(Settings())) as store:
        other = say_it(store, item, whoever(), why)
    if same:
        say(f"{item} is set aside as the same slip as s{other}; its original is kept.")
    elif keep:
        say(f"s{other} is set aside as the same slip as {item}, which goes on waiting.")
    else:
        say(f"{item} is a referral of its own beside s{other}, once it is accepted.")


@app.command("reject")
def reject_item(item: Item, why: Annotated[str, typer.Option(help="The reason, for the record.")]) -> None:
    """Settle a slip, or a page without one, as nothing to record; its original stays."""
    from refpad.services.wiring import open_record, whoever
    from store.review.settle import reject

    with closing(open_record(Settings())) as store:
        reject(store, item, whoever(), why)
    say(f"{item} is rejected; its original is kept.")


@app.command("undo")
def undo_word(item: Item, as_json: AsJson = False) -> None:
    """Take back the last change to a slip that waits, whoever made it, and list what is in doubt then."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.followups.missing_information import asked_offices
    from store.review import editing, settle

    settings = Settings()
    with closing(open_record(settings)) as store:
        editing.undo(store, rules_of(settings), item, whoever(), settle.find_slip(store, item).version)
        left, asked = settle.find_slip(store, item), asked_offices(store)
    if as_json:
        print_json(brief(left, asked))
        return
    for why in reasons_of(left):
        results.print(f"- {why}", markup=False)
    say(f"The last change to {item} is taken back.")


@app.command("restore")
def restore_item(item: Item) -> None:
    """Have a slip or page that was rejected wait for a person again."""
    from refpad.services.wiring import open_record, whoever
    from store.intake.set_aside import bring_back

    with closing(open_record(Settings())) as store:
        bring_back(store, item, whoever())
    say(f"{item} waits for a person again.")


@app.command("codes")
def settle_codes(
    item: Item,
    add: Annotated[list[str] | None, typer.Option(help="Confirm a code, as in --add M17.11; repeat it.")] = None,
    drop: Annotated[list[str] | None, typer.Option(help="Take a confirmed code back; repeat it.")] = None,
    find: Annotated[str, typer.Option(help="Look for these words instead of the slip's diagnosis.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the ICD-10-CM codes confirmed for a slip that waits, and those that its diagnosis may mean."""
    from refpad.services.diagnosis_codes import codes_of, find_codes, keep_codes
    from refpad.services.wiring import open_record, whoever
    from store.review.settle import find_slip

    with closing(open_record(Settings())) as store:
        slip = find_slip(store, item)
        keep_codes(store, slip, add or [], drop or [], whoever())
        confirmed, suggested = codes_of(store, slip.number, slip.draft)
    suggested = list(find_codes(find)) if find else suggested
    if as_json:
        told = {"confirmed": [code.model_dump() for code in confirmed]}
        print_json({**told, "suggested": [code.model_dump() for code in suggested]})
        return
    table = Table("code", "means", "")
    for code in confirmed:
        table.add_row(code.code, escape(code.description), f"confirmed by {escape(code.by)}")
    for suggestion in suggested:
        table.add_row(suggestion.code, escape(suggestion.description), "suggested")
    results.print(table)


def _waivable(name: str) -> "FindingCode":
    """Of several settled alike, each is named."""
    from schemas.reasons import WAIVABLE, FindingCode

    if name not in set(FindingCode) or FindingCode(name) not in WAIVABLE:
        raise UsageError(f"--waive takes one of {', '.join(sorted(WAIVABLE))}.")
    return FindingCode(name)


def _how_to_settle(finding: "Finding", item: str) -> str:
    """What is typed for a doubt that no field settles."""
    from schemas.reasons import WAIVABLE, FindingCode

    if finding.code in WAIVABLE:
        return f" To accept it anyway: --waive {finding.code.value}"
    return f" Say which: refpad review duplicate {item}" if finding.code is FindingCode.POSSIBLE_DUPLICATE else ""


def _corrections(said: list[str], confirmed: list[str]) -> "Corrections":
    from store.review.corrections import Corrections

    values: dict[str, str] = {}
    for assignment in said:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise UsageError("--set takes FIELD=VALUE, as in --set signature=present.")
        values[name.strip()] = value
    pad = {name: values.pop(name) for name in PAD_FIELDS if name in values}
    if any(not pad[name].isdecimal() for name in ("edition", "serial") if name in pad):
        raise UsageError("Edition and serial are numbers, as in --set edition=1 --set serial=123.")
    return Corrections.model_validate({"values": values, "confirmed": confirmed, **pad})
