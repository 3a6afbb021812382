"""What a file brought is told whole: slips, backs, blank pages and pages that wait; nothing of it is left out."""

from pathlib import Path

from schemas.reading import PageRead, PageSetAside
from schemas.reasons import SetAsideReason
from store.database import Store
from store.intake.ledger.brought import Brought, brought_by
from store.intake.ledger.progress import latest_files
from store.review.settle import reject
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken


def aside(page: int, reason: SetAsideReason) -> PageRead:
    told = PageSetAside(file="scan", page=page, reason=reason, message=f"Page {page} has no slip.")
    return PageRead(page=page, set_aside=told)


def test_every_page_of_a_file_is_in_its_line(store: Store, inbox: Path) -> None:
    """A line that says "2 accepted" of a file of which three pages wait hides what somebody must look at."""
    reasons = (SetAsideReason.NO_SLIP_FOUND,) * 3 + (SetAsideReason.BACK_OF_SLIP, SetAsideReason.BLANK_PAGE)
    pages = [aside(number, why) for number, why in enumerate(reasons, start=2)]
    recorded(store, taken(store, inbox / "scan.pdf", b"%PDF-1"), slip_reading(), pages=pages)
    assert brought_by(store, 1).in_words == "1 accepted, 3 pages waiting, 1 back, 1 blank page"
    reject(store, "p2", "kim", "no slip")
    [latest] = latest_files(store, 5)
    assert latest.in_words == "1 accepted, 2 pages waiting, 1 back, 1 blank page, 1 page rejected"


def test_of_a_file_that_was_not_read_nothing_is_told(store: Store, inbox: Path) -> None:
    """And it is no error to ask."""
    taken(store, inbox / "scan.pdf", b"%PDF-1")
    assert brought_by(store, 1) == Brought()
    assert Brought().in_words == ""
