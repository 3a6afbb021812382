"""Which kind a written value is of."""

import pytest

from schemas.bars import ValueKind, value_kind
from schemas.reading import TextReading
from tests.schemas.examples import design, text

KINDS = [
    ("patient_phone", ValueKind.NUMBER),
    ("signed_on", ValueKind.DATE),
    ("next_visit_on", ValueKind.DATE),
    ("patient_name", ValueKind.NAME),
    ("provider_name", ValueKind.NAME),
    ("diagnosis", ValueKind.PHRASE),
    ("other_condition", ValueKind.PHRASE),
]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_each_written_field_has_a_kind_and_an_empty_one_has_its_own(name: str, kind: ValueKind) -> None:
    """That nothing is written is right or wrong in ways of its own, and would make any kind look surer than it is."""
    field = next(field for field in design().writing if field.name == name)
    assert value_kind(field, text("x")) is kind
    assert value_kind(field, TextReading(value="", confidence=1, reader="ink")) is ValueKind.EMPTY


def test_a_closed_list_makes_a_known_name() -> None:
    """One of few is told apart far more surely than free writing."""
    field = next(field for field in design().writing if field.name == "provider_name")
    assert value_kind(field.model_copy(update={"choices": ("Dr. B. Fenn",)}), text("x")) is ValueKind.KNOWN_NAME
