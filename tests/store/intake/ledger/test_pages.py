"""Every page of every file that was read is accounted for: with slips, a back or blank, or set aside."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.reading import PageRead, PageSetAside
from schemas.reasons import SetAsideReason
from store.database import Store
from store.intake import claims, set_aside
from store.intake.ledger.pages import page_ledger, unused_pages
from store.review.settle import waiting_items
from store.tables import file, page
from store.verify import verify
from tests.fake_reader import slip_reading
from tests.store.helpers import recorded, taken


def aside(number: int, reason: SetAsideReason) -> PageRead:
    told = PageSetAside(file="scan", page=number, reason=reason, message=f"Page {number} is {reason.value}.")
    return PageRead(page=number, set_aside=told)


def of_five_pages(store: Store, inbox: Path) -> None:
    reasons = (
        SetAsideReason.BACK_OF_SLIP,
        SetAsideReason.BLANK_PAGE,
        SetAsideReason.MIRRORED,
        SetAsideReason.NO_SLIP_FOUND,
    )
    pages = [aside(number, reason) for number, reason in enumerate(reasons, start=2)]
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), pages=pages)


def test_every_page_is_in_one_list(store: Store, inbox: Path) -> None:
    """A page in no list is a patient of whom nobody hears."""
    of_five_pages(store, inbox)
    counted = page_ledger(store)
    assert (counted.seen, counted.with_slips, counted.back_or_blank, counted.set_aside) == (5, 1, 2, 2)
    assert counted.balances
    assert {(unused.page, unused.reason) for unused in unused_pages(store)} == {
        (2, SetAsideReason.BACK_OF_SLIP),
        (3, SetAsideReason.BLANK_PAGE),
    }
    assert {item.page for item in waiting_items(store)} == {4, 5}
    assert verify(store) == []


def test_a_blank_page_can_be_brought_to_review(store: Store, inbox: Path) -> None:
    """Whoever doubts the machine's eyes uses their own."""
    of_five_pages(store, inbox)
    item = next(unused.item for unused in unused_pages(store) if unused.page == 3)
    set_aside.bring_back(store, item, "kim")
    assert 3 in {waiting.page for waiting in waiting_items(store)}
    assert page_ledger(store).set_aside == 3
    assert verify(store) == []


def test_the_pages_of_a_file_set_aside_are_counted(store: Store, inbox: Path) -> None:
    """Nobody finds a slip in a letter; its pages were seen all the same."""
    pages = [aside(1, SetAsideReason.BLANK_PAGE), aside(2, SetAsideReason.NO_SLIP_FOUND)]
    recorded(store, taken(store, inbox / "letter.pdf"), pages=pages)
    counted = page_ledger(store)
    assert (counted.seen, counted.back_or_blank, counted.set_aside) == (2, 1, 1)


def test_a_page_that_is_in_no_list_is_a_problem(store: Store, inbox: Path) -> None:
    """Lost from the record, or never written to it."""
    of_five_pages(store, inbox)
    with store.write() as connection:
        connection.execute(page.delete().where(page.c.page == 3))
    assert not page_ledger(store).balances
    assert "pages" in {problem.subject for problem in verify(store)}


@pytest.mark.parametrize("lost", [{5}, {4, 5}, {2, 3, 4, 5}])
def test_the_loss_of_the_last_pages_is_found_and_their_file_named(lost: set[int], store: Store, inbox: Path) -> None:
    """Nothing behind them says that they were there; one of them waited for a person."""
    of_five_pages(store, inbox)
    with store.write() as connection:
        connection.execute(page.delete().where(page.c.page.in_(lost)))
        open_file = sa.update(file).values(state="review" if lost == {5} else "done")
        connection.execute(open_file)
    assert not page_ledger(store).balances
    problems = {problem.subject: problem.message for problem in verify(store)}
    assert problems["file 1"] == f"It had 5 pages, of which {5 - len(lost)} are on record: restore it."


def test_a_file_read_again_is_counted_anew(store: Store, inbox: Path) -> None:
    """What was said of its pages at the first reading is gone, and nothing is called lost meanwhile."""
    pages = [aside(1, SetAsideReason.NO_SLIP_FOUND), aside(2, SetAsideReason.NO_SLIP_FOUND)]
    recorded(store, taken(store, inbox / "letter.pdf"), pages=pages)
    claims.retry(store, 1, "kim")
    assert verify(store) == []
    claim = claims.next_claim(store, "worker", 60)
    assert claim is not None
    recorded(store, claim, slip_reading())
    assert (page_ledger(store).seen, verify(store)) == (1, [])


def test_a_slip_on_a_page_that_is_said_to_be_blank_is_a_problem(store: Store, inbox: Path) -> None:
    """The one says that somebody is asked, the other that nobody is."""
    of_five_pages(store, inbox)
    with store.write() as connection:
        connection.execute(sa.update(page).where(page.c.page == 1).values(state="blank", reason="blank_page"))
    assert any("do not agree with its slips" in problem.message for problem in verify(store))
