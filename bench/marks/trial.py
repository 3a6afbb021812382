"""What every trial of one channel needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr.pages.opener import PageOpener
from ocr.reader import Reader
from pads.simulate.truth import Channel
from schemas.pad import PadDesign


@dataclass(frozen=True, eq=False)
class TrialSetup:
    """Slips of `designs`, made from `seed` in `folder`, sent through `channel` and read.

    `progress` is called with how many slips are done, and how many there are.
    """

    channel: Channel
    designs: Sequence[PadDesign]
    seed: int
    folder: Path
    reader: Reader
    opener: PageOpener
    progress: Callable[[int, int], object] = lambda done, of: None
