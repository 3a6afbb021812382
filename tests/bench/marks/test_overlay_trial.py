"""Stamps, notes, rings, loops and lines over filled slips, sent through a channel and counted."""

from bench.marks.overlay_trial import try_overlays
from bench.marks.report import overlay_rows
from bench.marks.trial import TrialSetup
from pads.simulate.paper.overlays import CANCELING, Overlay
from schemas.reading import MarkState


def test_each_overlay_is_counted_with_what_became_of_boxes_and_slip(trial: TrialSetup) -> None:
    """What such ink does is seen apart for each kind, and beside it what the doubt costs."""
    tried = try_overlays(trial, len(Overlay))
    everything = tuple(Overlay)
    assert set(tried.slips) == set(Overlay)
    assert tried.of(everything, True) >= len(Overlay)
    assert tried.wrong(everything) <= 0.02 * tried.decided(everything)
    assert tried.of(everything, False, MarkState.AMBIGUOUS) >= len(Overlay)
    asked = {overlay for overlay, slips in tried.canceled.items() if slips}
    assert asked == CANCELING - {Overlay.PENCIL_LINE}  # a fax leaves nothing of a pale pencil
    rows = list(overlay_rows([tried]))
    assert [row["overlay"] for row in rows] == [*(overlay.value for overlay in Overlay), "all, fax-fine"]
