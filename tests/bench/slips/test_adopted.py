"""A form of somebody's from its blank PDF to readings, with nothing corrected by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.slips.adopted import AdoptedMaterial, adopt_foreign, measure_adopted
from pads.simulate.foreign_form import foreign_design
from pads.simulate.truth import Channel
from refpad.services.reading.file_reader import FileReader, open_reader
from refpad.settings import Settings
from schemas.pad import PadDesign


@pytest.fixture(scope="module")
def settings_(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(folder=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def design(settings_: Settings) -> PadDesign:
    return adopt_foreign(settings_.designs, settings_)


@pytest.fixture(scope="module")
def files(settings_: Settings, design: PadDesign) -> Iterator[FileReader]:
    assert design.adopted
    with open_reader(settings_, marks_only=True) as reader:
        yield reader


def test_an_adopted_form_has_the_fields_that_are_printed_on_it(design: PadDesign) -> None:
    """Names from labels, kinds from their words, groups from what is asked for."""
    truth = foreign_design()
    born = {"birth_date"}  # which the form asks, and the simulated slips leave empty
    assert {field.name for field in design.fields} == {field.name for field in truth.fields} | born
    for field in truth.fields:
        found = design.field(field.name)
        assert found is not None
        assert (found.kind, found.group) == (field.kind, field.group)
        assert found.box_mm.overlap_mm2(field.box_mm) > 0.6 * field.box_mm.w * field.box_mm.h


@pytest.mark.parametrize("channel", [Channel.SCAN_200_BW, Channel.FAX_FINE, Channel.PHOTO])
def test_slips_of_an_adopted_form_are_read_in_their_place(channel: Channel, files: FileReader, tmp_path: Path) -> None:
    """The same promise as for refpad's own pads: never shifted, never lost."""
    (row,) = measure_adopted(AdoptedMaterial(2, 3, tmp_path), files, channels=[channel])
    assert (row.shifted, row.lost, row.extra, row.misnamed, row.boxes_wrong) == (0, 0, 0, 0, 0), row.notable
    assert row.in_place == row.slips
