"""What a long run tells of itself."""

import sys
from io import BytesIO, TextIOWrapper

import pytest

from training.progress import say


def test_a_line_is_there_as_soon_as_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training runs for hours into a log file; whoever looks into it wants to know how far it is."""
    log = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(log, "utf-8"))
    say("step 20: loss 1.234")
    assert log.getvalue() == b"step 20: loss 1.234\n"
