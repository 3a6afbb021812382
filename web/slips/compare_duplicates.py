"""Two slips side by side: are they one paper that came in twice?"""

import re

from starlette.responses import Response

from schemas.reasons import FindingCode
from store.review import settle
from store.review.settle import WaitingSlip
from web.context import Visit
from web.slips.queue import reason_asked

_TWIN = re.compile(r"as slip s([0-9]{1,9})\.")


def show(visit: Visit) -> Response:
    """A waiting slip beside another; set aside as its copy with one button."""
    other = visit.number("other")
    found = settle.show(visit.store, visit.path["item"], visit.who)
    return visit.page("beside.html", found=found, other=other, number=found.id[1:], why=reason_asked(visit))


def twin_of(found: WaitingSlip) -> int | None:
    """The slip that a waiting one may be a copy of, as the store's finding names it."""
    details = (each.detail for each in found.findings if each.code is FindingCode.POSSIBLE_DUPLICATE)
    named = (_TWIN.search(detail) for detail in details)
    return next((int(match[1]) for match in named if match), None)
