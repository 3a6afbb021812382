"""Patients: all referrals of one, who else they may be, and two who are one: what changes, first; then its undo."""

from collections.abc import Sequence

from starlette.responses import Response

from schemas.errors import UsageError
from store import audit
from store.directory.patients import ask_again, keep_apart, merge_patients, unmerge_patient
from store.referrals.patients import Patient, find_patient, may_be_same, maybe_pairs, newest_patients
from web.context import RequestContext


def show(context: RequestContext) -> Response:
    """Who may be whom, and the patients of the newest referrals."""
    return _list(context, newest_patients(context.store))


def find(context: RequestContext) -> Response:
    """The patients who have these words: a name, a telephone, a date of birth. The words stand in no address."""
    searched = context.form("query")
    found = list(context.services.searcher.rank_referrals(searched)) if searched else None
    return _list(context, newest_patients(context.store, found), searched)


def _list(context: RequestContext, patients: Sequence[Patient], sought: str = "") -> Response:
    pairs = maybe_pairs(context.store)
    audit.write(context.store, context.user, "view", "patients", {"count": len(patients)})
    return context.render("patients.html", pairs=pairs, patients=patients, sought=sought)


def one(context: RequestContext) -> Response:
    """One patient."""
    found = find_patient(context.store, context.path_number("patient"), context.user)
    others = may_be_same(context.store, found.facts, found.id)
    return context.render("patient.html", patient=found, others=others)


def merger(context: RequestContext) -> Response:
    """What saying that this patient is another changes."""
    gone = find_patient(context.store, context.path_number("patient"), context.user)
    into = context.query_number("into")
    if into is None:
        raise UsageError("Say who the patient is: choose one on their page.")
    kept = find_patient(context.store, into, context.user)
    if gone.id == kept.id:
        raise UsageError("These two are one already.")
    return context.render("merge_patient.html", gone=gone, kept=kept)


def merge(context: RequestContext) -> Response:
    """Say that this patient is the same person as another."""
    into = context.form_number("into")
    merge_patients(context.store, context.path_number("patient"), into, context.user)
    context.services.export_job.request()
    return context.redirect(f"/patients/{into}")


def apart(context: RequestContext) -> Response:
    """Say that this patient and another are two persons; nobody is asked about them again."""
    number, other = context.path_number("patient"), context.form_number("other")
    keep_apart(context.store, number, other, context.user)
    return _back(context, number)


def ask(context: RequestContext) -> Response:
    """Take that back."""
    number = context.path_number("patient")
    ask_again(context.store, number, context.form_number("other"), context.user)
    return _back(context, number)


def _back(context: RequestContext, number: int) -> Response:
    return context.redirect("/patients" if context.form("from") == "list" else f"/patients/{number}")


def unmerge(context: RequestContext) -> Response:
    """Undo that: the patient stands by themselves again."""
    number = context.path_number("patient")
    unmerge_patient(context.store, number, context.user)
    context.services.export_job.request()
    return context.redirect(f"/patients/{number}")
