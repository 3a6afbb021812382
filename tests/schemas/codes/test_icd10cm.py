"""Codes of ICD-10-CM: their form, and whether there is such a code."""

import pytest

from schemas.codes.icd10cm import as_code, code_problem


@pytest.mark.parametrize(
    ("written", "code"), [("m17 11", "M17.11"), ("M17.11", "M17.11"), ("i10", "I10"), ("S83511A", "S83.511A")]
)
def test_a_code_is_known_however_it_is_written(written: str, code: str) -> None:
    """Capitals, spaces and the point are matters of the hand."""
    assert as_code(written) == code
    assert code_problem(written) == ""


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("M17.99", "ICD-10-CM has no code M17.99"),
        ("17.11", "it does not read as a letter, two characters, and up to four behind a point"),
        ("M1", "it does not read as a letter, two characters, and up to four behind a point"),
        ("S99.999Q1", "it does not read as a letter, two characters, and up to four behind a point"),
        ("S83.919A", "ICD-10-CM has no code S83.919A"),
    ],
)
def test_what_is_no_code_is_told_apart_from_what_only_looks_like_one(written: str, problem: str) -> None:
    """A person looks for a misread sign, or for another field's writing."""
    assert code_problem(written) == problem


@pytest.mark.parametrize("written", ["W19.XXXA", "V43.52XA", "T14.90XA"])
def test_what_the_list_does_not_have_is_taken_at_its_word(written: str) -> None:
    """Causes of injury and seventh characters are not in the list: a doubt about each would be one too many."""
    assert code_problem(written) == ""
