"""An unforeseen error in one slip costs that slip alone: it becomes a finding, and a person reads the slip instead."""

from schemas.errors import RefpadError, kind_and_place
from schemas.reading import Finding
from schemas.reasons import FindingCode

# What no other slip would survive either: a machine that lacks a part, and one without memory.
NOT_OF_ONE_SLIP = (RefpadError, MemoryError)


def internal_error(error: Exception) -> Finding:
    """The finding of a slip that could not be read; of the error it tells the kind and the place, never the text."""
    detail = f"This could not be read because of an internal error ({kind_and_place(error)}); please report it."
    return Finding(code=FindingCode.INTERNAL_ERROR, detail=detail)
