"""Two slips side by side: are they one paper that came in twice?"""

from starlette.responses import Response

from schemas.reasons import FindingCode
from store.review import settle
from store.review.settle import WaitingSlip
from web.context import RequestContext
from web.slips.queue import reason_asked


def show(context: RequestContext) -> Response:
    """A waiting slip beside another; set aside as its copy with one button."""
    other = context.path_number("other")
    slip = settle.show(context.store, context.path["item"], context.user)
    return context.render("beside.html", slip=slip, other=other, number=slip.number, why=reason_asked(context))


def twin_of(slip: WaitingSlip) -> int | None:
    """The slip that a waiting one may be a copy of."""
    others = (finding.other_slip for finding in slip.findings if finding.code is FindingCode.POSSIBLE_DUPLICATE)
    return next((other for other in others if other is not None), None)
