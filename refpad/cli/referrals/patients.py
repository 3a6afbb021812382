"""`refpad patients`: who is referred, with all their referrals, and who is whom."""

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.dates import show_day
from schemas.phones import show_phone
from schemas.same_person import PatientFacts

app = typer.Typer(help="Patients: their referrals, and who is the same person.", no_args_is_help=True)

PatientId = Annotated[int, typer.Argument(help="The patient's number, as `refpad patients list` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_patients(
    words: Annotated[list[str] | None, typer.Argument(help="Words of a name, a phone, a date of birth.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the patients that have these words, or those of the newest referrals."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.referrals.patients import newest_patients
    from store.search.search import Searcher

    settings = Settings()
    with closing(open_record(settings)) as store:
        found = list(Searcher(store).rank(" ".join(words))) if words else None
        patients = newest_patients(store, found)
        audit.write(store, whoever(), "view", "patients", {"count": len(patients)})
    if as_json:
        print_json([patient.model_dump(mode="json") for patient in patients])
        return
    table = Table("patient", "name", "born", "phone", "referrals")
    for patient in patients:
        told = _told(patient.facts, settings.policy.phone_region)
        table.add_row(str(patient.id), *map(escape, told), ", ".join(str(one.id) for one in patient.referrals))
    results.print(table)


@app.command("show")
def show_patient(patient: PatientId, as_json: AsJson = False) -> None:
    """Show a patient with all referrals, and who else may be the same person."""
    from refpad.services.wiring import open_record, whoever
    from store.referrals.patients import find_patient, may_be_same

    settings = Settings()
    with closing(open_record(settings)) as store:
        found = find_patient(store, patient, whoever())
        others = may_be_same(store, found.facts, found.id)
    if as_json:
        told = {**found.model_dump(mode="json"), "may_be": [other.model_dump(mode="json") for other in others]}
        print_json(told)
        return
    region = settings.policy.phone_region
    table = Table("referral", "accepted", "name", "born", "phone", "provider")
    for one in found.referrals:
        row = (show_day(one.accepted_on), *_told(one.facts, region), one.provider_name)
        table.add_row(str(one.id), *map(escape, row))
    results.print(table)
    for joined in found.joined:
        results.print(f"Patient {joined.id} is this patient: merged by {joined.by}.", markup=False)
    for somebody in found.apart:
        results.print(f"Patient {somebody.id}, {somebody.name}, is somebody else, says {somebody.by}.", markup=False)
    for other in others:
        name = other.facts.name
        results.print(f"May be patient {other.patient_id}, {name}: {other.why}.", markup=False)


@app.command("same")
def list_maybe_same(as_json: AsJson = False) -> None:
    """List patients who may be one person; nobody is joined but by `refpad patients merge`."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.referrals.patients import maybe_pairs

    with closing(open_record(Settings())) as store:
        pairs = maybe_pairs(store)
        audit.write(store, whoever(), "view", "patients", {"count": len(pairs)})
    if as_json:
        print_json([pair.model_dump(mode="json") for pair in pairs])
        return
    table = Table("patient", "name", "may be", "name", "why")
    for pair in pairs:
        names = (pair.one.facts.name, pair.other.facts.name)
        one, other = (escape(name) for name in names)
        table.add_row(str(pair.one.patient_id), one, str(pair.other.patient_id), other, pair.other.why)
    results.print(table)


@app.command("merge")
def merge(patient: PatientId, into: Annotated[int, typer.Argument(help="The patient that stays.")]) -> None:
    """Say that two patients are one person: the first counts as the second from now on; nothing is rewritten."""
    from refpad.services.wiring import open_record, whoever
    from store.directory.patients import merge_patients

    with closing(open_record(Settings())) as store:
        merge_patients(store, patient, into, whoever())
    say(f"Patient {patient} is {into}. `refpad patients unmerge {patient}` takes it back.")


@app.command("unmerge")
def unmerge(patient: PatientId) -> None:
    """Part a patient from the one that they were merged into."""
    from refpad.services.wiring import open_record, whoever
    from store.directory.patients import unmerge_patient

    with closing(open_record(Settings())) as store:
        unmerge_patient(store, patient, whoever())
    say(f"Patient {patient} is a person of their own again.")


@app.command("keep-apart")
def keep_two_apart(patient: PatientId, other: PatientId) -> None:
    """Say that two patients are two persons: they are not suggested as one any more."""
    from refpad.services.wiring import open_record, whoever
    from store.directory.patients import keep_apart

    with closing(open_record(Settings())) as store:
        keep_apart(store, patient, other, whoever())
    say(f"Patients {patient} and {other} are two persons. `refpad patients ask-again {patient} {other}` takes it back.")


@app.command("ask-again")
def ask_about_two_again(patient: PatientId, other: PatientId) -> None:
    """Take back that two patients are two persons."""
    from refpad.services.wiring import open_record, whoever
    from store.directory.patients import ask_again

    with closing(open_record(Settings())) as store:
        ask_again(store, patient, other, whoever())
    say(f"Patients {patient} and {other} may be suggested as one again.")


def _told(facts: PatientFacts, region: str) -> tuple[str, str, str]:
    born = show_day(facts.birth_date) if facts.birth_date else ""
    return facts.name, born, show_phone(facts.phone, region)
