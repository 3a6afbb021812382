"""Other words in place of those that were read: the same kind, and never one of them."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pads.simulate import words
from pads.simulate.stand_in.other_words import NO_DATE, RECEIVED_ON, OtherWords, words_of
from schemas.fields.meaning import meaning_of
from schemas.geometry import BoxMm
from schemas.pad import FieldKind, TextField

CAME = date(2026, 11, 20)


def field(name: str, **more: object) -> TextField:
    box = {"label": name, "box_mm": BoxMm(10, 10, 80, 8), "lines": 1}
    return TextField.model_validate({"name": name, **box, **more})


def other(seed: int, avoid: frozenset[str] = frozenset()) -> OtherWords:
    return OtherWords(avoid, CAME, "US", np.random.default_rng(seed))


@given(
    st.sampled_from(["patient_name", "provider_name", "diagnosis", "goals", "hobby"]), st.integers(0, 999), st.data()
)
def test_no_word_of_the_slip_comes_back(name: str, seed: int, data: st.DataObject) -> None:
    """Somebody is called as one of the invented people is, and has what they have."""
    known = (*words.FIRST_NAMES, *words.LAST_NAMES, *words.DIAGNOSES, *words.GOALS, *words.OTHERS)
    said = " ".join(data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=30)))
    written = other(seed, words_of([said])).instead_of(field(name), said, is_right=True)
    assert written
    assert words_of([written]) & words_of([said]) == set()


def test_a_name_stands_for_a_name_of_about_its_length() -> None:
    """A long name doubts otherwise than a short one; capitals are read otherwise than small letters."""
    longer, short = (other(3).instead_of(field("patient_name"), said, is_right=True) for said in ("X" * 20, "Bo Ng"))
    assert longer.isupper()
    assert abs(len(longer) - 20) <= 3 > abs(len(short) - 5)


@pytest.mark.parametrize(
    ("name", "away", "least", "most"),
    [
        ("signed_on", -5, -60, 0),
        ("signed_on", 12, 1, 30),
        ("signed_on", -400, -730, -366),
        ("next_visit_on", 40, 31, 90),
    ],
)
def test_a_day_is_as_far_off_as_the_true_one_and_another(name: str, away: int, least: int, most: int) -> None:
    """What is doubted in a date is how far off it is; the date itself tells of somebody."""
    said = (CAME + timedelta(days=away)).isoformat()
    days = [date.fromisoformat(other(seed).instead_of(field(name), said, is_right=True)) for seed in range(20)]
    assert all(least <= (day - RECEIVED_ON).days <= most for day in days)
    assert len(set(days)) > 5


def test_who_is_old_is_old_in_the_stand_in_and_nobody_is_ninety_one_exactly() -> None:
    """An age over 89 tells who it is where few are as old: of these only that they are over 89 is told."""
    born = field("birth_date")
    years = [
        (RECEIVED_ON - date.fromisoformat(other(seed).instead_of(born, "1935-05-05", is_right=True))).days / 365.25
        for seed in range(40)
    ]
    assert 89.9 < min(years) < 93 < 105 < max(years) < 111.1


@pytest.mark.parametrize(
    ("kind", "right", "wrong"), [("npi", "1234567893", "1"), ("icd10", "M17.11", "?"), ("phone", "212 555 0142", "12")]
)
def test_what_means_something_means_something_else_and_what_does_not_does_not(
    kind: str, right: str, wrong: str
) -> None:
    """An invalid code must be doubted as one, and a valid one not."""
    asked = field("patient_phone") if kind == "phone" else field("own", holds=kind)
    assert asked.content is FieldKind(kind)
    told = other(1).instead_of(asked, right, is_right=True)
    assert told != right
    assert not meaning_of(asked, told, CAME, "US").problem
    assert meaning_of(asked, other(1).instead_of(asked, wrong, is_right=False), CAME, "US").problem


def test_a_date_that_is_none_stays_none() -> None:
    """It is written as one all the same: thirteen for the month."""
    assert other(1).instead_of(field("signed_on"), "02/30/26", is_right=False) == NO_DATE
