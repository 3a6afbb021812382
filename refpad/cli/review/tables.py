"""What `refpad review` prints of the slips and pages that wait."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.markup import escape
from rich.table import Table

from schemas.dates import show_day, show_kept, show_moment

if TYPE_CHECKING:
    from schemas.reading import ReferralDraft
    from store.followups.missing_information import Asked
    from store.review.settle import WaitingPage, WaitingSlip

SECOND_LOOK = "nothing is in doubt; a person looks at it to measure how well the machine reads"


def waiting_table(items: "Sequence[WaitingSlip | WaitingPage]", asked: "Mapping[int, Asked]", time_zone: str) -> Table:
    """One row an item: why it waits, and when its office was asked; `asked` is by slip."""
    table = Table("item", "arrived", "file", "page", "why")
    for item in items:
        why = reasons_of(item)
        if question := _question(item, asked):
            why.append(f"{when_asked(question, time_zone)}.")
        table.add_row(item.id, show_day(item.received_on), str(item.file_id), str(item.page), escape("\n".join(why)))
    return table


def when_asked(question: "Asked", time_zone: str) -> str:
    """As it begins a sentence: "Office asked on Nov 20, 2026, 10:00 AM"."""
    return f"Office asked on {show_moment(question.at.astimezone(ZoneInfo(time_zone)))}"


def brief(item: "WaitingSlip | WaitingPage", asked: "Mapping[int, Asked]") -> dict[str, object]:
    """An item of the list for programs."""
    question = _question(item, asked)
    return {
        "id": item.id,
        "received_on": item.received_on.isoformat(),
        "file_id": item.file_id,
        "page": item.page,
        "why": reasons_of(item),
        "asked_office": question.model_dump(mode="json") if question else None,
    }


def reasons_of(item: "WaitingSlip | WaitingPage") -> list[str]:
    """Why a person must look at it, a sentence each."""
    from store.review.settle import WaitingPage

    if isinstance(item, WaitingPage):
        return [item.message]
    return [finding.detail for finding in item.findings] or [SECOND_LOOK]


def readings_table(draft: "ReferralDraft") -> Table:
    """Every reading of a slip beside its confidence."""
    table = Table("field", "reading", "confidence", "reader", "other candidates")
    for name, mark in draft.marks.items():
        table.add_row(name, mark.value.value, f"{mark.confidence:.2f}", mark.reason, "")
    for name, signed in draft.all_signatures.items():
        table.add_row(name, signed.value.value, f"{signed.confidence:.2f}", signed.reason, "")
    for name, text in draft.text.items():
        others = ", ".join(
            dict.fromkeys(show_kept(candidate.value) for candidate in text.candidates if candidate.value != text.value)
        )
        reader = f"{text.reader}: {text.known}" if text.known else text.reader
        table.add_row(name, escape(show_kept(text.value)), f"{text.confidence:.2f}", reader, escape(others))
    return table


def _question(item: "WaitingSlip | WaitingPage", asked: "Mapping[int, Asked]") -> "Asked | None":
    from store.review.settle import WaitingSlip

    return asked.get(item.number) if isinstance(item, WaitingSlip) else None
