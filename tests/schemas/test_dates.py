"""Dates as people write them: read right, or not at all."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dates import MONTHS, YEARLESS_WITHIN_DAYS, Tense, parse_date, show_day, show_kept, show_moment

NEAR = date(2026, 10, 3)
THIS_CENTURY = st.dates(date(2000, 1, 1), date(2099, 12, 31))
FORMS = (
    "{d.month}/{d.day}/{y:02d}",
    "{d.month:02d}/{d.day:02d}/{d.year}",
    "{d.month:02d} {d.day:02d} {y:02d}",
    "{d.month} - {d.day} - {d.year}",
    "{d.month}.{d.day}.{y:02d}",
    "{d.month:02d}{d.day:02d}{y:02d}",
    "{d.month:02d}{d.day:02d}{d.year}",
    "{d.month}/{d.day}/'{y:02d}",
    "{month} {d.day}, {d.year}",
    "{month:.3} {d.day} {y:02d}",
    "{month:.3}. {d.day}, '{y:02d}",
    "{d:%Y-%m-%d}",
)


@given(THIS_CENTURY, st.sampled_from(FORMS), st.sampled_from(["past", "future"]))
def test_every_way_to_write_a_date_reads_back(day: date, form: str, tense: Tense) -> None:
    """With its year written, a date means one day, whatever is near and whichever side it should lie on."""
    written = form.format(d=day, y=day.year % 100, month=MONTHS[day.month - 1].title())
    assert parse_date(written, NEAR, tense).on == day


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("7/4/58", date(1958, 7, 4)),
        ("07/04/1958", date(1958, 7, 4)),
        ("7-4-09", date(2009, 7, 4)),
        ("2/29/00", date(2000, 2, 29)),
        ("7/4/2058", date(2058, 7, 4)),
        ("7/4", None),
    ],
)
def test_a_birth_lies_in_the_past_even_when_two_digits_tell_its_year(written: str, on: date | None) -> None:
    """Patients are born in both centuries; a year in full is taken at its word, and none is guessed."""
    assert parse_date(written, NEAR, "birth").on == on


@pytest.mark.parametrize(("written", "on"), [("sept 9 26", date(2026, 9, 9)), ("Oct 1st, 2026", date(2026, 10, 1))])
def test_months_may_be_cut_short(written: str, on: date) -> None:
    """Any three letters or more that start a month's name."""
    assert parse_date(written, NEAR).on == on


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31)))
def test_what_is_shown_is_one_form_that_reads_back(at: datetime) -> None:
    """Whoever copies a day from a page into a field means that day."""
    assert parse_date(show_day(at.date()), NEAR).on == at.date()
    assert show_kept(at.date().isoformat()) == show_day(at.date())
    assert show_moment(at).startswith(f"{show_day(at)}, ")
    assert re.fullmatch(r"[A-Z][a-z]{2} [1-9]\d?, \d+, [1-9]\d?:\d\d [AP]M", show_moment(at))


@pytest.mark.parametrize("kept", ["2026-13-01", "20261103", "Tuesday", ""])
def test_what_is_kept_and_is_no_day_is_shown_as_it_stands(kept: str) -> None:
    """A draft's day may be anything, and eight digits may be a number."""
    assert show_kept(kept) == kept


@given(THIS_CENTURY, st.integers(0, YEARLESS_WITHIN_DAYS))
def test_a_signature_without_a_year_lies_within_the_last_half_year(near: date, age: int) -> None:
    """ "12/28" on a slip that arrives on 3 January is last year's."""
    signed = near - timedelta(days=age)
    assert parse_date(f"{signed.month}/{signed.day}", near, "past").on == signed


@given(THIS_CENTURY, st.integers(0, YEARLESS_WITHIN_DAYS))
def test_a_visit_without_a_year_lies_within_the_next_half_year(near: date, ahead: int) -> None:
    """ "1/8" written in December is next year's."""
    visit = near + timedelta(days=ahead)
    assert parse_date(f"{visit.month}/{visit.day}", near, "future").on == visit


@pytest.mark.parametrize(
    ("written", "tense"), [("10/5", "past"), ("1/3", "past"), ("10/1", "future"), ("2/29", "past")]
)
def test_a_missing_year_is_not_guessed_from_afar(written: str, tense: Tense) -> None:
    """A visit "10/1" on a slip of 3 October is over, or misread; it is not eleven months away."""
    assert parse_date(written, NEAR, tense).problem == "it has no year"


def test_tomorrow_s_signature_is_read_as_tomorrow() -> None:
    """Clocks and pens differ by a day; the rule on dates to come judges it, not the parser."""
    assert parse_date("10/4", NEAR, "past").on == date(2026, 10, 4)


@pytest.mark.parametrize("written", ["2/29/27", "2/29/2100", "02-30-24", "4/31/26", "13/1/26", "0/5/26", "1/0/26"])
def test_days_that_are_not_in_the_calendar_are_refused(written: str) -> None:
    """Month first: "13/1" is no date here, though it is one elsewhere."""
    reading = parse_date(written, NEAR)
    assert reading.on is None
    assert reading.problem.startswith("there is no day")


def test_29_february_is_read_in_leap_years() -> None:
    """With the year written, and without one when a leap day is near."""
    assert parse_date("2/29/28", NEAR).on == date(2028, 2, 29)
    assert parse_date("2/29", date(2028, 3, 2)).on == date(2028, 2, 29)


@pytest.mark.parametrize(
    "written",
    ["10/l2/26", "10/|2/26", "I0/3/26", "10/3/2O26", "10/3/026", "marble 3 26", "10x3x26", "", " ", "soon", "1/2/3/26"],
)
def test_a_misread_digit_is_no_separator(written: str) -> None:
    """ "10/l2/26" is a badly read 12 October; taking the "l" for a separator would make it the 2nd."""
    assert parse_date(written, NEAR).on is None


@given(st.text(), THIS_CENTURY, st.sampled_from(["past", "future"]))
def test_any_text_is_a_date_or_has_a_problem(written: str, near: date, tense: Tense) -> None:
    """Never an exception, never both, never neither."""
    reading = parse_date(written, near, tense)
    assert (reading.on is None) == bool(reading.problem)
