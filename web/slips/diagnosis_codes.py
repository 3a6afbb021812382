"""ICD-10-CM codes for the diagnosis on a slip: suggested and searched for, and kept only when a person confirms."""

from starlette.responses import Response

from refpad.services.diagnosis_codes import codes_of, find_codes, keep_codes
from schemas.reading import ReferralDraft
from store.review import settle
from web.context import RequestContext


def find(context: RequestContext) -> Response:
    """Codes for any words: another reading of the diagnosis, or the code itself."""
    return context.render("codes_found.html", codes=find_codes(context.form("query")))


def save(context: RequestContext) -> None:
    """Confirm a code, or take it back; raises UsageError for what is no code."""
    slip, codes = settle.find_slip(context.store, context.path["item"]), [context.form("code")]
    added, dropped = ([], codes) if context.form("act") == "drop" else (codes, [])
    keep_codes(context.store, slip, added, dropped, context.user)


def values(context: RequestContext, slip_id: int, draft: ReferralDraft | None) -> dict[str, object]:
    """What the page shows: those confirmed, and what else the diagnosis as it stands may mean."""
    confirmed, suggested = codes_of(context.store, slip_id, draft)
    return {"codes": confirmed, "suggested": suggested}
