"""What a model refuses is said in words for people."""

from datetime import date
from typing import Any, Literal

import pytest
from pydantic import Field, ValidationError

from schemas.base import Value
from schemas.plain_words import plain, wrong_fields


class _Form(Value):
    name: str = Field(default="", min_length=2, max_length=5)
    weeks: int = Field(default=1, ge=1, le=52)
    value: float = Field(default=1, gt=0, lt=9)
    on: date = date(2026, 11, 20)
    side: Literal["left", "right"] = "left"
    goals: tuple[str, ...] = Field(default=("a",), min_length=1, max_length=2)
    needed: str = "x"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "a"}, "write at least 2 characters"),
        ({"name": "secret"}, "write at most 5 characters"),
        ({"weeks": "x"}, "write a whole number, in digits"),
        ({"weeks": "1.5"}, "write a whole number, in digits"),
        ({"weeks": 0}, "write 1 or more"),
        ({"weeks": 53}, "write 52 or less"),
        ({"value": "nan"}, "write a number, in digits"),
        ({"value": 0}, "write more than 0"),
        ({"value": 9}, "write less than 9"),
        ({"on": "soon"}, "write a date, as in 2026-11-20"),
        ({"on": "2026-11-20T10:00"}, "write a date, as in 2026-11-20"),
        ({"side": "both"}, "choose left or right"),
        ({"goals": []}, "fill in one or more"),
        ({"goals": ["a", "b", "c"]}, "enter at most 2"),
        ({"secret": "x"}, "there is no such field"),
        ({"name": {"secret": 1}}, "check what is written here"),
    ],
)
def test_each_refusal_says_what_to_write(typed: dict[str, Any], said: str) -> None:
    """ "Dictionary should have at least 1 item after validation" told nobody; and what was typed is never repeated."""
    with pytest.raises(ValidationError) as raised:
        _Form.model_validate(typed)
    assert [plain(detail) for detail in raised.value.errors()] == [said]


def test_all_fields_that_do_not_fit_are_one_sentence_without_what_was_typed() -> None:
    """On a page and in a terminal alike; the library's own words would quote it."""
    with pytest.raises(ValidationError) as wrong:
        _Form.model_validate({"name": "secret", "side": "both", "weeks": 0})
    assert wrong_fields(wrong.value) == (
        "This does not fit: name: write at most 5 characters; weeks: write 1 or more; side: choose left or right."
    )
