"""The fit of the confidence of digits."""

from dataclasses import dataclass
from typing import cast

import pytest

from ocr.text.cells.digits import Decoded, Number
from schemas.errors import UsageError
from training.confidence import ReadField, fit_confidence

TRUTH = "11092026"


@dataclass(frozen=True)
class Read:
    """A field that was read, and how surely."""

    digits: str
    share: float
    truth: str = TRUTH
    holds_no_digit: bool = False

    def decoded(self, *, by_cells_alone: bool = False) -> Decoded:
        share = self.share / 2 if by_cells_alone else self.share
        return Decoded((Number(self.digits, self.digits, share),))


def _fields(*read: Read) -> list[ReadField]:
    return cast(list[ReadField], list(read))


def test_a_surer_reading_is_likelier_right() -> None:
    """What is fitted is how much a share tells."""
    wrong = [Read("11082026", share) for share in (0.4, 0.5, 0.6)]
    _, slope = fit_confidence(_fields(*wrong, *(Read(TRUTH, share) for share in (0.7, 0.9, 0.99))))
    assert slope > 0


@pytest.mark.parametrize(("digits", "said"), [(TRUTH, "3 of 3"), ("11082026", "0 of 3")])
def test_fields_that_are_all_right_or_all_wrong_are_said_to_be_too_few(digits: str, said: str) -> None:
    """With few slips every field is read right, and a library's word for it helps nobody."""
    with pytest.raises(UsageError, match=rf"{said} fields are read right.*--slips"):
        fit_confidence(_fields(*(Read(digits, share) for share in (0.7, 0.9, 0.99))))


def test_cells_alone_are_fitted_on_what_they_tell_alone() -> None:
    """A field with a cell that holds no digit goes to the reader of lines in any case."""
    wrong = [Read("11082026", share) for share in (0.4, 0.5, 0.6)]
    right = [Read(TRUTH, share) for share in (0.7, 0.9, 0.99)]
    spoiled = [Read("11082026", 0.999, holds_no_digit=True) for _ in range(20)]
    alone = fit_confidence(_fields(*wrong, *right, *spoiled), by_cells_alone=True)
    assert alone == fit_confidence(_fields(*wrong, *right), by_cells_alone=True)
    assert alone != fit_confidence(_fields(*wrong, *right))
