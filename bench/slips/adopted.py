"""Measure a form that others have printed: adopted from its blank PDF, filled, sent, found by its features, read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from bench.slips.paper import PaperRow, count_page, read_scene
from bench.slips.simulated import BENCH_DAY
from pads.catalog import load
from pads.simulate.foreign_form import draw_foreign, foreign_blank, foreign_design
from pads.simulate.paper.careless_layout import scatter
from pads.simulate.paper.kinds import PaperKind
from pads.simulate.scenes import PlannedPage, PlannedSlip, draw
from pads.simulate.truth import Channel
from refpad.services.adopt_pad import Wishes, adopt
from refpad.services.reading.file_reader import FileReader, open_reader
from refpad.settings import Settings
from schemas.pad import PadDesign
from schemas.studio import Studio

CHANNELS = (Channel.SCAN_300, Channel.SCAN_200_BW, Channel.FAX_FINE, Channel.FAX_STANDARD, Channel.PHOTO)


@dataclass(frozen=True)
class AdoptedMaterial:
    """`slips` a channel from `seed`; files go through `folder`."""

    slips: int
    seed: int
    folder: Path


def adopted_rows(
    material: AdoptedMaterial, settings: Settings, progress: Callable[[str, int], object]
) -> Iterator[PaperRow]:
    """One row a channel, with a reader that knows the form from its blank alone, beside the bundled pads."""
    apart = settings.model_copy(update={"folder": material.folder / "data"})
    adopt_foreign(apart.designs, apart)
    with open_reader(apart, marks_only=True) as files:
        yield from measure_adopted(material, files, progress)


def adopt_foreign(folder: Path, settings: Settings) -> PadDesign:
    """Adopt the simulated foreign form into `folder`, with nothing corrected by hand."""
    pdf = BytesIO()
    draw_foreign(pdf)
    folder.mkdir(parents=True, exist_ok=True)
    blank = folder / "lake.pdf"
    blank.write_bytes(pdf.getvalue())
    return load(adopt(blank, folder, settings, Wishes("lake")).design)


def measure_adopted(
    material: AdoptedMaterial,
    files: FileReader,
    progress: Callable[[str, int], object] = lambda channel, slips: None,
    channels: Sequence[Channel] = CHANNELS,
) -> Iterator[PaperRow]:
    """One row a channel; `files` must know the adopted design."""
    material.folder.mkdir(parents=True, exist_ok=True)
    design = foreign_design()
    for channel in channels:
        kind = PaperKind(f"adopted-{channel.value}", "a form that others have printed", channel, arrange=scatter)
        row = PaperRow(kind.name, kind.what)
        while row.slips < material.slips:
            rng = np.random.default_rng([material.seed, *channel.value.encode(), row.slips])
            page = PlannedPage((PlannedSlip(design, 1, paper=foreign_blank),), kind=kind)
            scene = draw(page, channel, BENCH_DAY, Studio(), rng)
            name = f"{kind.name}-{row.slips:04d}"
            count_page(row, name, scene, read_scene(kind, name, scene.picture, material.folder, files))
            progress(kind.name, len(scene.truths))
        yield row
