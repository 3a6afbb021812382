"""Which sure values a person is asked about."""

from random import Random

from schemas.bars import ValueKind
from store.quality.looks import draw

SURE = {"signed_on": ValueKind.DATE, "goals": ValueKind.PHRASE, "diagnosis": ValueKind.PHRASE}
SHARES = {ValueKind.DATE: 0.1, ValueKind.PHRASE: 0.2}


def test_each_value_is_drawn_with_the_share_of_its_kind_wherever_it_stands() -> None:
    """Else the error of slips that wait anyway would pass for that of all."""
    chance = Random(3)  # noqa: S311 - the same draws each time
    for is_accepted in (False, True):
        drawn = [draw(SURE, SHARES, chance.random, is_accepted=is_accepted) for _ in range(4_000)]
        for name, kind in SURE.items():
            share = sum(name in asked for asked in drawn) / len(drawn)
            assert abs(share - SHARES[kind]) < 0.025


def test_a_slip_without_a_doubt_is_opened_for_several_values_or_for_none() -> None:
    """Opening it is what costs: at a share of one in five, one such slip in five is opened."""
    chance = Random(5)  # noqa: S311 - the same draws each time
    drawn = [asked for _ in range(2_000) if (asked := draw(SURE, SHARES, chance.random, is_accepted=True))]
    assert abs(len(drawn) / 2_000 - 0.2) < 0.03
    assert all({"goals", "diagnosis"} <= set(asked) for asked in drawn)


def test_nothing_sure_or_no_share_asks_nothing() -> None:
    """A studio that wants no second looks has none."""
    assert draw({}, SHARES, lambda: 0.0, is_accepted=True) == {}
    assert draw(SURE, dict.fromkeys(ValueKind, 0.0), lambda: 0.0, is_accepted=False) == {}
