"""Offices, their pads, and printing more."""

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from typing import Literal

from starlette.responses import Response

from pads.catalog import find, printable
from pads.print_pdf import print_pad
from refpad.services.letters.letters import OFFICE_LETTERS
from schemas.errors import UsageError
from schemas.letter import Prefers
from schemas.office import Office, check_entry
from store import audit
from store.directory import offices
from store.directory.mergers import merged_into_office
from store.directory.providers import list_providers
from store.followups.listing import FollowUpQuery, list_follow_ups
from web.context import RequestContext
from web.downloads import download
from web.services.office_labels import told_apart
from web.views.offices.outreach import office_story

UPS: dict[str, Literal[1, 2, 4]] = {"1": 1, "2": 2, "4": 4}
PAPERS: tuple[Literal["letter", "a4"], ...] = ("letter", "a4")
ADDED = ("id", "name", "contact", "phone", "address")
FOLLOW_UPS_MOST = 20
SLIPS_MOST = 2000  # some 500 sheets; more than that is a print shop's job, and the command line's


def show(context: RequestContext) -> Response:
    """Every office: whom to ask for, its referrals by month, and whether it is quiet or runs low of pads."""
    return _list(context)


def _list(context: RequestContext, status: int = 200, same: Sequence[Office] = ()) -> Response:
    """The page; `same` are offices of the name that somebody is about to enter."""
    activities = context.services.activity.get()
    most = max((month.referrals for office in activities for month in office.by_month), default=0)
    typed = {name: context.form(name) for name in ADDED}
    return context.render("offices.html", status, offices=activities, most=most, same=same, typed=typed)


def add(context: RequestContext) -> Response:
    """Enter an office; one of a name that is on record only after a word that it is another."""
    values = {name: context.form(name) for name in ADDED}
    same = offices.offices_like(context.store, values["name"])
    if same and context.form("act") != "add another":
        return _list(context, 409, same)
    check_entry(Office, values, context.services.settings.policy.phone_region, values)
    offices.add(context.store, Office.model_validate(values), context.user)
    context.services.activity.forget()
    return context.redirect(f"/offices/{values['id']}")


def one(context: RequestContext) -> Response:
    """One office: whom to ask for, what it was given, and more pads for it."""
    office = office_of(context)
    audit.write(context.store, context.user, "view", f"office {office.id}")
    return context.render(
        "office.html",
        office=office,
        story=office_story(context.store, context.services.settings.follow_ups, office.id),
        activity=next((row for row in context.services.activity.get() if row.office_id == office.id), None),
        ranges=offices.ranges(context.store, office.id),
        designs=printable(context.services.designs),
        designs_problem=context.services.book.problem,
        providers=list_providers(context.store, office_id=office.id),
        follow_ups=list_follow_ups(context.store, FollowUpQuery(office_id=office.id, limit=FOLLOW_UPS_MOST)).follow_ups,
        others=[one for one in told_apart(offices.all_offices(context.store)) if one[0].id != office.id],
        merged=merged_into_office(context.store, office.id),
        letters=OFFICE_LETTERS,
        ways=list(Prefers),
    )


def edit(context: RequestContext) -> Response:
    """Change what is known of an office; only fields that are other than before."""
    office = office_of(context)
    fields = {
        name: context.form(name) or None for name in ("name", "contact", "phone", "fax", "email", "address", "prefers")
    }
    values = {name: value if value is not None or name == "email" else "" for name, value in fields.items()}
    changes = {name: value for name, value in values.items() if value != getattr(office, name)}
    if changes:
        region = context.services.settings.policy.phone_region
        check_entry(Office, {**office.model_dump(), **changes}, region, changes)
        offices.edit(context.store, office.id, changes, context.user)
        context.services.activity.forget()
        context.services.chase_job.request()
    return context.redirect(f"/offices/{office.id}")


def merge(context: RequestContext) -> Response:
    """Say that this office is the same as another; nothing is rewritten, and its page undoes it."""
    office, into = office_of(context), context.form("into")
    offices.merge(context.store, office.id, into, context.user)
    context.services.activity.forget()
    context.services.chase_job.request()
    return context.redirect(f"/offices/{into}")


def print_pads(context: RequestContext) -> Response:
    """Numbered pads for the office as a print-ready PDF; their serials are recorded as the office's."""
    office = office_of(context)
    context.services.settings.require_pads()
    design = find(context.services.designs, context.form("pad"))
    slips, up, paper = context.form_number("slips"), context.form("up"), context.form("paper")
    if not 1 <= slips <= SLIPS_MOST:
        raise UsageError(f"Print 1 to {SLIPS_MOST} slips at a time; `refpad pad print` prints more.")
    if up not in UPS or paper not in PAPERS:
        raise UsageError("There are 1, 2 or 4 slips on a letter or a4 sheet.")
    print_serials = partial(print_pad, design, context.services.settings.studio, up=UPS[up], paper=paper)
    print_serials([0], BytesIO())  # what cannot be printed must not use up serials
    serials = offices.reserve_serials(context.store, office.id, design.design, design.edition, slips)
    pdf = BytesIO()
    print_serials(serials, pdf)
    detail = {"pad": str(design.pad_id), "first": serials[0], "last": serials[-1]}
    audit.write(context.store, context.user, "print", f"office {office.id}", detail)
    context.services.activity.forget()
    name = f"{office.id}-{design.pad_id}-{serials[0]}.pdf"
    return download(pdf.getvalue(), name)


def office_of(context: RequestContext) -> Office:
    """The office that the address names; raises NotOnRecordError."""
    return offices.find_office(context.store, context.path["office"])
