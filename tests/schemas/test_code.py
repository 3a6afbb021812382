"""The printed code: room for every slip, and no confusion with other people's codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.code import SERIAL_MAX, SlipCode

CODES = st.builds(
    SlipCode,
    design=st.from_regex(r"\A[a-z][a-z0-9]{1,4}\Z"),
    edition=st.integers(1, 99),
    serial=st.integers(0, SERIAL_MAX),
)
QR_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@given(CODES)
def test_what_is_printed_reads_back(code: SlipCode) -> None:
    """Design, edition and serial of every slip that can be printed."""
    assert SlipCode.parse(code.text()) == code


def test_people_read_a_slip_by_pad_and_number() -> None:
    """One way in findings, on pages and at the terminal: the number as it is printed under "Slip no."."""
    assert str(SlipCode(design="met", edition=1, serial=1201)) == "met-1 no. 1201"


@given(CODES)
def test_every_code_fits_the_smallest_symbol(code: SlipCode) -> None:
    """A larger symbol would have smaller modules, which a fax does not carry."""
    assert len(code.text()) <= 16  # of QR version 1 at error level Q (ISO/IEC 18004, table 7)
    assert set(code.text()) <= QR_ALPHANUMERIC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MET/1/123",
        "MET/0/0000123",
        "MET/01/0000123",
        "met/1/0000123",
        "M/1/0000123",
        "MET/1/0000123\n",
        "MET/1/\u0661000123",
        "https://clinic.example",
    ],
)
def test_other_people_s_codes_are_no_slip_codes(text: str) -> None:
    """A clinic's own sticker on the slip must not name a slip; each slip has one spelling."""
    assert SlipCode.parse(text) is None


@given(st.text(max_size=30))
def test_a_code_has_one_spelling(text: str) -> None:
    """What parses is, letter for letter, what would be printed."""
    code = SlipCode.parse(text)
    assert code is None or code.text() == text
