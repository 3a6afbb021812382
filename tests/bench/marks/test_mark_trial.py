"""Marks of every kind, drawn, sent through a channel and counted."""

from bench.marks.mark_trial import EMPTY, try_marks
from bench.marks.report import mark_rows
from bench.marks.trial import TrialSetup
from pads.simulate.truth import MarkStyle, MarkTrouble
from schemas.reading import MarkState


def test_plain_marks_are_called_right_and_troubled_boxes_hardly_ever(trial: TrialSetup) -> None:
    """Each kind is counted apart, so that a weakness shows."""
    tried = try_marks(trial, 14)
    assert tried.of(EMPTY, MarkState.CHECKED) == 0
    assert sum(tried.of(style.value, MarkState.UNCHECKED) for style in MarkStyle) == 0
    assert sum(tried.of(style.value) for style in MarkStyle) >= 15
    troubled = sum(tried.of(trouble.value) for trouble in MarkTrouble)
    assert troubled >= 14
    assert sum(tried.of(trouble.value, MarkState.AMBIGUOUS) for trouble in MarkTrouble) >= 0.9 * troubled
    assert tried.of(MarkTrouble.FAINT.value) == 0  # a fax leaves nothing of it to read
    (empty, *_), *_ = (list(row.values()) for row in mark_rows([tried]))
    assert empty == EMPTY
