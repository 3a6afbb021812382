"""`refpad referrals`: find a referral, see its whole history, take it back to review."""

from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import AsTyped, print_json, propose_spellings, results, say
from refpad.settings import Settings
from schemas.dates import show_day, show_kept, show_moment
from schemas.errors import UsageError
from schemas.export import by_whom
from schemas.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.history import ReferralHistory

app = typer.Typer(help="Referrals: search, show the whole history, take one back.", no_args_is_help=True)

Referral = Annotated[int, typer.Argument(help="The referral's number, as `refpad referrals search` shows it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, for the record.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("search")
def search_referrals(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Name, telephone number or its end, slip number, diagnosis; the newest when left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find referrals; a beginning is enough, and a wrong letter does no harm."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.search.index import catch_up
    from store.search.search import Searcher

    with closing(open_record(Settings())) as store:
        catch_up(store)
        found = Searcher(store).search(" ".join(words or []))
        audit.write(store, whoever(), "search", "referrals", {"count": len(found)})
    if as_json:
        print_json([referral.model_dump(mode="json") for referral in found])
        return
    table = Table("referral", "accepted", "patient", "phone", "provider", "diagnosis", "office")
    for referral in found:
        texts = (referral.patient_name, referral.patient_phone, referral.provider_name, referral.diagnosis)
        table.add_row(
            str(referral.id), show_day(referral.accepted_on), *map(escape, texts), escape(referral.office or "")
        )
    results.print(table)


@app.command("show")
def show_referral(referral: Referral, as_json: AsJson = False) -> None:
    """Show one referral's whole history: its record, corrections, follow-ups, letters, and who worked on it."""
    from refpad.services.wiring import open_record, whoever
    from store.history import referral_history
    from store.review.diagnosis_codes import confirmed_codes

    with closing(open_record(Settings())) as store:
        told = referral_history(store, referral, whoever())
        codes = confirmed_codes(store, told.slip_id)
    if as_json:
        print_json({**told.model_dump(mode="json"), "codes": [code.model_dump() for code in codes]})
        return
    accepted = f"accepted {show_day(told.accepted_on)}, {by_whom(told.accepted_by)}"
    say(f"Referral {told.id} of slip s{told.slip_id}, {accepted}")
    record = Table("field", "value")
    for name, value in _each(told.record):
        record.add_row(name, escape(_shown(value)))
    for code in codes:
        record.add_row("ICD-10-CM", escape(f"{code.code} {code.description}"))
    results.print(record)
    for hold in told.legal_holds:
        until = f", lifted {hold.lifted_at:%Y-%m-%d} by {hold.lifted_by}: {hold.why_lifted}" if hold.lifted_at else ""
        said = f"Legal hold since {hold.set_at:%Y-%m-%d} by {hold.set_by}: {hold.reason}{until}"
        results.print(said, markup=False)
    for sentence in _settled_doubts(told):
        results.print(sentence, markup=False)
    results.print(_history(told))


@app.command("withdraw")
def withdraw_referral(referral: Referral) -> None:
    """Take a referral back: its slip waits for a person again. Not once something came of it."""
    from refpad.services.exports import export_referrals
    from refpad.services.wiring import open_record, whoever
    from store.history import referral_history
    from store.review.withdraw import withdraw

    settings = Settings()
    with closing(open_record(settings)) as store:
        slip_id = referral_history(store, referral, whoever()).slip_id
        withdraw(store, slip_id, whoever())
        export_referrals(store, settings.exports)
    say(f"Referral {referral} is taken back; s{slip_id} waits in `refpad review list`.")


@app.command("correct")
def correct_referral(
    referral: Referral,
    said: Annotated[
        list[str],
        typer.Option(
            "--set",
            help="FIELD=VALUE: patient_name, patient_phone, provider_name, diagnosis, goals, precautions, signed_on, "
            "next_visit_on, birth_date (2026-11-20), office, or an answer by its name on the pad.",
        ),
    ],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    as_typed: AsTyped = False,
) -> None:
    """Correct an accepted referral; letters that have not gone out are made again, those that have are named."""
    from refpad.services.exports import export_referrals
    from refpad.services.wiring import open_record, rules_of, whoever
    from schemas.names.spelling import spellings_of
    from store.referrals.amend import amend, check

    typed = dict(word.split("=", 1) for word in said if "=" in word)
    if len(typed) != len(said):
        raise UsageError("Write --set FIELD=VALUE, each field once.")
    settings = Settings()
    with closing(open_record(settings)) as store:
        if not as_typed and (proposals := spellings_of(typed)):
            check(store, rules_of(settings), referral, typed, reason)
            propose_spellings(proposals)
        done = amend(store, rules_of(settings), referral, typed, reason, whoever())
        export_referrals(store, settings.exports)
    say(f"Referral {referral} is corrected: {', '.join(change.field for change in done.changes)}.")
    if done.letters:
        say(f"These letters went out with what was before: {', '.join(map(str, done.letters))}.")


@app.command("office")
def set_office(
    referral: Referral,
    office: Annotated[str, typer.Argument(help="The office, as `refpad offices list` shows it.")],
    others: Annotated[
        bool, typer.Option("--others", help="Also the provider's other referrals whose office is not known.")
    ] = False,
) -> None:
    """Say which office a referral came from; its letters that have not gone out are made again with the next round."""
    from refpad.services.exports import export_referrals
    from refpad.services.wiring import open_record, whoever
    from store.referrals.offices import set_office_of_referral

    settings = Settings()
    with closing(open_record(settings)) as store:
        changed = set_office_of_referral(store, referral, office, whoever(), others_too=others)
        export_referrals(store, settings.exports)
    say(f"Office {office} is set for {counted(len(changed), 'referral')}.")


@app.command("hold")
def hold_referral(referral: Referral, reason: Reason) -> None:
    """Put a referral under a legal hold: no purge takes it, however old it is."""
    from refpad.services.wiring import open_record, whoever
    from store.purge.holds import set_hold

    with closing(open_record(Settings())) as store:
        set_hold(store, referral, reason, whoever())
    say(f"Referral {referral} stays until somebody lifts the hold: refpad referrals lift-hold {referral}.")


@app.command("lift-hold")
def lift_hold_of_referral(referral: Referral, reason: Reason) -> None:
    """End a referral's legal hold: the next purge may take it when its years are over."""
    from refpad.services.wiring import open_record, whoever
    from store.purge.holds import lift_hold

    with closing(open_record(Settings())) as store:
        lift_hold(store, referral, reason, whoever())
    say(f"The legal hold of referral {referral} is lifted.")


def _each(record: "Iterable[tuple[str, object]]") -> "Iterator[tuple[str, object]]":
    """Each value with its name; of what the pad itself asks one by one, in the order of the pad."""
    for name, value in record:
        yield from value.items() if isinstance(value, dict) else [(name, value)]


def _shown(value: object) -> str:
    """A value of the record as people read it."""
    if isinstance(value, date):
        return show_day(value)
    if isinstance(value, str):
        return show_kept(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)


def _settled_doubts(told: "ReferralHistory") -> "Iterator[str]":
    """The warnings that people let stand, and what they said of slips like this one: each with who and when."""
    for warning in told.waived:
        what = warning.code.value.replace("_", " ")
        detail = f" ({warning.detail})" if warning.detail else ""
        yield f"Accepted despite: {what}{detail}, {warning.by}, {show_moment(warning.at)}"
    for other in told.beside:
        yield f"{other.sentence} {other.by}, {show_moment(other.at)}"


def _history(told: "ReferralHistory") -> Table:
    table = Table("when", "who", "what", "about")
    for act in told.acts:
        at = show_moment(act["at"]) if isinstance(act["at"], datetime) else ""
        table.add_row(at, *(escape(str(act[name])) for name in ("who", "what", "subject")))
    return table
