"""The base of every value that crosses a border: frozen, and closed to unknown fields."""

from pydantic import BaseModel, ConfigDict


def is_empty(value: object) -> bool:
    """Whether a field may be left out of what is kept: records of before there was such a field have none."""
    return value is None or value in ({}, ())


class Value(BaseModel):
    """An immutable Pydantic model that refuses fields it does not know, and numbers that are none (nan, inf).

    Error texts never repeat the offending input: a value may be a patient's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)
