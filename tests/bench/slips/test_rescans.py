"""Pairs of slips are counted as what they are."""

from pathlib import Path

from bench.slips.rescans import CHANNELS, RescanMaterial, measure_rescans
from pads.catalog import load_all, printable
from refpad.services.reading.file_reader import open_reader
from refpad.settings import Settings


def test_every_pair_is_counted_under_its_kind(tmp_path: Path) -> None:
    """Two patients of one pad: each first slip five times, a renewal, and one for another complaint."""
    design = printable(load_all())[0]
    with open_reader(Settings(folder=tmp_path / "data"), marks_only=True) as files:
        rows = measure_rescans(RescanMaterial((design,), 2, 5, tmp_path), files)
    channels = len(CHANNELS)
    assert [row.pairs for row in rows] == [2 * 6, 2 * 4, 2 * channels, 2 * channels, channels**2, channels**2]
    assert all(0 <= row.called_same <= row.pairs for row in rows)
