"""The measured error and its interval."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.quality import Share, wrong_fields
from schemas.referral import Accepted
from tests.schemas.examples import draft, verdict


@pytest.mark.parametrize(
    ("wrong", "seen", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 20, 0.0089, 0.2361), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(wrong: int, seen: int, low: float, high: float) -> None:
    """Checked against the published formula at z = 1.96; without a look anything is possible."""
    assert Share(wrong=wrong, seen=seen).interval == pytest.approx((low, high), abs=5e-4)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_a_share(counts: tuple[int, int]) -> None:
    """Never below 0, never above 1, and narrower with four times as many looks."""
    wrong, seen = counts
    part = Share(wrong=wrong, seen=seen)
    low, high = part.interval
    assert part.share is not None
    assert 0 <= low <= part.share <= high <= 1
    more = Share(wrong=4 * wrong, seen=4 * seen).interval
    assert more[1] - more[0] < high - low or math.isclose(high, low)


def test_a_box_is_a_value_of_its_own() -> None:
    """Two boxes and a name that differ are three wrong values."""
    judged = verdict(draft())
    assert isinstance(judged, Accepted)
    accepted = judged.referral
    seen = accepted.model_copy(update={"patient_name": "Ada Quille", "conditions": ("arthritis",), "services": ()})
    differing = {*accepted.conditions, *accepted.services} ^ {"arthritis"}
    assert wrong_fields(accepted, seen) == ("patient_name", *sorted(differing))
    assert wrong_fields(accepted, accepted) == ()
