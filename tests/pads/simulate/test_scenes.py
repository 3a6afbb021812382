"""Scans and their truth."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from pads.catalog import find, load_all
from pads.simulate.scenes import simulate
from pads.simulate.truth import Channel, ScanTruth, TruthFile
from schemas.pad import FIDUCIAL_IDS
from tests.pads.simulate.conftest import SEED, SLIPS, TODAY
from tests.pads.simulate.looking import fiducials, opened, seen_at, square_pixels, to_page

OFF_MOST_MM = 0.6  # a fax line is 0.26 mm, an edge of a mark is found to about one of them


def _bytes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_seed_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """A figure measured on simulated slips means something only when others can have the same slips."""
    simulate(tmp_path, designs=load_all(), count=SLIPS, channels=list(Channel), seed=SEED, today=TODAY)
    assert _bytes(tmp_path) == _bytes(folder)


def test_another_seed_writes_other_slips(truth: TruthFile, tmp_path: Path) -> None:
    """A second set must be new evidence."""
    other = simulate(tmp_path, designs=load_all(), count=4, channels=[Channel.FAX_FINE], seed=SEED + 1, today=TODAY)
    serials = {placed.slip.serial for scan in truth.scans for placed in scan.slips}
    assert serials.isdisjoint(placed.slip.serial for scan in other for placed in scan.slips)


def test_every_slip_is_there_once(truth: TruthFile) -> None:
    """Benches count on it."""
    serials = [placed.slip.serial for scan in truth.scans for placed in scan.slips]
    assert len(serials) == len(set(serials)) == SLIPS


def test_all_channels_and_designs_take_part(truth: TruthFile) -> None:
    """What is left out is never tested."""
    assert {scan.channel for scan in truth.scans} == set(Channel)
    assert {placed.slip.design for scan in truth.scans for placed in scan.slips} == {d.design for d in load_all()}


def test_the_truth_tells_the_size_of_the_picture(folder: Path, truth: TruthFile) -> None:
    """Corners in pixels mean nothing without it."""
    assert [opened(folder, scan).size for scan in truth.scans] == [scan.size_px for scan in truth.scans]


@pytest.mark.parametrize("channel", list(Channel))
def test_the_corners_told_are_those_seen(folder: Path, truth: TruthFile, channel: Channel) -> None:
    """Every corner mark that is seen lies where the truth puts it, and nearly all marks are seen."""
    for scan in (one for one in truth.scans if one.channel is channel):
        off_mm, wanted = _distances_mm(folder, scan)
        assert len(off_mm) >= 0.9 * wanted, scan.file
        assert max(off_mm) <= OFF_MOST_MM, scan.file


def _distances_mm(folder: Path, scan: ScanTruth) -> tuple[list[float], int]:
    """How far each corner mark seen lies from the nearest place of its number, and how many there should be."""
    gray, stretch = square_pixels(opened(folder, scan), scan)
    places = {number: [] for number in FIDUCIAL_IDS}
    px_per_mm = 1.0
    for placed in scan.slips:
        design = find(load_all(), f"{placed.slip.design}-{placed.slip.edition}")
        matrix = to_page(placed, design)
        for number, box in zip(FIDUCIAL_IDS, design.fiducials_mm(), strict=True):
            corners = seen_at(matrix, box) * [1, stretch]
            px_per_mm = float(np.hypot(*(corners[1] - corners[0])) / box.w)
            places[number].append(corners)
    off = [
        min(float(np.hypot(*(place - seen).T).mean()) for place in places[number]) / px_per_mm
        for number, seen in fiducials(gray)
    ]
    return off, sum(map(len, places.values()))


def test_slips_lie_every_way_up(truth: TruthFile) -> None:
    """People drop paper as it comes."""
    quarters = {round(placed.rotation_deg / 90) % 4 for scan in truth.scans for placed in scan.slips}
    assert quarters == {0, 1, 2, 3}


def test_as_many_slips_lie_on_a_page_as_asked(tmp_path: Path) -> None:
    """The last page may have fewer."""
    scans = simulate(
        tmp_path, designs=load_all(), count=7, channels=[Channel.FAX_STANDARD], seed=1, today=TODAY, per_page=3
    )
    assert [len(scan.slips) for scan in scans] == [3, 3, 1]


def test_pages_go_into_one_file_where_it_can_hold_them(tmp_path: Path) -> None:
    """A PNG has one page, whatever is asked for."""
    channels = [Channel.SCAN_200_BW, Channel.SCAN_300_PNG]
    scans = simulate(
        tmp_path, designs=load_all(), count=4, channels=channels, seed=1, today=TODAY, per_page=1, pages_per_file=3
    )
    assert [(Path(scan.file).suffix, scan.page) for scan in scans] == [
        (".tif", 1),
        (".tif", 2),
        (".tif", 3),
        (".png", 1),
    ]
