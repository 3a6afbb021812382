"""People's strokes as rows of writing."""

import numpy as np
import pytest

from tests.training.text.conftest import PLAIN
from training.text.hands.people import person_hands
from training.text.hands.rows import inked_width
from training.text.hands.strokes import PenWriter


def test_a_text_is_spelled_in_the_persons_letters_as_far_as_it_fits(writer: PenWriter) -> None:
    """What the label says must stand there, to the last letter, and nothing beyond the field."""
    hand = person_hands({"abc/anna": writer})["abc/anna"]
    rng = np.random.default_rng(1)
    long = hand.spell("s/p tka 9-14", 5000, PLAIN, 4, rng)
    short = hand.spell("s/p tka 9-14", 420, PLAIN, 4, rng)
    assert long is not None
    assert short is not None
    assert long.text == "S/P TKA 9-14"
    assert short.text == "S/P TKA"
    assert inked_width(short.ink) < 440 < inked_width(long.ink)


def test_letters_that_a_person_did_not_write_are_lent_by_others(writer: PenWriter) -> None:
    """Few people wrote every sign; without it a date would be spelled without its strokes."""
    lender = PenWriter(letters={"&": writer.letters["A"]})
    hand = person_hands({"abc/anna": writer, "abc/ben": lender})["abc/anna"]
    row = hand.spell("A & B", 5000, PLAIN, 4, np.random.default_rng(1))
    assert row is not None
    assert row.text == "A & B"
    alone = person_hands({"abc/anna": writer})["abc/anna"].spell("A & B", 5000, PLAIN, 4, np.random.default_rng(1))
    assert alone is not None
    assert alone.text == "A B"


def test_who_wrote_lines_and_words_gives_them_with_their_labels(writer: PenWriter) -> None:
    """Real joins between letters are in people's own words only."""
    hand = person_hands({"abc/anna": PenWriter(writer.lines, writer.words)})["abc/anna"]
    rng = np.random.default_rng(2)
    texts = {row.text for _ in range(20) if (row := hand.write("fall risk", 2000, PLAIN, 4, rng))}
    assert texts == {"mum mum", "nun"}
    assert hand.write("fall risk", 60, PLAIN, 4, rng) is None


@pytest.mark.parametrize("pen_px", [3.0, 6.0])
def test_rows_stand_on_their_baseline(writer: PenWriter, pen_px: float) -> None:
    """A row is laid on its rule by its baseline: letters that hang elsewhere would be cut off or parted wrongly."""
    row = person_hands({"abc/anna": writer})["abc/anna"].spell("HELEN", 5000, PLAIN, pen_px, np.random.default_rng(3))
    assert row is not None
    rows = np.flatnonzero((row.ink > 128).any(axis=1))
    assert rows[-1] == pytest.approx(row.baseline, abs=0.25 * PLAIN.cap_px)
    assert rows[-1] - rows[0] == pytest.approx(PLAIN.cap_px, rel=0.35)
