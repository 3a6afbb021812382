"""What an awkward file may end as: the expectations of EXPECT.csv, and this project's policy where it differs."""

from collections import Counter
from dataclasses import dataclass, field

from schemas.reasons import FindingCode, SetAsideReason
from schemas.states import FileState, OccurrenceState

# Endings as good as the one asked for, by reason; the list's own notes name most of them.
AS_GOOD = {
    "no_slip_found": {"set_aside blank_page", "set_aside damaged"},
    "page_size": {"set_aside no_slip_found", "set_aside blank_page"},
    "timeout": {"set_aside memory", "set_aside no_slip_found"},
    "damaged": {"set_aside no_slip_found"},
    "low_confidence": {"set_aside no_slip_found"},
}
# This project reads HEIC; a list of texts is no scan; a slip that reads without a doubt needs no person; no huge
# page is ever drawn.
ELSEWHERE = {
    "img/phone.heic": {FileState.DONE, FileState.REVIEW},
    "text/payloads.jsonl": {"set_aside unsupported_type"},
    "img/cmyk_plain.jpg": {FileState.DONE},
    "pdf/userunit.pdf": {"set_aside page_size"},
}
# Doubts about what is written: honest, and no fault of the handling of files.
OF_THE_WRITING = {
    FindingCode.FIELD_DOUBTFUL,
    FindingCode.FIELD_MISSING,
    FindingCode.PHONE_INVALID,
    FindingCode.DATE_INVALID,
    FindingCode.MARK_AMBIGUOUS,
    FindingCode.SIGNATURE_UNCERTAIN,
}


@dataclass
class Ending:
    """What became of a case: its state and reason, its slips and their doubts, and what is wrong with it."""

    state: str = "unseen"
    reason: str = ""
    slips: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        return f"{self.state} {self.reason}".strip()


def judge(row: dict[str, str], got: Ending) -> str:
    """ "" when it went as asked, "doubts" when only the writing is doubted, else "differs"."""
    if got.wrong or got.reason == SetAsideReason.INTERNAL_ERROR:
        return "differs"
    reason, records = row["reason_class"], int(row["records"] or 0)
    if got.told in ELSEWHERE.get(row["file"], ()) or got.told in AS_GOOD.get(reason, ()):
        return ""
    if row["expected"] == "accepted":
        if got.state == FileState.REVIEW and got.slips == records and set(got.codes) <= OF_THE_WRITING:
            return "doubts"
        return "" if got.state == FileState.DONE and got.slips == records else "differs"
    if row["expected"] == "review":
        is_kept = not row["records"] or got.slips == records
        is_named = reason not in ("partial_damage", "possible_duplicate") or {reason, f"page:{reason}"} & set(got.codes)
        return "" if is_kept and got.state == FileState.REVIEW and is_named else "differs"
    if row["expected"] == "ignored":
        return "" if got.told == f"{OccurrenceState.IGNORED} {reason}" else "differs"
    return (
        ""
        if got.told == f"{FileState.SET_ASIDE} {reason}"
        or (got.state, reason) == (OccurrenceState.DUPLICATE, OccurrenceState.DUPLICATE)
        else "differs"
    )
