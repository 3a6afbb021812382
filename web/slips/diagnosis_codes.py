"""ICD-10-CM codes for the diagnosis on a slip: suggested and searched for, and kept only when a person confirms."""

from starlette.responses import Response

from ocr.diagnosis import suggest
from schemas.errors import UsageError
from schemas.reading import CodeSuggestion, ReferralDraft
from store.review import diagnosis_codes, settle
from store.review.diagnosis_codes import ConfirmedCode
from web.context import Visit

SUGGESTED_MOST, FOUND_MOST = 3, 8
QUERY_MOST = 200


def find(visit: Visit) -> Response:
    """Codes for any words: another reading of the diagnosis, or the code itself."""
    found = suggest(visit.said("query")[:QUERY_MOST], FOUND_MOST)
    return visit.page("codes_found.html", found=found, asked=True)


def keep(visit: Visit) -> None:
    """Confirm a code, or take it back; raises UsageError for what is no code."""
    number = int(settle.look(visit.store, visit.path["item"]).id[1:])
    said = visit.said("code")
    if visit.said("act") == "drop":
        diagnosis_codes.drop(visit.store, number, said, visit.who)
        return
    code = next((each for each in suggest(said, 1) if each.code == said), None)
    if code is None:
        raise UsageError("There is no such code in ICD-10-CM.")
    diagnosis_codes.confirm(visit.store, number, code.code, code.description, visit.who)


def shown(visit: Visit, slip_id: int, draft: ReferralDraft | None) -> dict[str, object]:
    """What the page shows: those confirmed, and what else the diagnosis as it stands may mean."""
    kept: list[ConfirmedCode] = diagnosis_codes.confirmed(visit.store, slip_id)
    written = draft.text["diagnosis"].value if draft and "diagnosis" in draft.text else ""
    suggested: tuple[CodeSuggestion, ...] = suggest(written[:QUERY_MOST], SUGGESTED_MOST)
    codes = {each.code for each in kept}
    return {"codes": kept, "suggested": [each for each in suggested if each.code not in codes]}
