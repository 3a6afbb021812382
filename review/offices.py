"""Offices, their pads, and printing more."""

from functools import partial
from io import BytesIO
from typing import Literal

from starlette.responses import Response

from pads.catalogue import find
from pads.press import print_pad
from review.visit import Visit
from schemas.errors import UsageError
from schemas.office import Office
from store import audit, offices

UPS: dict[str, Literal[1, 2, 4]] = {"1": 1, "2": 2, "4": 4}
PAPERS: tuple[Literal["letter", "a4"], ...] = ("letter", "a4")
SLIPS_MOST = 2000  # some 500 sheets; more than that is a print shop's job, and the command line's


def show(visit: Visit) -> Response:
    """Every office with the serials it was given."""
    ranges = offices.ranges(visit.store)
    return visit.page("offices.html", offices=offices.all_offices(visit.store), ranges=ranges)


def add(visit: Visit) -> Response:
    """Enter an office."""
    told = {name: visit.said(name) for name in ("id", "name", "contact", "phone", "address")}
    offices.add(visit.store, Office.model_validate(told), visit.who)
    return visit.to(f"/offices/{told['id']}")


def one(visit: Visit) -> Response:
    """One office: whom to ask for, what it was given, and more pads for it."""
    office = _office(visit)
    audit.write(visit.store, visit.who, "view", f"office {office.id}")
    ranges = offices.ranges(visit.store, office.id)
    return visit.page("office.html", office=office, ranges=ranges, designs=visit.desk.designs)


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
    told = {"pad": f"{design.design}-{design.edition}", "first": serials[0], "last": serials[-1]}
    audit.write(visit.store, visit.who, "print", f"office {office.id}", told)
    name = f"{office.id}-{design.design}-{design.edition}-{serials[0]}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pdf.getvalue(), media_type="application/pdf", headers=headers)


def _office(visit: Visit) -> Office:
    found = next((each for each in offices.all_offices(visit.store) if each.id == visit.path["office"]), None)
    if found is None:
        raise UsageError("There is no such office.")
    return found
