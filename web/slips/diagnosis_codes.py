"""ICD-10-CM codes for the diagnosis on a slip: suggested and searched for, and kept only when a person confirms."""

from starlette.responses import Response

from refpad.services.diagnosis_codes import codes_of, find_codes, keep_codes
from schemas.reading import ReferralDraft
from store.review import settle
from web.context import Visit


def find(visit: Visit) -> Response:
    """Codes for any words: another reading of the diagnosis, or the code itself."""
    return visit.page("codes_found.html", found=find_codes(visit.said("query")), asked=True)


def keep(visit: Visit) -> None:
    """Confirm a code, or take it back; raises UsageError for what is no code."""
    slip, said = settle.look(visit.store, visit.path["item"]), [visit.said("code")]
    added, dropped = ([], said) if visit.said("act") == "drop" else (said, [])
    keep_codes(visit.store, slip, added, dropped, visit.who)


def shown(visit: Visit, slip_id: int, draft: ReferralDraft | None) -> dict[str, object]:
    """What the page shows: those confirmed, and what else the diagnosis as it stands may mean."""
    kept, suggested = codes_of(visit.store, slip_id, draft)
    return {"codes": kept, "suggested": suggested}
