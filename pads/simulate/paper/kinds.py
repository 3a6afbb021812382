"""Awkward paper by name: each kind says what was done to slip, page or camera, and how it is expected to be read."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pads.simulate.channels import fax
from pads.simulate.channels.photo import STEADY, Camera
from pads.simulate.displacement import Move, no_move
from pads.simulate.paper import careless_layout, page_damage, slip_damage
from pads.simulate.paper.careless_layout import Arrange
from pads.simulate.paper.page_damage import PageDamage
from pads.simulate.paper.slip_damage import Rgb, Slip
from pads.simulate.truth import Channel
from schemas.errors import UsageError
from schemas.pad import PadDesign

SlipDamage: TypeAlias = Callable[[Slip, PadDesign, np.random.Generator], Move]
PaperStock: TypeAlias = Callable[[NDArray[np.uint8], np.random.Generator], NDArray[np.uint8]]


class Expected(StrEnum):
    """How slips of a kind may be read: `read`: nearly all in their right place; `doubt`: many only with a finding."""

    READ = "read"
    DOUBT = "doubt"


@dataclass(frozen=True)
class PaperKind:
    """One kind of awkward paper. None leaves a step as the channel always does it.

    `slips` is the least and most on a page; `stock` prints the form (H, W) on paper (H, W, 3), `inks` are the pens',
    `slip_damage` is done to each filled slip, `page_damage` to the page, `dirt` to the fax as it arrives; `suffix` is
    the file's, if not the channel's.
    """

    name: str
    what: str
    channel: Channel
    slips: tuple[int, int] = (1, 1)
    expected: Expected = Expected.READ
    stock: PaperStock | None = None
    inks: tuple[Rgb, ...] | None = None
    slip_damage: SlipDamage | None = None
    arrange: Arrange | None = None
    page_damage: PageDamage | None = None
    dirt: fax.Dirt | None = None
    camera: Camera = STEADY
    suffix: str | None = None


def _lose_marks(count: int) -> SlipDamage:
    def harmed(slip: Slip, design: PadDesign, rng: np.random.Generator) -> Move:
        slip_damage.lose_marks(slip, design, rng, count)
        return no_move

    return harmed


def _in_place(act: Callable[[Slip, np.random.Generator], None]) -> SlipDamage:
    def harmed(slip: Slip, design: PadDesign, rng: np.random.Generator) -> Move:
        act(slip, rng)
        return no_move

    return harmed


def _highlight(slip: Slip, design: PadDesign, rng: np.random.Generator) -> Move:
    slip_damage.highlight(slip, design, rng)
    return no_move


def _crease(slip: Slip, design: PadDesign, rng: np.random.Generator) -> Move:
    folded, move = slip_damage.crease(slip, rng)
    np.copyto(slip, folded)
    return move


SCAN, BW, FINE, COARSE, PHOTO = (
    Channel.SCAN_300, Channel.SCAN_200_BW, Channel.FAX_FINE, Channel.FAX_STANDARD, Channel.PHOTO,
)  # fmt: skip
DARK = Camera(light=(0.16, 0.34), noise=9.0)
ASKEW = Camera(tilt=0.24)
SHADED = Camera(shade=(0.25, 0.5), shade_edge=(1, 5), shaded_share=1.0)
SHAKEN = Camera(shake_px=(3, 14), shaken_share=1.0)
UNFOCUSED = Camera(focus_px=(3, 12))
FAR = Camera(long_px=1000)
TINY = Camera(long_px=520)

KINDS: tuple[PaperKind, ...] = (
    PaperKind("anyhow", "1 to 4 slips, each at its own turn", SCAN, (1, 4), arrange=careless_layout.scatter),
    PaperKind("anyhow-fax", "the same, faxed", FINE, (1, 4), arrange=careless_layout.scatter),
    PaperKind("touching", "2 to 4 slips edge to edge", SCAN, (2, 4), arrange=careless_layout.edge_to_edge),
    PaperKind("overlapping", "a slip over 4 to 14 mm of another", SCAN, (2, 2), Expected.DOUBT,
         arrange=careless_layout.overlapping),
    PaperKind("half-covered", "a slip over 20 to 80 mm of another", SCAN, (2, 2), Expected.DOUBT,
         arrange=careless_layout.half_covered),
    PaperKind("page-cut", "2 to 35 mm beyond the glass", SCAN, expected=Expected.DOUBT,
         arrange=careless_layout.beyond_glass),
    PaperKind("torn-corner", "a corner torn off", SCAN, slip_damage=_in_place(slip_damage.tear_corner)),
    PaperKind("dog-ear", "a corner folded over", SCAN, slip_damage=_in_place(slip_damage.fold_corner)),
    PaperKind("one-mark-gone", "1 corner mark covered", SCAN, (1, 2), slip_damage=_lose_marks(1)),
    PaperKind("two-marks-gone", "2 corner marks covered", SCAN, (1, 2), slip_damage=_lose_marks(2)),
    PaperKind("two-marks-gone-fax", "the same, faxed coarsely", COARSE, (1, 2), slip_damage=_lose_marks(2)),
    PaperKind("three-marks-gone", "3 corner marks covered", SCAN, (1, 2), slip_damage=_lose_marks(3)),
    PaperKind("all-marks-gone", "no corner mark left", SCAN, (1, 2), slip_damage=_lose_marks(4)),
    PaperKind("staple", "a staple and its shadow at a corner", SCAN, slip_damage=_in_place(slip_damage.staple)),
    PaperKind("ring-holes", "punched for a ring binder", SCAN, slip_damage=_in_place(slip_damage.punch)),
    PaperKind("highlighter", "fields gone over with a highlighter", SCAN, slip_damage=_highlight),
    PaperKind("colored", "colored paper, print and pen", SCAN, (1, 2), stock=slip_damage.print_in_color,
         inks=slip_damage.PEN_INKS),
    PaperKind("colored-bw", "the same, scanned in black and white", BW, (1, 2), Expected.DOUBT,
         stock=slip_damage.print_in_color,
         inks=slip_damage.PEN_INKS),
    PaperKind("copied-twice", "a photocopy of a photocopy", SCAN, (1, 2), page_damage=page_damage.photocopy_twice),
    PaperKind("copied-fax", "the same, faxed", FINE, (1, 2), page_damage=page_damage.photocopy_twice),
    PaperKind("print-scale", "printed at 90 to 110 %", SCAN, (1, 2), arrange=careless_layout.other_size),
    PaperKind("fax-squeeze", "height and width scaled apart", COARSE, (1, 2), page_damage=page_damage.squeeze),
    PaperKind("fax-specks", "single dots strewn over the whole page", FINE, (1, 2), dirt=fax.strew),
    PaperKind("fax-streak", "a line down the page, from dirt on the sender's glass", FINE, (1, 2), dirt=fax.streak),
    PaperKind("fax-streak-coarse", "the same, faxed coarsely", COARSE, (1, 2), dirt=fax.streak),
    PaperKind("feed-jump", "0.5 to 5 mm lost or repeated by a feeder", SCAN, expected=Expected.DOUBT,
         page_damage=page_damage.jerk_feed),
    PaperKind("folded", "folded once, its parts up to 0.7 mm apart", SCAN, expected=Expected.DOUBT,
         slip_damage=_crease),
    PaperKind("photo-low-light", "a photo in the dark", PHOTO, expected=Expected.DOUBT, camera=DARK),
    PaperKind("photo-askew", "a photo from the side", PHOTO, expected=Expected.DOUBT, camera=ASKEW),
    PaperKind("photo-shadow", "a photo under a hard shadow", PHOTO, camera=SHADED),
    PaperKind("photo-curl", "a photo of curled paper", PHOTO, expected=Expected.DOUBT, page_damage=page_damage.curl),
    PaperKind("photo-fold", "a photo of a folded slip", PHOTO, expected=Expected.DOUBT, slip_damage=_crease),
    PaperKind("photo-shaken", "a photo blurred by 6 to 28 px of motion", PHOTO, expected=Expected.DOUBT, camera=SHAKEN),
    PaperKind("photo-unfocused", "a photo out of focus", PHOTO, expected=Expected.DOUBT, camera=UNFOCUSED),
    PaperKind("photo-far", "a photo of 1,000 px", PHOTO, expected=Expected.DOUBT, camera=FAR),
    PaperKind("photo-tiny", "a photo of 520 px", PHOTO, expected=Expected.DOUBT, camera=TINY),
    PaperKind("photo-heic", "a photo as HEIC", PHOTO, suffix=".heic"),
)  # fmt: skip


def kind_named(name: str) -> PaperKind:
    """The kind of this name; UsageError lists what there is."""
    found = next((kind for kind in KINDS if kind.name == name), None)
    if found is None:
        raise UsageError(f'There is no paper "{name}"; there are: {", ".join(kind.name for kind in KINDS)}.')
    return found
