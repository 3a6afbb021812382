"""Time spent adds up, over stages and over pages."""

import pytest

from schemas.time_spent import Spent, Stage, spending, summed


def test_what_was_spent_adds_up_by_stage() -> None:
    """A stage that one page did not reach stays as the other left it."""
    first, second = Spent(seconds=1.5, count=2), Spent(seconds=0.25, count=1)
    assert summed({"open": first, "text": second}, {"open": second}) == {
        "open": Spent(seconds=1.75, count=3),
        "text": second,
    }
    assert summed() == {}


def test_time_that_ended_in_an_error_was_spent_all_the_same() -> None:
    """A page that fails slowly would be missing where somebody looks for what is slow."""
    spent: dict[Stage, Spent] = {}
    with pytest.raises(ValueError, match=r"^$"), spending(spent, "find"):
        raise ValueError
    with spending(spent, "find"):
        pass
    assert spent["find"].count == 2
    assert spent["find"].seconds >= 0
