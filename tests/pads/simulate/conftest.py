"""A simulated day's scans, made once, and how to look at them."""

from datetime import date
from pathlib import Path

import pytest

from pads.catalog import load_all
from pads.simulate.scenes import simulate
from pads.simulate.truth import Channel, TruthFile

TODAY = date(2026, 11, 20)
SLIPS = 30
SEED = 5


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty slips through all channels."""
    out = tmp_path_factory.mktemp("simulated")
    simulate(out, designs=load_all(), count=SLIPS, channels=list(Channel), seed=SEED, today=TODAY)
    return out


@pytest.fixture(scope="session")
def truth(folder: Path) -> TruthFile:
    return TruthFile.load(folder)
