"""What the specialist enters: units, ranges and words that are refused before they reach a report."""

import pytest

from schemas.course import HEADING_LABELS, Assessment, EntryKind, Heading, entry_of
from schemas.errors import UsageError
from tests.schemas.entries import assessment, discharge, progress, status_change


@pytest.mark.parametrize("kind", EntryKind)
def test_the_forms_are_entries(kind: EntryKind) -> None:
    """Whoever changes a form that works ends with one that works."""
    entries = {"assessment": assessment, "progress": progress, "discharge": discharge, "status_change": status_change}
    assert entry_of(entries[kind.value]()).kind is kind


def test_a_refusal_names_fields_and_no_values() -> None:
    """Its text may end in a log."""
    with pytest.raises(UsageError) as raised:
        entry_of({"kind": "Quillfeather", "observed": "Quillfeather"})
    assert "Quillfeather" not in str(raised.value)


def test_every_heading_of_the_field_can_be_reported() -> None:
    """Function, strength, flexibility, stability, endurance, balance: in this order in each report."""
    assert list(HEADING_LABELS) == list(Heading)
    observed = {each.value: "looked at" for each in Heading}
    entry = entry_of(assessment(observed=observed))
    assert isinstance(entry, Assessment)
    assert set(entry.observed) == set(Heading)
