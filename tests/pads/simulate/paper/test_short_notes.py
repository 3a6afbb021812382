"""Short notes lie across the box that they are drawn at, each in another hand, size and place."""

import numpy as np

from pads.simulate.paper.short_notes import CAP_MM, draw_short_note
from pads.simulate.printed_slips import PX_PER_MM
from schemas.geometry import BoxMm

BOX = BoxMm(40.0, 60.0, 3.3, 3.3)


def drawn(seed: int, box: BoxMm = BOX) -> np.ndarray:
    mask = np.zeros((1600, 1250), np.uint8)
    draw_short_note(mask, box, np.random.default_rng([seed]))
    return mask


def test_a_note_passes_its_box_and_differs_each_time() -> None:
    """One that stands elsewhere would test nothing, and one word in one hand little."""
    notes = [drawn(seed) for seed in range(6)]
    left, top, right, bottom = (
        round(edge * PX_PER_MM) for edge in (BOX.x - 3, BOX.y - 3, BOX.right + 3, BOX.bottom + 3)
    )
    assert all(note[top:bottom, left:right].any() for note in notes)
    assert len({note.tobytes() for note in notes}) == len(notes)
    assert np.array_equal(notes[0], drawn(0))


def test_a_note_is_as_high_as_handwriting_and_keeps_to_the_paper() -> None:
    """At the slip's edge it begins at the edge."""
    for seed in range(6):
        rows, columns = np.nonzero(drawn(seed, BoxMm(0.5, 60.0, 3.3, 3.3)) > 60)
        assert 0.3 * CAP_MM[0] <= np.ptp(rows) / PX_PER_MM <= 4 * CAP_MM[1]
        assert columns.min() / PX_PER_MM <= 2.5
