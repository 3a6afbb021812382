"""What is proposed for a name in small letters, and what is left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.names.spelling import spelling_of


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("maria o'neil", "Maria O'Neil"),
        ("maria o\u2019neil", "Maria O\u2019Neil"),
        ("ian mcdonald", "Ian McDonald"),
        ("sofia san martin", "Sofia San Martin"),
        ("pat st. clair", "Pat St. Clair"),
        ("ana de la cruz", "Ana de la Cruz"),
        ("anna van der berg", "Anna van der Berg"),
        ("rosa pemberton-hart", "Rosa Pemberton-Hart"),
        ("gina d'angelo", "Gina D'Angelo"),
        ("s. kowalczyk, dc", "S. Kowalczyk, DC"),
        ("jane roe, pa-c", "Jane Roe, PA-C"),
        ("r. fenn, md, phd", "R. Fenn, MD, PhD"),
        ("john smith jr.", "John Smith Jr."),
        ("john smith iii", "John Smith III"),
        ("élodie çelik", "Élodie Çelik"),
        ("Maria o'neil", "Maria O'Neil"),
        ("minh do", "Minh Do"),
        ("yo-yo ma", "Yo-Yo Ma"),
        ("macias", "Macias"),
    ],
)
def test_a_name_in_small_letters_is_proposed_with_its_capitals(typed: str, proposed: str) -> None:
    """Letters carry names as they stand in the record."""
    assert spelling_of(typed) == proposed


@pytest.mark.parametrize(
    "name",
    ["Maria O'Neil", "MARIA O'NEIL", "Ana de la Cruz", "Vincent van der Berg", "K. d'Arcy", "", "李 明", "7"],
)
def test_a_name_with_its_capitals_is_left_alone(name: str) -> None:
    """Somebody who writes "McDONALD" or "de la Cruz" means it."""
    assert spelling_of(name) == ""


@given(st.text(alphabet="abcdmo O'-.,éñ", max_size=30))
def test_a_proposal_changes_capitals_and_nothing_else_and_is_made_once(name: str) -> None:
    """Taken, it is not followed by another; no letter is lost on the way."""
    proposed = spelling_of(name)
    if proposed:
        assert proposed.casefold() == " ".join(name.split()).casefold()
        assert spelling_of(proposed) == ""
