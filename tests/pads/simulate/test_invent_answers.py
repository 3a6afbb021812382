"""Fields that only some pads have are filled too, and no others are touched by it."""

import numpy as np

from pads.catalog import find, load_all
from pads.simulate.invent_answers import invent_answers
from schemas.judging.dates import age_on
from tests.pads.simulate.conftest import TODAY
from tests.schemas.judging.test_dates import with_birth


def test_every_field_of_a_pad_has_something_to_say() -> None:
    """A slip that leaves out what the pad asks for would prove nothing of the reading."""
    rng = np.random.default_rng(3)
    born = [invent_answers(with_birth(), TODAY, rng)["birth_date"] for _ in range(50)]
    assert all(18 <= age_on(np.datetime64(day).astype(object), TODAY) <= 88 for day in born)


def test_pads_without_such_fields_are_filled_as_before() -> None:
    """Slips are drawn from a seed: one more draw would make others of all that were measured."""
    rng, untouched = np.random.default_rng(3), np.random.default_rng(3)
    assert invent_answers(find(load_all(), "met-1"), TODAY, rng) == {}
    assert rng.random() == untouched.random()


def test_a_brief_slip_leaves_out_what_a_pad_does_not_need() -> None:
    """Samples that pass without a person are filled with nothing but what must be there."""
    assert invent_answers(find(load_all(), "met-2"), TODAY, np.random.default_rng(3), brief=True) == {}
