"""The bar that a value is judged by."""

import pytest

from schemas.acceptance import assess
from schemas.bars import SHIPPED, Bars, ValueKind
from schemas.policy import Policy, bar_for
from schemas.referral import Accepted, NeedsReview
from tests.schemas.examples import RECEIVED_ON, design, draft, text


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
