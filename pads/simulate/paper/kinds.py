"""Awkward paper by name: each kind says what was done to slip, page or camera, and what its picture may come to."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pads.simulate.channels.photo import STEADY, Camera
from pads.simulate.displacement import Move, stay
from pads.simulate.paper import careless_layout, page_damage, slip_damage
from pads.simulate.paper.careless_layout import Arrange
from pads.simulate.paper.page_damage import Pass
from pads.simulate.paper.slip_damage import Rgb, Slip
from pads.simulate.truth import Channel
from schemas.errors import UsageError
from schemas.pad import PadDesign

Harm: TypeAlias = Callable[[Slip, PadDesign, np.random.Generator], Move]
Stock: TypeAlias = Callable[[NDArray[np.uint8], np.random.Generator], NDArray[np.uint8]]


class Hope(StrEnum):
    """What may come of slips of a kind: `read`: nearly all in their right place; `doubt`: many only with a finding."""

    READ = "read"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Kind:
    """One kind of awkward paper. None leaves a step as the channel always does it.

    `slips` is the least and most on a page; `stock` prints the form (H, W) on paper (H, W, 3), `inks` are the pens',
    `harm` befalls each filled slip, `passes` the page; `suffix` is the file's, where it is not the channel's.
    """

    name: str
    what: str
    channel: Channel
    slips: tuple[int, int] = (1, 1)
    hope: Hope = Hope.READ
    stock: Stock | None = None
    inks: tuple[Rgb, ...] | None = None
    harm: Harm | None = None
    arrange: Arrange | None = None
    passes: Pass | None = None
    camera: Camera = STEADY
    suffix: str | None = None


def _lost(count: int) -> Harm:
    def harmed(slip: Slip, design: PadDesign, rng: np.random.Generator) -> Move:
        slip_damage.lose_marks(slip, design, rng, count)
        return stay

    return harmed


def _in_place(act: Callable[[Slip, np.random.Generator], None]) -> Harm:
    def harmed(slip: Slip, design: PadDesign, rng: np.random.Generator) -> Move:
        act(slip, rng)
        return stay

    return harmed


def _highlighted(slip: Slip, design: PadDesign, rng: np.random.Generator) -> Move:
    slip_damage.highlight(slip, design, rng)
    return stay


def _creased(slip: Slip, design: PadDesign, rng: np.random.Generator) -> Move:
    folded, move = slip_damage.creased(slip, rng)
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

KINDS: tuple[Kind, ...] = (
    Kind("anyhow", "1 to 4 slips, each at its own turn", SCAN, (1, 4), arrange=careless_layout.anyhow),
    Kind("anyhow-fax", "the same, faxed", FINE, (1, 4), arrange=careless_layout.anyhow),
    Kind("touching", "2 to 4 slips edge to edge", SCAN, (2, 4), arrange=careless_layout.touching),
    Kind("overlapping", "a slip over 4 to 14 mm of another", SCAN, (2, 2), Hope.DOUBT,
         arrange=careless_layout.overlapping),
    Kind("half-covered", "a slip over 20 to 80 mm of another", SCAN, (2, 2), Hope.DOUBT,
         arrange=careless_layout.half_covered),
    Kind("page-cut", "2 to 35 mm beyond the glass", SCAN, hope=Hope.DOUBT, arrange=careless_layout.over_the_edge),
    Kind("torn-corner", "a corner torn off", SCAN, harm=_in_place(slip_damage.tear_corner)),
    Kind("dog-ear", "a corner folded over", SCAN, harm=_in_place(slip_damage.fold_corner)),
    Kind("one-mark-gone", "1 corner mark covered", SCAN, (1, 2), harm=_lost(1)),
    Kind("two-marks-gone", "2 corner marks covered", SCAN, (1, 2), harm=_lost(2)),
    Kind("two-marks-gone-fax", "the same, faxed coarsely", COARSE, (1, 2), harm=_lost(2)),
    Kind("three-marks-gone", "3 corner marks covered", SCAN, (1, 2), harm=_lost(3)),
    Kind("all-marks-gone", "no corner mark left", SCAN, (1, 2), harm=_lost(4)),
    Kind("staple", "a staple and its shadow at a corner", SCAN, harm=_in_place(slip_damage.staple)),
    Kind("ring-holes", "punched for a ring binder", SCAN, harm=_in_place(slip_damage.punch)),
    Kind("highlighter", "fields gone over with a highlighter", SCAN, harm=_highlighted),
    Kind("coloured", "coloured paper, print and pen", SCAN, (1, 2), stock=slip_damage.printed_in_color,
         inks=slip_damage.PEN_INKS),
    Kind("coloured-bw", "the same, scanned in black and white", BW, (1, 2), Hope.DOUBT,
         stock=slip_damage.printed_in_color,
         inks=slip_damage.PEN_INKS),
    Kind("copied-twice", "a photocopy of a photocopy", SCAN, (1, 2), passes=page_damage.copied_twice),
    Kind("copied-fax", "the same, faxed", FINE, (1, 2), passes=page_damage.copied_twice),
    Kind("print-scale", "printed at 90 to 110 %", SCAN, (1, 2), arrange=careless_layout.other_size),
    Kind("fax-squeeze", "height and width scaled apart", COARSE, (1, 2), passes=page_damage.squeezed),
    Kind("feed-jump", "0.5 to 5 mm lost or repeated by a feeder", SCAN, hope=Hope.DOUBT, passes=page_damage.jerked),
    Kind("folded", "folded once, its parts up to 0.7 mm apart", SCAN, hope=Hope.DOUBT, harm=_creased),
    Kind("photo-low-light", "a photo in the dark", PHOTO, hope=Hope.DOUBT, camera=DARK),
    Kind("photo-askew", "a photo from the side", PHOTO, hope=Hope.DOUBT, camera=ASKEW),
    Kind("photo-shadow", "a photo under a hard shadow", PHOTO, camera=SHADED),
    Kind("photo-curl", "a photo of curled paper", PHOTO, hope=Hope.DOUBT, passes=page_damage.curled),
    Kind("photo-fold", "a photo of a folded slip", PHOTO, hope=Hope.DOUBT, harm=_creased),
    Kind("photo-shaken", "a photo blurred by 6 to 28 px of motion", PHOTO, hope=Hope.DOUBT, camera=SHAKEN),
    Kind("photo-unfocused", "a photo out of focus", PHOTO, hope=Hope.DOUBT, camera=UNFOCUSED),
    Kind("photo-far", "a photo of 1,000 px", PHOTO, hope=Hope.DOUBT, camera=FAR),
    Kind("photo-tiny", "a photo of 520 px", PHOTO, hope=Hope.DOUBT, camera=TINY),
    Kind("photo-heic", "a photo as HEIC", PHOTO, suffix=".heic"),
)  # fmt: skip


def kind_named(name: str) -> Kind:
    """The kind of this name; UsageError lists what there is."""
    found = next((kind for kind in KINDS if kind.name == name), None)
    if found is None:
        raise UsageError(f'There is no paper "{name}"; there are: {", ".join(kind.name for kind in KINDS)}.')
    return found
