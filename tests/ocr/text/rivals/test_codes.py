"""A number that lacks the letter of a code goes to a person."""

import pytest

from ocr.text.rivals.codes import near_code


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("e11.9 diabetes, 110", "e11.9 diabetes, i10"),
        ("163.4 cva r hemi", "i63.4 cva r hemi"),
        ("620 pd, h&y 2.5", "g20 pd, h&y 2.5"),
        ("e11.9 diabetes, 110; recurrent falls", "e11.9 diabetes, i10; recurrent falls"),
        ("296.651", "z96.651"),
        ("htn & 150.9", "htn & i50.9"),
        ("620 moderate pd", "g20 moderate pd"),
        ("163.9 mod r hemi", "i63.9 mod r hemi"),
        ("htn (110)", "htn (i10)"),
        ("dx: 110", "dx: i10"),
    ],
)
def test_a_number_that_is_a_code_with_another_first_sign_is_told(read: str, meant: str) -> None:
    """I10 passed as 110 three times in 4,500: nothing but the list of codes tells them apart."""
    assert near_code(read) == meant


@pytest.mark.parametrize(
    "text",
    [
        "120 days post op",
        "bp 110/70",
        "r tka, 12 wks",
        "weight 210 lbs",
        "2 level fusion",
        "m54.50 low back pain",
        "r tka, 110 flexion",
        "htn, 150 systolic",
        "gabapentin, 100 mg",
        "walks, 150 feet",
        "110 lbs",
        "150.5 lbs, oa",
        "",
    ],
)
def test_other_numbers_are_no_codes(text: str) -> None:
    """Before a unit, within a measure, before another word, or of two digits."""
    assert near_code(text) is None
