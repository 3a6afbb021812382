"""A National Provider Identifier checks itself."""

import pytest

from schemas.codes.npi import as_npi, npi_problem, with_check_digit


def test_the_example_of_the_rule_fits() -> None:
    """123456789 has the check digit 3 (CMS, "Requirements for NPI and NPI check digit")."""
    assert with_check_digit("123456789") == "1234567893"
    assert npi_problem("1234567893") == ""
    assert as_npi("12345 67893") == "1234567893"


@pytest.mark.parametrize("place", range(10))
def test_one_wrong_digit_anywhere_is_noticed(place: int) -> None:
    """That is what the check digit is for: a misread digit makes no other provider."""
    digits = "1234567893"
    wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
    assert npi_problem(wrong) == "its check digit does not fit the others"


def test_a_missing_digit_is_told_as_such() -> None:
    """Which is another thing to look for on the slip."""
    assert npi_problem("123456789") == "it has 9 digits, not 10"
