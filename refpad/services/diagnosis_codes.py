"""ICD-10-CM codes for the diagnosis of a slip that waits: what it may mean, and what a person confirms."""

from collections.abc import Sequence

from ocr.diagnosis import suggest
from schemas.errors import UsageError
from schemas.reading import CodeSuggestion, ReferralDraft
from store.database import Store
from store.review import diagnosis_codes
from store.review.diagnosis_codes import ConfirmedCode
from store.review.settle import WaitingSlip

SUGGESTED_MOST, FOUND_MOST = 3, 8
QUERY_MOST = 200


def keep_codes(store: Store, slip: WaitingSlip, added: Sequence[str], dropped: Sequence[str], who: str) -> None:
    """Confirm codes for the slip and take others back; raises UsageError, with nothing kept, when one is no code."""
    meant = [_code(name) for name in added]
    for code in meant:
        diagnosis_codes.confirm(store, slip.number, code.code, code.description, who)
    for name in dropped:
        diagnosis_codes.drop(store, slip.number, name, who)


def find_codes(words: str) -> tuple[CodeSuggestion, ...]:
    """Codes for any words: another reading of the diagnosis, or the code itself."""
    return suggest(words[:QUERY_MOST], FOUND_MOST)


def codes_of(
    store: Store, slip_id: int, draft: ReferralDraft | None
) -> tuple[list[ConfirmedCode], list[CodeSuggestion]]:
    """The slip's confirmed codes, and what else its diagnosis as it stands may mean."""
    kept = diagnosis_codes.confirmed_codes(store, slip_id)
    written = draft.text["diagnosis"].value if draft and "diagnosis" in draft.text else ""
    known = {code.code for code in kept}
    suggested = suggest(written[:QUERY_MOST], SUGGESTED_MOST)
    return kept, [code for code in suggested if code.code not in known]


def _code(name: str) -> CodeSuggestion:
    found = next((code for code in suggest(name[:QUERY_MOST], 1) if code.code == name), None)
    if found is None:
        raise UsageError("There is no such code in ICD-10-CM.")
    return found
