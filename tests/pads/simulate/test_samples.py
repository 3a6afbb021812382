"""The sample set that everybody meets first."""

from pathlib import Path

import pytest

from pads.simulate.samples import DAMAGED, DAY, NO_SLIP, README, write_samples
from pads.simulate.truth import Channel, Trouble, TruthFile

SHIPPED = Path(__file__).parents[3] / "samples"
TOGETHER_MOST = 4_000_000  # bytes


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


def test_the_shipped_set_is_the_one_that_the_command_writes(made: Path) -> None:
    """Truth and table must not drift from the pictures: after a change run `refpad samples --out samples`."""
    assert sorted(path.name for path in SHIPPED.iterdir()) == sorted(path.name for path in made.iterdir())
    assert TruthFile.load(SHIPPED) == TruthFile.load(made)
    assert (SHIPPED / README).read_text("utf-8") == (made / README).read_text("utf-8")


def test_the_set_is_small() -> None:
    """It is in every clone."""
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < TOGETHER_MOST


def test_the_set_shows_what_arrives(made: Path) -> None:
    """Every channel, one to three slips and more on a page, upside down, unsigned, ambiguous, foreign and broken."""
    scans = TruthFile.load(made).scans
    troubles = {trouble for scan in scans for placed in scan.slips for trouble in placed.slip.troubles}
    assert {scan.channel for scan in scans} == set(Channel)
    assert {len(scan.slips) for scan in scans} >= {0, 1, 2, 3, 4}
    assert {Trouble.NOT_SIGNED, Trouble.SCRIBBLED_BOX, Trouble.CIRCLED_LABEL, Trouble.TICK_BESIDE} <= troubles
    assert any(150 < placed.rotation_deg < 210 for scan in scans for placed in scan.slips)
    assert (made / NO_SLIP).is_file()
    assert (made / DAMAGED).is_file()


def test_slips_were_signed_shortly_before_they_arrived(made: Path) -> None:
    """Nobody keeps a referral for a year."""
    signed = [placed.slip.text["signed_on"] for scan in TruthFile.load(made).scans for placed in scan.slips]
    assert "2026-11-01" < min(signed) <= max(signed) <= DAY.isoformat()
