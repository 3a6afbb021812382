"""What every trial by channel needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr.pages.opener import PageOpener
from ocr.reader import Reader
from pads.simulate.truth import Channel
from schemas.pad import PadDesign


@dataclass(frozen=True, eq=False)
class Trial:
    """Slips of `designs`, made from `seed` in `folder`, sent through `channel` and read."""

    channel: Channel
    designs: Sequence[PadDesign]
    seed: int
    folder: Path
    reader: Reader
    opener: PageOpener
