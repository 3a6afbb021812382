"""What a simulated scan truly says; written beside the scans as `truth.json`."""

from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import Field

from schemas.base import Value, is_empty

TRUTH_FILE = "truth.json"


class MarkStyle(StrEnum):
    """How a box is ticked on purpose."""

    TICK = "tick"
    CROSS = "cross"
    SLASH = "slash"
    FILL = "fill"
    SWEEP = "sweep"
    DASH = "dash"
    LOOP = "loop"
    SMALL = "small"


class MarkTrouble(StrEnum):
    """What stands in or at a box that nobody can call ticked or empty without asking.

    CIRCLED is its label, RINGED the box; STRUCK boxes have one stroke through them all; beside a WRITTEN one there is
    writing, but no tick.
    """

    SCRIBBLED = "scribbled"
    BESIDE = "beside"
    CIRCLED = "circled"
    RINGED = "ringed"
    FAINT = "faint"
    DOT = "dot"
    STRUCK = "struck"
    WRITTEN = "written"


class Trouble(StrEnum):
    """What went wrong while a slip was filled."""

    SCRIBBLED_BOX = "scribbled_box"
    TICK_BESIDE = "tick_beside"
    CIRCLED_LABEL = "circled_label"
    NOT_SIGNED = "not_signed"
    SMUDGE_FOR_SIGNATURE = "smudge_for_signature"
    DATE_IN_FUTURE = "date_in_future"
    OVER_THE_LINE = "over_the_line"
    SMUDGED = "smudged"


class Legibility(StrEnum):
    """How well a person reads the handwriting."""

    TYPED = "typed"
    NEAT = "neat"
    FAIR = "fair"
    MESSY = "messy"


class Channel(StrEnum):
    """The way from paper to file."""

    SCAN_300 = "scan-300"
    SCAN_300_PNG = "scan-300-png"
    SCAN_200_BW = "scan-200-bw"
    FAX_FINE = "fax-fine"
    FAX_STANDARD = "fax-standard"
    PHOTO = "photo"


class SlipTruth(Value):
    """What one slip says.

    `marks` has every box of the design: true, false, or the trouble in it; `mark_styles` those ticked. `text` has
    every field that something is written in, phones as E.164 and dates as ISO 8601; those `on_label` are typed on the
    patient label and not written. `hand` names the handwriting.
    `signed` is by whoever refers; `also_signed` names the other rooms to sign in that are.
    """

    design: str
    edition: int
    serial: int
    marks: dict[str, bool | MarkTrouble]
    mark_styles: dict[str, MarkStyle]
    signed: bool
    also_signed: tuple[str, ...] = Field(default=(), exclude_if=is_empty)
    text: dict[str, str]
    on_label: tuple[str, ...] = Field(default=(), exclude_if=is_empty)
    hand: str
    legibility: Legibility
    troubles: tuple[Trouble, ...] = ()


class PlacedSlip(Value):
    """One slip on a page.

    `corners_px` are the slip's paper corners (x, y), clockwise from its own top left, in pixels of the picture as it is
    stored, after its EXIF orientation and before its pixels are made square. `rotation_deg` is clockwise; on a photo it
    is that of the paper on the table before the camera looked at it askew.
    """

    slip: SlipTruth
    corners_px: tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
    rotation_deg: float


class ScanTruth(Value):
    """One page of one file: `page` is 1-based, `size_px` and `dpi` are (horizontal, vertical), `dpi` None on photos.

    `received_on` is the day to judge the slips by.
    """

    file: str
    page: int
    channel: Channel
    size_px: tuple[int, int]
    dpi: tuple[float, float] | None
    received_on: date
    slips: tuple[PlacedSlip, ...]


class TruthFile(Value):
    """All of `truth.json`."""

    scans: tuple[ScanTruth, ...]

    def save(self, folder: Path) -> Path:
        """Write `truth.json` in `folder`; return its path."""
        path = folder / TRUTH_FILE
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")
        return path

    @classmethod
    def load(cls, folder: Path) -> "TruthFile":
        """Read the `truth.json` of `folder`."""
        return cls.model_validate_json((folder / TRUTH_FILE).read_text(encoding="utf-8"))
