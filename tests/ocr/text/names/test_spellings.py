"""Names as they are on record, and as the same people write them on slips."""

import pytest

from ocr.text.names.spellings import patient_spellings, provider_spellings


@pytest.mark.parametrize(
    ("on_record", "on_slips"),
    [
        ("Selma Finch, MD", ["Selma Finch", "Selma Finch MD", "Selma Finch, M.D.", "S. Finch, MD", "Dr. Finch"]),
        ("Dr. Selma Finch", ["Dr. Finch", "Selma Finch", "S. Finch"]),
        ("S. Calloway, DC, CCSP", ["S. Calloway DC, CCSP", "Dr. Calloway", "S. Calloway"]),
        ("Mara De Luca, PA-C", ["M. De Luca, PA-C", "Dr. De Luca", "Mara De Luca PA-C"]),
        ("Dr. Fenn", ["Dr. Fenn"]),
    ],
)
def test_a_provider_may_sign_in_several_ways(on_record: str, on_slips: list[str]) -> None:
    """With credentials or without, by an initial, as a doctor: the record has one of them."""
    assert set(on_slips) <= set(provider_spellings(on_record))
    assert provider_spellings(on_record)[0] == on_record


@pytest.mark.parametrize(
    ("on_record", "on_slips"),
    [
        ("Owen Lyle", ["Lyle, Owen"]),
        ("Lyle-Baker, Owen", ["Owen Lyle-Baker"]),
        ("Wanda C. Delaney", ["Wanda Delaney", "Delaney, Wanda", "Delaney, Wanda C."]),
        ("Mara De Luca", ["De Luca, Mara"]),
        ("Owen", []),
    ],
)
def test_a_patient_may_stand_family_name_first(on_record: str, on_slips: list[str]) -> None:
    """Offices write either, and leave middle initials out."""
    assert set(on_slips) <= set(patient_spellings(on_record))
    assert patient_spellings(on_record)[0] == on_record


@pytest.mark.parametrize("name", ["", "MD", "Dr.", ",", "A.", "Dr. MD", " , "])
def test_names_that_are_none_have_spellings_too(name: str) -> None:
    """Whatever somebody has confirmed as a name is on record, and must not end the reading of a slip."""
    assert name in provider_spellings(name)
    assert name in patient_spellings(name)
