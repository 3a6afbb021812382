"""Diagnoses as doctors write them find their ICD-10-CM codes; nothing finds nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.diagnosis import suggest
from ocr.diagnosis.codes import code_list
from ocr.diagnosis.suggest import expand_shorthand


@pytest.mark.parametrize(
    ("diagnosis", "code"),
    [
        ("L knee OA", "M17.12"),
        ("bilateral knee osteoarthritis", "M17.0"),
        ("s/p L TKA 9/14", "Z96.652"),
        ("R rotator cuff repair, 12 wks post-op", "M75.101"),
        ("frozen shoulder R", "M75.01"),
        ("LBP x 6 months", "M54.50"),
        ("lumbar DDD", "M51.36"),
        ("cervical radiculopathy", "M54.12"),
        ("sciatica L", "M54.32"),
        ("Parkinson's disease", "G20"),
        ("CVA, L hemiparesis", "I69.352"),
        ("HTN", "I10"),
        ("T2DM", "E11.9"),
        ("fibromyalgia", "M79.7"),
        ("ACL reconstruction R", "S83.511"),
        ("plantar fasciitis", "M72.2"),
        ("frequent falls", "R29.6"),
        ("osteoporosis", "M81.0"),
        ("carpal tunnel syndrome bilat", "G56.03"),
        ("scoliosis", "M41.9"),
    ],
)
def test_shorthand_with_its_side_finds_its_code(diagnosis: str, code: str) -> None:
    """Among the first three, as a person would look at them."""
    assert code in [suggestion.code for suggestion in suggest(diagnosis)]


def test_each_part_of_a_diagnosis_brings_its_best() -> None:
    """The second complaint must not be lost behind three variants of the first."""
    assert [suggestion.code for suggestion in suggest("HTN, type 2 diabetes")][:2] == ["I10", "E11.9"]


def test_a_code_that_is_written_out_comes_first() -> None:
    """Some offices print it on the slip."""
    first = suggest("Low back pain, M54.5")[0]
    assert (first.code, first.score, first.needs_more) == ("M54.5", 1.0, True)


def test_every_code_of_the_list_is_suggested_when_it_is_written() -> None:
    """Those of chapters and places that came late, too: U07.1 for COVID, and letters in the second place."""
    assert [code.code for code in code_list().codes if suggest(code.code, 1)[0].code != code.code] == []


@pytest.mark.parametrize("diagnosis", ["COVID-19", "post COVID", "s/p COVID pneumonia, deconditioning"])
def test_a_diagnosis_of_covid_has_codes(diagnosis: str) -> None:
    """Long COVID is what many are referred for."""
    assert any(suggestion.code.startswith("U0") for suggestion in suggest(diagnosis))


def test_the_other_side_is_never_suggested_before_the_written_one() -> None:
    """Left for right is the worst mistake that a code can make."""
    found = [suggestion.code for suggestion in suggest("R hip pain")]
    assert found[0] == "M25.551"
    assert "M25.552" not in found


def test_what_is_no_diagnosis_has_no_code() -> None:
    """A suggestion out of nothing is worse than none."""
    assert suggest("qwer asdf") == suggest("") == suggest("12/14") == ()


@pytest.mark.parametrize(
    ("diagnosis", "codes"),
    [
        ("LBP x 15 wks, no radiculopathy", {"M54"}),
        ("LBP no sciatica", {"M54"}),
        ("HTN, R/O stroke", {"I10", "O10"}),
        ("denies chest pain", set()),
        ("negative for fracture", set()),
        ("NO RADICULOPATHY", set()),
        ("No neuropathy but osteoporosis", {"M81", "M80"}),
    ],
)
def test_what_is_denied_or_to_be_ruled_out_has_no_code(diagnosis: str, codes: set[str]) -> None:
    """A code says that the patient has it: one click would put a radiculopathy on record that the provider denied."""
    found = suggest(diagnosis)
    assert {suggestion.code.partition(".")[0] for suggestion in found} <= codes
    assert bool(found) == bool(codes)
    assert not {"M54.1", "M54.3"} & {suggestion.code[:5] for suggestion in found}


def test_shorthand_is_spelled_out_longest_first() -> None:
    """A total knee replacement is no knee and no total."""
    words, sides = expand_shorthand("Lt total knee replacement")
    assert words == {"presence", "artificial", "knee", "joint"}
    assert sides == {"left"}


@given(st.text(max_size=40))
def test_any_text_is_survived(diagnosis: str) -> None:
    """It was read from paper: it may be anything."""
    assert len(suggest(diagnosis)) <= 3
