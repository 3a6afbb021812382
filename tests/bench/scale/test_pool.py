"""Of a pool's readings the stretch is timed in which all of them read; tests/flows/test_prefect.py has a pool read."""

import pytest

from bench.scale.pool import Stretch
from schemas.errors import UsageError


def test_what_is_read_before_all_are_at_it_does_not_count() -> None:
    """A worker that starts ten seconds after the other would make two look like one and a half."""
    stretch = Stretch(workers=2)
    stretch.note(0.0, {"first": 1}, read=0)
    stretch.note(10.0, {"first": 20, "second": 21}, read=19)
    stretch.note(11.0, {"first": 22, "second": 23}, read=22)
    stretch.note(12.0, {"first": 24, "second": 25}, read=24)
    times = stretch.times(31.0, read=62)
    assert (times.readers, times.slips, times.seconds) == (2, 40, 20.0)


def test_too_few_scans_for_all_of_them_are_told() -> None:
    """A figure of one reader under the name of two would be believed."""
    stretch = Stretch(workers=2)
    for at_s, number in enumerate(range(1, 9)):
        stretch.note(float(at_s), {"first": number}, read=number)
    with pytest.raises(UsageError, match="before 2 workers"):
        stretch.times(9.0, read=9)
