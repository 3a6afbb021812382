"""Awkward paper through files, pages and reader: the promise that no reading is shifted and no slip lost."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bench.slips.paper import PaperMaterial, measure_paper, off_mm
from ocr.registration.transform import SlipTransform
from pads.catalog import load_all
from pads.simulate.paper.kinds import KINDS, Expected, PaperKind, kind_named
from refpad.services.reading.file_reader import FileReader, open_reader
from refpad.settings import Settings

SLIPS = 2
CREASED = ("folded", "photo-fold")  # a crease through a box may look like a stroke in it


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileReader]:
    with open_reader(Settings(folder=tmp_path_factory.mktemp("data")), marks_only=True) as reader:
        yield reader


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_slip_is_read_in_its_place_or_refused_with_a_reason(
    kind: PaperKind, files: FileReader, tmp_path: Path
) -> None:
    """Torn, folded, copied, cut, blurred: a reading of the wrong place is worse than none, a lost slip as bad."""
    material = PaperMaterial(load_all(), SLIPS, 5, tmp_path)
    (row,) = measure_paper(material, files, kinds=[kind])
    assert (row.shifted, row.lost, row.extra, row.misnamed, row.mixed) == (0, 0, 0, 0, 0), row.notable
    assert row.boxes_wrong == 0 or kind.name in CREASED, row.notable
    assert row.in_place + row.refused + row.page_shown == row.slips >= SLIPS
    assert row.in_place == row.slips or kind.expected is Expected.DOUBT


@pytest.mark.parametrize("seed", range(4))
def test_no_slip_is_read_with_what_stands_on_another(seed: int, files: FileReader, tmp_path: Path) -> None:
    """One patient's name over another's telephone number would be worse than any misread letter."""
    material = PaperMaterial(load_all(), 4, seed, tmp_path)
    (row,) = measure_paper(material, files, kinds=[kind_named("half-covered")])
    assert (row.mixed, row.misnamed, row.lost) == (0, 0, 0), row.notable
    assert row.refused >= 1


def test_the_error_is_measured_in_millimeters_of_the_slip() -> None:
    """Whatever the resolution and the turn: a figure in pixels would flatter coarse scans."""
    design = load_all()[0]
    turn = np.array([[0.0, -8.0, 900.0], [8.0, 0.0, 40.0], [0.0, 0.0, 1.0]])

    def truly(mm: np.ndarray) -> np.ndarray:
        return SlipTransform(turn).px(mm + np.array([0.3, -0.4]))

    assert np.allclose(off_mm(design, SlipTransform(turn), truly, np.ones(2)), 0.5)
