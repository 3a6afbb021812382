"""Telephone numbers: what is dialled must be what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.phones import parse_phone, show_phone


@pytest.mark.parametrize(
    "written",
    [
        "(212) 555-0142",
        "2125550142",
        "212 555 0142",
        "212-555-0142",
        "212.555.0142",
        "1 212 555 0142",
        "+1 (212)555-0142",
    ],
)
def test_the_usual_ways_to_write_a_number_mean_the_same(written: str) -> None:
    """Comb cells, brackets, dots: one number."""
    assert parse_phone(written, "US").e164 == "+12125550142"


@pytest.mark.parametrize("written", ["212 SSS OI42", "(212) 555-HOME", "212 555 O142", "(212) 555-0142 x5", "ask Ada"])
def test_letters_are_not_dialled_by_their_keys(written: str) -> None:
    """A misread "555" as "SSS" must not become a valid 777, and an extension must not be lost."""
    reading = parse_phone(written, "US")
    assert reading.e164 is None
    assert reading.problem == "it holds more than digits and what stands between them"


@pytest.mark.parametrize("written", ["555-0142", "212 555 014", "(212) 555-01421", "000 000 0000", "212 155 0142"])
def test_numbers_that_cannot_exist_are_refused(written: str) -> None:
    """Too short, too long, or an exchange that no exchange has."""
    assert parse_phone(written, "US").e164 is None


def test_a_problem_does_not_repeat_the_number() -> None:
    """Problems go where patients' numbers must not: how many digits, not which."""
    assert parse_phone("555-0142", "US").problem == "its 7 digits are no valid number in US"


def test_a_foreign_number_is_read_with_its_plus() -> None:
    """The region only decides what a number without a country code means."""
    assert parse_phone("+44 20 7946 0018", "US").e164 == "+442079460018"
    assert parse_phone("020 7946 0018", region="GB").e164 == "+442079460018"


NUMBERS = ["+12125550142", "+13055550107", "+442079460018", "+33199001234", "+493023125042"]


@given(st.sampled_from(NUMBERS), st.sampled_from(["US", "CA", "GB", "FR", "DE"]))
def test_a_number_shown_reads_back(e164: str, region: str) -> None:
    """What the front desk sees on screen can be typed in again, in whichever country, of whichever country."""
    assert parse_phone(show_phone(e164, region), region).e164 == e164


def test_a_number_of_ones_own_country_is_shown_without_its_code() -> None:
    """As people there write it; one from abroad must be seen to be."""
    assert show_phone("+442079460018", "GB") == "020 7946 0018"
    assert show_phone("+442079460018", "US") == "+44 20 7946 0018"
    assert show_phone("+12125550142", "US") == show_phone("+12125550142", "CA") == "(212) 555-0142"


@pytest.mark.parametrize("written", ["2125550142", "212-555-0142", "1 212 555 0142", "(212)5550142"])
def test_a_number_that_was_read_or_typed_is_shown_as_people_write_it(written: str) -> None:
    """The window that says what somebody else changed showed ten digits in a row beside the number in brackets."""
    assert show_phone(written, "US") == "(212) 555-0142"
    for no_number in ("555-01", "5550142", "see chart", ""):
        assert show_phone(no_number, "US") == no_number


@given(st.text())
def test_any_text_is_a_number_or_has_a_problem(written: str) -> None:
    """Never an exception, never both, never neither."""
    reading = parse_phone(written, "US")
    assert (reading.e164 is None) == bool(reading.problem)
