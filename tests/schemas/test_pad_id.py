"""A pad is called the same in files, addresses, the store and sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.pad_id import PadId

DESIGNS = st.from_regex(r"[a-z][a-z0-9]{1,4}", fullmatch=True)


@given(DESIGNS, st.integers(1, 99))
def test_what_a_pad_is_called_names_that_pad(design: str, edition: int) -> None:
    """A slip read as another pad than a person said would put every word in the wrong place."""
    pad = PadId(design, edition)
    assert PadId.parse(str(pad)) == pad


@given(st.one_of(st.text(max_size=9), st.from_regex(r"[a-z0-9]{1,6}-?[0-9]{0,3}\n?", fullmatch=True)))
def test_a_pad_has_one_spelling(text: str) -> None:
    """Two names for one pad would be two pads to whatever compares them."""
    pad = PadId.parse(text)
    assert pad is None or str(pad) == text


@pytest.mark.parametrize(
    "text",
    ["", "met", "met-", "met-0", "met-01", "met-100", "MET-1", "m-1", "metric-1", "met-1-1", "met-\u0661"],
)
def test_what_is_no_pad_s_name_names_none(text: str) -> None:
    """Whoever typed it is asked again, instead of being given some pad."""
    assert PadId.parse(text) is None


def test_pads_sort_by_design_and_then_by_edition() -> None:
    """As text, met-10 would come before met-9."""
    assert sorted([PadId("post", 1), PadId("met", 10), PadId("met", 9)]) == [
        PadId("met", 9), PadId("met", 10), PadId("post", 1)
    ]  # fmt: skip
