"""The National Provider Identifier: ten digits, the last of which checks the others (45 CFR 162.406)."""

DIGITS = 10
# The check is Luhn's, over the digits behind the prefix that cards of the US health industry bear (ISO/IEC 7812).
PREFIX = "80840"


def npi_problem(written: str) -> str:
    """Why what is written is no NPI, in a few words; empty when it is one."""
    digits = as_npi(written)
    if len(digits) != DIGITS:
        return f"it has {len(digits)} digits, not {DIGITS}"
    return "" if _luhn(PREFIX + digits) % 10 == 0 else "its check digit does not fit the others"


def as_npi(written: str) -> str:
    """The digits of what is written."""
    return "".join(ch for ch in written if ch.isascii() and ch.isdigit())


def with_check_digit(first: str) -> str:
    """The NPI that begins with these nine digits."""
    return first + str(-_luhn(f"{PREFIX}{first}0") % 10)


def _luhn(digits: str) -> int:
    """The sum in which every second digit from the right counts twice, by its own digits."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(sum(divmod(value, 10)) for value in doubled)
