"""Two slips side by side: are they one paper that came in twice?"""

from starlette.responses import Response

from schemas.reasons import FindingCode
from store.review import settle
from store.review.settle import WaitingSlip
from web.context import Visit
from web.slips.queue import reason_asked


def show(visit: Visit) -> Response:
    """A waiting slip beside another; set aside as its copy with one button."""
    other = visit.number("other")
    found = settle.show(visit.store, visit.path["item"], visit.who)
    return visit.page("beside.html", found=found, other=other, number=found.id[1:], why=reason_asked(visit))


def twin_of(found: WaitingSlip) -> int | None:
    """The slip that a waiting one may be a copy of."""
    others = (finding.other_slip for finding in found.findings if finding.code is FindingCode.POSSIBLE_DUPLICATE)
    return next((other for other in others if other is not None), None)
