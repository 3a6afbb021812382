"""An item's id: what is typed at the command line, stands in addresses, and names one row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.item_id import ItemId, ItemKind


@given(st.builds(ItemId, st.sampled_from(ItemKind), st.integers(0, 999_999_999)))
def test_what_is_printed_is_read_back(item: ItemId) -> None:
    """One class prints and parses, so that no command or page can spell an item in its own way."""
    assert ItemId.parse(str(item)) == item


@pytest.mark.parametrize("text", ["", "12", "s", "x12", "S12", "s-1", "s 1", "s1\n", "s1234567890", "s\u0661", "ps1"])
def test_anything_else_names_no_item(text: str) -> None:
    """Also not a number that no database row can have, nor digits of another script."""
    assert ItemId.parse(text) is None


def test_an_item_says_what_it_is() -> None:
    """Sentences, audit lines and pages take the noun from here."""
    assert (str(ItemId.slip(12)), ItemId.slip(12).noun, ItemId.slip(12).is_slip) == ("s12", "slip", True)
    assert (str(ItemId.page(7)), ItemId.page(7).noun, ItemId.page(7).is_slip) == ("p7", "page", False)
