"""Offices and their serials: no number is printed twice, and a slip tells whose it is."""

import threading
from datetime import timedelta

import pytest

from schemas.code import SERIAL_MAX, SlipCode
from schemas.errors import UsageError
from schemas.office import Office
from store.database import Store
from store.directory import offices
from store.directory.offices import latest_delivery, office_of, ranges, reserve_serials
from store.tables import serial_range
from tests.audit import audit_lines

RIVERSIDE = Office(id="riverside", name="Riverside Spine", contact="Pat Ames", phone="(212) 555-0177")


@pytest.fixture(autouse=True)
def riverside(store: Store) -> None:
    offices.add(store, RIVERSIDE, "kim")


def test_an_office_is_entered_once(store: Store) -> None:
    """By its short name; who entered it is written down."""
    with pytest.raises(UsageError, match='an office "riverside" already'):
        offices.add(store, RIVERSIDE, "kim")
    assert offices.all_offices(store) == [RIVERSIDE]
    assert [(audit_line["what"], audit_line["subject"]) for audit_line in audit_lines(store)] == [
        ("add", "office riverside")
    ]


def test_serials_run_on_from_the_highest_ever_printed(store: Store) -> None:
    """Pad by pad: another design or edition has its own numbers."""
    spans = [
        reserve_serials(store, "riverside", "met", 1, 50),
        reserve_serials(store, None, "met", 1, 50, start=201),
        reserve_serials(store, "riverside", "met", 1, 50),
        reserve_serials(store, "riverside", "met", 2, 50),
    ]
    assert spans == [range(1, 51), range(201, 251), range(251, 301), range(1, 51)]
    assert [range_.first for range_ in ranges(store, "riverside")] == [1, 251, 1]


@pytest.mark.parametrize(("start", "count"), [(50, 1), (1, 1), (40, 60), (0, 10), (SERIAL_MAX, 2), (60, 0)])
def test_numbers_that_cannot_be_printed_are_refused_with_the_figures(start: int, count: int, store: Store) -> None:
    """Two slips with one serial would be one referral too few."""
    reserve_serials(store, "riverside", "met", 1, 50)
    with pytest.raises(UsageError, match=str(start)):
        reserve_serials(store, "riverside", "met", 1, count, start=start)
    assert len(ranges(store)) == 1


def test_serials_for_an_office_that_is_not_there_are_refused(store: Store) -> None:
    """A typing mistake must not hide whose slips these are."""
    with pytest.raises(UsageError, match='no office "hillside"'):
        reserve_serials(store, "hillside", "met", 1, 50)


def test_two_presses_at_once_get_different_numbers(store: Store) -> None:
    """Two desks print at the same moment."""
    threads = [threading.Thread(target=reserve_serials, args=(store, None, "met", 1, 10)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(range_.first for range_ in ranges(store)) == [1, 11, 21, 31, 41, 51, 61, 71]


@pytest.mark.parametrize(("serial", "office"), [(1, "riverside"), (50, "riverside"), (51, None), (60, None)])
def test_a_serial_tells_its_office(serial: int, office: str | None, store: Store) -> None:
    """Both ends of a range belong to it; slips given to nobody yet belong to nobody."""
    reserve_serials(store, "riverside", "met", 1, 50)
    reserve_serials(store, None, "met", 1, 5)
    with store.read() as connection:
        assert office_of(connection, SlipCode(design="met", edition=1, serial=serial)) == office


def test_what_was_printed_for_an_office_on_one_day_goes_there_together(store: Store) -> None:
    """The letter that comes with it counts all of it, and nothing of another day or office."""
    offices.add(store, RIVERSIDE.model_copy(update={"id": "northside"}), "kim")
    assert latest_delivery(store, "riverside") == []
    with store.write() as connection:
        old = {"office_id": "riverside", "design": "met", "edition": 1, "first": 1, "last": 50}
        connection.execute(serial_range.insert().values(**old, printed_at=store.clock.now() - timedelta(days=2)))
    reserve_serials(store, "riverside", "met", 1, 100)
    reserve_serials(store, "northside", "met", 1, 50)
    reserve_serials(store, "riverside", "post", 1, 30)
    assert [(given.design, given.first, given.last) for given in latest_delivery(store, "riverside")] == [
        ("met", 51, 150),
        ("post", 1, 30),
    ]
