"""What is told of an unforeseen error: kind and place, and never its text."""

import pytest

from schemas.errors import MachineError
from schemas.internal_error import NOT_OF_ONE_SLIP, internal_error
from schemas.reading import CodeSuggestion
from schemas.reasons import PAPER, FindingCode


@pytest.mark.parametrize("quoted", ["Ada Quill", "(212) 555-0142"])
def test_what_an_error_quotes_is_not_told(quoted: str) -> None:
    """Errors of libraries quote the value that they choke on, and that may be a patient's."""
    with pytest.raises(ValueError, match="validation") as caught:
        CodeSuggestion(code=quoted, description="", needs_more=False, score=1)
    finding = internal_error(caught.value)
    assert finding.code is FindingCode.INTERNAL_ERROR
    assert quoted not in finding.model_dump_json()
    assert "ValidationError at " in finding.detail


def test_it_ends_when_a_person_has_looked() -> None:
    """A person reads the slip instead: the error says nothing about what is written."""
    assert FindingCode.INTERNAL_ERROR in PAPER


def test_a_broken_machine_is_not_of_one_slip() -> None:
    """Every later slip would fail alike: the file waits for a machine that is whole."""
    assert issubclass(MachineError, NOT_OF_ONE_SLIP)
    assert issubclass(MemoryError, NOT_OF_ONE_SLIP)
    assert not issubclass(OSError, NOT_OF_ONE_SLIP)
