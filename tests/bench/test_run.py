"""What the whole bench measures."""

from pathlib import Path

import pytest

from bench.run import Plan
from pads.catalog import load_all, printable
from pads.simulate.truth import Channel
from refpad.settings import Settings
from schemas.errors import UsageError


def plan(*pads: str) -> Plan:
    return Plan([Channel.FAX_FINE], 1, 1, None, marks_only=True, whole=False, pads=pads)


def test_one_edition_is_measured_beside_another_or_all_pads_together(tmp_path: Path) -> None:
    """A new edition is held beside the one it follows; whoever names no pad has all that are printed."""
    settings = Settings(folder=tmp_path)
    assert plan().designs(settings) == printable(load_all())
    assert [str(design.pad_id) for design in plan("met-1", "post", "met-1").designs(settings)] == ["met-1", "post-1"]
    with pytest.raises(UsageError, match="mit"):
        plan("mit").designs(settings)
