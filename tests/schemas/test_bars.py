"""Which kind a value is of, and the bar that it is judged by."""

import pytest

from schemas.acceptance import Policy, assess, bar_for
from schemas.bars import SHIPPED, Bars, ValueKind, value_kind
from schemas.reading import TextReading
from schemas.referral import Accepted, NeedsReview
from tests.schemas.examples import RECEIVED_ON, design, draft, text

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


@pytest.mark.parametrize(
    ("least", "chosen", "bar"),
    [
        (None, None, SHIPPED[ValueKind.DATE]),
        (None, 0.99, 0.99),
        (None, 0.5, SHIPPED[ValueKind.DATE]),
        (0.98, None, 0.98),
        (0.98, 0.99, 0.99),
        (0.9, None, SHIPPED[ValueKind.DATE]),
        (0.9, 0.92, 0.92),
        (0.9, 0.5, 0.9),
        (1.0, 0.92, 1.0),
    ],
)
def test_no_chosen_bar_is_looser_than_the_policy_allows(least: float | None, chosen: float | None, bar: float) -> None:
    """What an owner has set stays the least; where nothing is set, the shipped bar is it."""
    bars = Bars(chosen={} if chosen is None else {ValueKind.DATE: chosen})
    assert bar_for(ValueKind.DATE, Policy(text_confidence=least), bars) == bar


def test_a_kind_is_judged_by_its_own_bar_and_by_no_other() -> None:
    """A stricter bar for dates leaves the phrases alone."""
    read = draft(signed_on=text("03/02/26", 0.98), goals=text("stairs", 0.98))
    for kind, verdict in ((ValueKind.DATE, NeedsReview), (ValueKind.NUMBER, Accepted)):
        judged = assess(read, design(), Policy(), RECEIVED_ON, Bars(chosen={kind: 0.985}))
        assert isinstance(judged, verdict)
