"""What lies on a line that nobody signed."""

from bench.marks.unsigned_lines import DRAWN, Unsigned


def test_every_kind_of_unsigned_line_is_drawn() -> None:
    """A kind without a drawing would be counted as never wrong."""
    assert set(DRAWN) == set(Unsigned)
