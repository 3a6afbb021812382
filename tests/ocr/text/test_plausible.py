"""Mistakes that two readers share, caught by what a field cannot say."""

import pytest

from ocr.text.plausible import is_plausible


@pytest.mark.parametrize(
    "name", ["Ada Okonkwo", "R. Delgado, DC", "Ana de la Cruz, DPT", "Reed-Barlow", "O'Rourke", "Zoë Ng", "F. Cho PA-C"]
)
def test_names_as_people_write_them_pass(name: str) -> None:
    """A rule that doubts true names sends every slip of theirs to a person."""
    assert is_plausible("patient_name", name)


@pytest.mark.parametrize("name", ["6. Fairbanks", "pr. Rosenthal", "Quinn underhil", "Ada | Cho", "(ada Cho"])
def test_misread_names_do_not(name: str) -> None:
    """All of these were read alike by both readers."""
    assert not is_plausible("provider_name", name)


def test_a_lone_bracket_is_a_misread_letter() -> None:
    """An L that leans over its foot looks like a bracket: "(BP" was LBP."""
    assert not is_plausible("diagnosis", "(BP, lumbar DDD")
    assert not is_plausible("diagnosis", "knee OA)")
    assert is_plausible("diagnosis", "TKA (R), 12 wks post-op")


def test_other_fields_may_say_anything_else() -> None:
    """Doctors write digits, slashes and small letters wherever they like."""
    assert is_plausible("diagnosis", "s/p L TKA 9/14, bmi 31")
    assert is_plausible("goals", "")
