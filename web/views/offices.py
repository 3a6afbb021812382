"""Offices, their pads, and printing more."""

from functools import partial
from io import BytesIO
from typing import Literal

from starlette.responses import Response

from pads.catalogue import find
from pads.print_pdf import print_pad
from refpad.services.letters.letters import OFFICE_LETTERS
from schemas.errors import UsageError
from schemas.letter import Prefers
from schemas.office import Office
from store import audit
from store.directory import offices
from store.directory.providers import listed_providers
from store.followups.listing import TaskQuery, listed
from web.context import Visit

UPS: dict[str, Literal[1, 2, 4]] = {"1": 1, "2": 2, "4": 4}
PAPERS: tuple[Literal["letter", "a4"], ...] = ("letter", "a4")
TASKS_MOST = 20
SLIPS_MOST = 2000  # some 500 sheets; more than that is a print shop's job, and the command line's


def show(visit: Visit) -> Response:
    """Every office: whom to ask for, its referrals by month, and whether it is quiet or runs low of pads."""
    found = visit.desk.activity.get()
    most = max((month.referrals for each in found for month in each.by_month), default=0)
    return visit.page("offices.html", offices=found, most=most)


def add(visit: Visit) -> Response:
    """Enter an office."""
    told = {name: visit.said(name) for name in ("id", "name", "contact", "phone", "address")}
    offices.add(visit.store, Office.model_validate(told), visit.who)
    visit.desk.activity.forget()
    return visit.to(f"/offices/{told['id']}")


def one(visit: Visit) -> Response:
    """One office: whom to ask for, what it was given, and more pads for it."""
    office = _office(visit)
    audit.write(visit.store, visit.who, "view", f"office {office.id}")
    return visit.page(
        "office.html",
        office=office,
        activity=next((each for each in visit.desk.activity.get() if each.office_id == office.id), None),
        ranges=offices.ranges(visit.store, office.id),
        designs=visit.desk.designs,
        providers=listed_providers(visit.store, office_id=office.id),
        tasks=listed(visit.store, TaskQuery(office_id=office.id, limit=TASKS_MOST)).tasks,
        others=[all_office for all_office in offices.all_offices(visit.store) if all_office.id != office.id],
        letters=OFFICE_LETTERS,
        ways=list(Prefers),
    )


def edit(visit: Visit) -> Response:
    """Change what is known of an office; only fields that are other than before."""
    office = _office(visit)
    said = {
        name: visit.said(name) or None for name in ("name", "contact", "phone", "fax", "email", "address", "prefers")
    }
    told = {name: value if value is not None or name == "email" else "" for name, value in said.items()}
    changes = {name: value for name, value in told.items() if value != getattr(office, name)}
    if changes:
        offices.edit(visit.store, office.id, changes, visit.who)
        visit.desk.activity.forget()
    return visit.to(f"/offices/{office.id}")


def merge(visit: Visit) -> Response:
    """Say that this office is the same as another; nothing is rewritten, and the command line takes it back."""
    office, into = _office(visit), visit.said("into")
    offices.merge(visit.store, office.id, into, visit.who)
    visit.desk.activity.forget()
    return visit.to(f"/offices/{into}")


def print_pads(visit: Visit) -> Response:
    """Numbered pads for the office as a print-ready PDF; their serials are recorded as the office's."""
    office = _office(visit)
    design = find(visit.desk.designs, visit.said("pad"))
    slips, up, paper = visit.number_said("slips"), visit.said("up"), visit.said("paper")
    if not 1 <= slips <= SLIPS_MOST:
        raise UsageError(f"Print 1 to {SLIPS_MOST} slips at a time; `refpad pad print` prints more.")
    if up not in UPS or paper not in PAPERS:
        raise UsageError("There are 1, 2 or 4 slips on a letter or a4 sheet.")
    press = partial(print_pad, design, visit.desk.settings.studio, up=UPS[up], paper=paper)
    press([0], BytesIO())  # what cannot be printed must not use up serials
    serials = offices.reserve_serials(visit.store, office.id, design.design, design.edition, slips)
    pdf = BytesIO()
    press(serials, pdf)
    told = {"pad": str(design.pad_id), "first": serials[0], "last": serials[-1]}
    audit.write(visit.store, visit.who, "print", f"office {office.id}", told)
    visit.desk.activity.forget()
    name = f"{office.id}-{design.pad_id}-{serials[0]}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pdf.getvalue(), media_type="application/pdf", headers=headers)


def _office(visit: Visit) -> Office:
    return offices.find_office(visit.store, visit.path["office"])
