"""How far readings are from what was written."""

from training.text.errors import ErrorCount, count_errors


def test_errors_are_counted_by_group_without_capitals_and_spaces() -> None:
    """The language model settles capitals; a run of spaces is one."""
    found = count_errors([("fax", "Knee pain", "knee  pain"), ("fax", "hip", "lip"), ("scan", "gait", "")])
    assert found == {"fax": ErrorCount(1, 12, 1, 2), "scan": ErrorCount(4, 4, 0, 1)}
    assert found["scan"].rate == 1.0


def test_nothing_read_is_no_error() -> None:
    """A set without lines must not divide by nothing."""
    assert ErrorCount().rate == 0.0
