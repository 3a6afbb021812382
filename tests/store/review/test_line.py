"""The review queue, page by page, is the queue as a whole: nothing in it twice, and nothing left out."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from schemas.reading import PageRead, PageSetAside
from schemas.reasons import FindingCode, SetAsideReason
from store.database import Store
from store.followups.missing_information import ask_office
from store.review.queue import place_of, waiting_list, waiting_reasons, waiting_total
from store.tables import answer_sheet
from store.waiting import renew_slips
from tests.fake_reader import example_rules, slip_reading
from tests.store.helpers import recorded, taken

SIGNATURE, TWIN = FindingCode.SIGNATURE_UNCERTAIN.value, FindingCode.POSSIBLE_DUPLICATE.value


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path) -> None:
    """Five files: the office of s4 was asked, s7 may be that slip again, and s6 was answered and still waits."""
    unread = PageSetAside(file="scan", page=2, reason=SetAsideReason.NO_SLIP_FOUND, message="No slip was found.")
    for number, serials in enumerate([(11, 12), (13,), (14,), (15, 16), (14,)]):
        slips = [slip_reading(1, place, serial, sure=False) for place, serial in enumerate(serials, start=1)]
        more = [PageRead(page=2, set_aside=unread)] if number == 1 else []
        recorded(store, taken(store, inbox / "scan.pdf", b"%d" % number), *slips, pages=more)
    ask_office(store, example_rules(), 4, ["signature"], "kim")
    with store.write() as connection:
        connection.execute(answer_sheet.insert().values(slip_id=1, question=1, of_slip_id=6, is_used=True))
        renew_slips(connection, [6])


def items(store: Store, why: str = "", at_once: int = 100) -> list[str]:
    found: list[str] = []
    while more := waiting_list(store, why, found[-1] if found else "", at_once):
        found += [one.item for one in more]
    return found


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        ("", ["s6", "s7", "s1", "s2", "s3", "p3", "s4", "s5"]),
        (SIGNATURE, ["s6", "s7", "s1", "s2", "s3", "s4", "s5"]),
        (TWIN, ["s7"]),
        (SetAsideReason.NO_SLIP_FOUND.value, ["p3"]),
    ],
)
def test_pages_of_any_length_make_one_list(why: str, expected: Sequence[str], store: Store) -> None:
    """What an office answered is first, then the longest waiting; each has its number, and leads to the next."""
    for at_once in (1, 3, 100):
        assert items(store, why, at_once) == expected
    for number, item in enumerate(expected, start=1):
        place = place_of(store, item, why)
        following = expected[number % len(expected)] if len(expected) > 1 else None
        assert (place.number, place.total, place.following) == (number, len(expected), following)


def test_an_item_that_waits_for_something_else_is_between_the_others(store: Store) -> None:
    """Somebody settled the reason for which it was in the list, and is still at it."""
    place = place_of(store, "p3", SIGNATURE)
    assert (place.number, place.total, place.following) == (6, 8, "s4")
    gone = place_of(store, "s99")
    assert (gone.number, gone.total, gone.following) == (0, 8, "s6")


def test_how_many_wait_is_counted_by_reason(store: Store) -> None:
    """The most frequent first."""
    assert waiting_reasons(store)[0] == (SIGNATURE, 7)
    assert dict(waiting_reasons(store))[TWIN] == 1
    assert (waiting_total(store).items, waiting_total(store).since) == (8, store.clock.today())
