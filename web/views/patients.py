"""Patients: all referrals of one, who else they may be, and two who are one: what changes, first; then its undo."""

from starlette.responses import Response

from schemas.errors import UsageError
from store import audit
from store.directory.patients import merge_patients, unmerge_patient
from store.referrals.patients import find_patient, may_be_same, maybe_pairs, newest_patients
from web.context import RequestContext


def show(context: RequestContext) -> Response:
    """Who may be whom, and the patients of the newest referrals."""
    pairs, patients = maybe_pairs(context.store), newest_patients(context.store)
    audit.write(context.store, context.user, "view", "patients", {"count": len(patients)})
    return context.render("patients.html", pairs=pairs, patients=patients)


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


def unmerge(context: RequestContext) -> Response:
    """Undo that: the patient stands by themselves again."""
    number = context.path_number("patient")
    unmerge_patient(context.store, number, context.user)
    context.services.export_job.request()
    return context.redirect(f"/patients/{number}")
