"""Probabilities and log-odds are one number in two forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.log_odds import log_odds, probability


@given(st.floats(0.001, 0.999))
def test_a_probability_comes_back_from_its_log_odds(chance: float) -> None:
    """Models add up log-odds, and people are shown probabilities."""
    assert probability(log_odds(chance, most=0.9999)) == pytest.approx(chance)


@given(st.floats(allow_nan=False))
def test_any_log_odds_are_a_probability(odds: float) -> None:
    """Measures that nobody foresaw add up to anything, and no slip is lost for it."""
    assert 0 <= probability(odds) <= 1


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_what_is_certain_has_log_odds_too(chance: float) -> None:
    """A reader says 0 or 1 where it means nearly so."""
    assert probability(log_odds(chance, most=0.999)) == pytest.approx(abs(chance - 0.001))
